package tablet

import (
	crand "crypto/rand"
	"encoding/json"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"vereda/fyne-app/screen"
	"vereda/survey/store"
	"vereda/sync/device"
)

// projectRecovery is the setting of the whole project that holds the public key to which recovery codes are encrypted: a string of
// JSON, "age1…".
const projectRecovery = "recovery"

// guard keeps the store under a PIN. Its methods are called on the main goroutine.
type guard struct{ tablet *Tablet }

func means() store.Means { return store.Means{Now: time.Now, Random: crand.Reader} }

func (g guard) Protected() bool { return g.tablet.store.Protected() }
func (g guard) Locked() bool    { return g.tablet.store.Locked() }

func (g guard) Wait() time.Duration {
	wait, err := g.tablet.store.Wait(time.Now())
	if err != nil {
		return 0 // without a PIN; and what is wrong with the file, trying one says
	}
	return wait
}

// Lock ends sending, which needs what is locked, and forgets the key.
func (g guard) Lock() {
	g.tablet.courier.stop()
	g.tablet.store.Lock()
	g.tablet.key = device.Key{}
	g.tablet.forms.forget()
}

func (g guard) Unlock(pin string, done func(error)) {
	g.work(func() error { return g.tablet.store.Unlock(pin, means()) }, g.awake(done))
}

func (g guard) Protect(pin string, progress func(float64), done func(error)) {
	id := g.tablet.key.ID()
	g.work(func() error {
		err := g.tablet.store.Protect(pin, means(), onMain(progress))
		return errors.Join(err, g.tablet.settleRecovery(id))
	}, done)
}

func (g guard) Unprotect(pin string, progress func(float64), done func(error)) {
	g.work(func() error { return g.tablet.store.Unprotect(pin, means(), onMain(progress)) }, done)
}

func (g guard) Check(pin string, done func(error)) {
	g.work(func() error { return g.tablet.store.CheckPIN(pin, means()) }, done)
}

func (g guard) ChangePIN(old, pin string, done func(error)) {
	g.work(func() error { return g.tablet.store.ChangePIN(old, pin, means()) }, done)
}

func (g guard) Recoverable() bool { return g.tablet.recipient() != "" }

func (g guard) Request() (string, bool) {
	_, sealed, err := g.tablet.store.Recovery()
	return device.RecoveryRequest(sealed), err == nil
}

func (g guard) Mistyped(code string) error {
	_, err := recoveryCode(code)
	return err
}

func (g guard) Recover(code, pin string, done func(error)) {
	g.work(func() error {
		code, err := recoveryCode(code)
		if err != nil {
			return err
		}
		return g.tablet.store.Recover(code, pin, means())
	}, g.awake(done))
}

// recoveryCode reads a code as it was typed.
func recoveryCode(typed string) (string, error) {
	code, err := device.ParseRecoveryCode(typed)
	var text *device.TextError
	if errors.As(err, &text) {
		part := ""
		if text.Reason != device.WrongLength {
			part = text.Detail
		}
		return "", &screen.CodeError{Part: part}
	}
	return code, err
}

// work does something in the background: trying a PIN takes half a second.
func (g guard) work(do func() error, done func(error)) {
	go func() {
		err := do()
		fyne.Do(func() { done(err) })
	}()
}

// awake goes on, after a PIN was right, with what needs the store open, before the pages do.
func (g guard) awake(done func(error)) func(error) {
	return func(err error) {
		if err == nil {
			err = g.tablet.wake()
		}
		done(err)
	}
}

// onMain is progress, called on the main goroutine.
func onMain(progress func(float64)) func(float64) {
	return func(part float64) { fyne.Do(func() { progress(part) }) }
}

// wake reads what could not be read while the store was locked, and begins to send again.
func (t *Tablet) wake() error {
	key, err := ownKey(t.store)
	if err != nil {
		return err
	}
	t.key = key
	t.courier.tell(t.courier.resting(screen.Sync{Last: t.lastSent()}))
	if t.show != nil {
		t.courier.start(t.show)
	}
	go t.goOn(key.ID())
	return nil
}

// goOn brings to its end what was interrupted, and keeps the recovery up to date. What fails now is tried again after the next PIN.
func (t *Tablet) goOn(id device.ID) {
	_ = t.store.Resume(nil)
	_ = t.settleRecovery(id)
}

// recipient returns the public key of the project's coordinators for recovery codes; "" while none is known.
func (t *Tablet) recipient() string {
	value, err := t.store.ProjectSetting(projectRecovery)
	var recipient string
	if err != nil || json.Unmarshal(value, &recipient) != nil {
		return ""
	}
	return recipient
}

// settleRecovery makes a recovery code where there is none, or one for another recipient than the project's.
func (t *Tablet) settleRecovery(id device.ID) error {
	recipient := t.recipient()
	if recipient == "" || !t.store.Protected() {
		return nil
	}
	if now, _, err := t.store.Recovery(); err == nil && now == recipient {
		return nil
	}
	code, sealed, err := device.NewRecovery(id, recipient, crand.Reader)
	if err != nil {
		return err
	}
	return t.store.SetRecovery(code, recipient, sealed, means())
}
