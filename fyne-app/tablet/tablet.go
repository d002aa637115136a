// Package tablet is what the pages of the field app stand on: it joins the tablet's store and the way to the collector to what package
// screen asks for.
package tablet

import (
	crand "crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math/rand"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"vereda/fyne-app/screen"
	"vereda/survey/interview"
	"vereda/survey/store"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// The settings of the store that this package keeps.
const (
	settingKey        = "key"        // the device's private key
	settingMembership = "membership" // transfer.Membership as JSON
	settingName       = "name"       // of the person
	settingSent       = "sent"       // when everything was sent last, RFC 3339
)

// File is the name of the store's file in the data folder.
const File = "tablet.db"

// Tablet is an open store with all that works on it.
type Tablet struct {
	store   *store.Store
	key     device.Key
	forms   *forms
	courier *courier
	near    *neighbours
	show    func(screen.Sync) // of Start
}

// Open opens or makes the store in a folder, which must exist. Two programs cannot have it open: store.ErrLocked. A store with a PIN
// is locked until the pages have asked for it.
func Open(folder string) (*Tablet, error) {
	s, err := store.Open(filepath.Join(folder, File))
	if err != nil {
		return nil, err
	}
	t := &Tablet{store: s, forms: newForms(s)}
	if !s.Locked() {
		if t.key, err = ownKey(s); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	t.courier, t.near = newCourier(t), newNeighbours(t)
	return t, nil
}

// ownKey returns the device's key; it is made when the app starts for the first time.
func ownKey(s *store.Store) (device.Key, error) {
	b, err := s.Setting(settingKey)
	if err == nil {
		return device.ParseKey(b)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return device.Key{}, err
	}
	key, err := device.NewKey(crand.Reader)
	if err != nil {
		return device.Key{}, err
	}
	return key, s.SetSetting(settingKey, key.Marshal())
}

// Close stops sending and closes the store. Nothing of the app may run any more.
func (t *Tablet) Close() error {
	t.courier.stop()
	return t.store.Close()
}

// Start begins sending in the background. show is called on the main goroutine each time there is news.
// That of a store that is locked begins when it is unlocked.
func (t *Tablet) Start(show func(screen.Sync)) {
	if t.show = show; !t.store.Locked() {
		t.courier.start(show)
	}
}

// Ports returns what the pages need.
func (t *Tablet) Ports() screen.Tablet {
	return screen.Tablet{
		Shelf: t.store, Agenda: agenda{t}, Keeper: t.keeper(), Finisher: t.store, Memory: t.store, Questionnaires: t.forms,
		Album: album{t.store}, Courier: t.courier, Door: t, Stick: carrier{t}, Nearby: t.near, Saver: saver{t}, Guard: guard{t}, Clock: clock{}, Env: t.env, NewID: uuid.NewV7,
	}
}

// keeper keeps a form with the first interview that is begun with it, so that the interview can always be opened again.
func (t *Tablet) keeper() screen.Keeper { return keeper{t.store, t.forms} }

type keeper struct {
	*store.Store
	forms *forms
}

func (k keeper) Begin(i store.Interview) error {
	if err := k.forms.settle(i.Form, i.Version); err != nil {
		return err
	}
	return k.Store.Begin(i)
}

// env is the world around a new session: the real clock, and chance that cannot be foreseen.
func (t *Tablet) env() interview.Env {
	var seed [8]byte
	_, _ = crand.Read(seed[:]) // it never fails
	return interview.Env{
		Now:        time.Now,
		Random:     rand.New(rand.NewSource(int64(binary.LittleEndian.Uint64(seed[:])))),
		Device:     string(t.key.ID()),
		Enumerator: t.name(),
	}
}

func (t *Tablet) name() string {
	b, err := t.store.Setting(settingName)
	if err != nil {
		return ""
	}
	return string(b)
}

// membership returns the enrolment; false when there is none.
func (t *Tablet) membership() (transfer.Membership, bool) {
	var m transfer.Membership
	b, err := t.store.Setting(settingMembership)
	if err != nil || json.Unmarshal(b, &m) != nil {
		return m, false
	}
	return m, true
}

// renew keeps a membership that was renewed: the project has a new key.
func (t *Tablet) renew(m transfer.Membership) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return t.store.SetSetting(settingMembership, b)
}

// lastSent returns when everything was sent last; zero: never.
func (t *Tablet) lastSent() time.Time {
	b, err := t.store.Setting(settingSent)
	if err != nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, string(b))
	if err != nil {
		return time.Time{}
	}
	return at
}

// rememberSent keeps when everything was sent last. It is only shown: a disk too full to keep it costs nothing else.
func (t *Tablet) rememberSent(at time.Time) {
	_ = t.store.SetSetting(settingSent, []byte(at.Format(time.RFC3339)))
}
