package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"vereda/survey/store"
	"vereda/survey/store/seal"
	"vereda/sync/device"
)

// tabletStore is what commands about a tablet's store take.
type tabletStore struct {
	Store   string `arg:"" type:"existingfile" help:"The store file."`
	PINFile string `name:"pin-file" placeholder:"FILE" help:"File with the PIN, of a store that has one (- is standard input)."`
}

// open opens the store, with its PIN where it has one.
func (c *tabletStore) open(w *world) (*store.Store, error) {
	s, err := store.Open(c.Store)
	if err != nil || !s.Locked() {
		return s, err
	}
	pin, err := c.pin(w)
	if err == nil {
		err = waitForTry(w, s)
	}
	if err == nil {
		err = s.Unlock(pin, w.means())
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// waitForTry waits until the next PIN is tried: the wait counts only while a program has the store open.
func waitForTry(w *world, s *store.Store) error {
	wait, err := s.Wait(w.now())
	if err != nil || wait <= 0 {
		return err
	}
	fmt.Fprintf(w.err, "vereda: too many wrong PINs; the next one is tried in %s\n", wait.Round(time.Second))
	pause := time.NewTimer(wait)
	defer pause.Stop()
	select {
	case <-w.Done():
		return w.Err()
	case <-pause.C:
		return nil
	}
}

// errNoPIN says that a store is encrypted and no PIN was given.
var errNoPIN = errors.New("this store is encrypted: put its PIN into a file and name it with --pin-file")

func (c *tabletStore) pin(w *world) (string, error) {
	if c.PINFile == "" {
		return "", errNoPIN
	}
	b, err := readFile(w, c.PINFile)
	return strings.TrimSpace(string(b)), err
}

func (w *world) means() store.Means { return store.Means{Now: w.now, Random: w.random} }

// tabletProtect is `vereda tablet protect`.
type tabletProtect struct{ tabletStore }

func (c *tabletProtect) Run(w *world) error {
	pin, err := c.pin(w)
	if err != nil {
		return errors.New("name a file with the new PIN by --pin-file")
	}
	s, err := store.Open(c.Store)
	if err != nil {
		return err
	}
	defer s.Close()
	if s.Locked() { // again: one that was interrupted goes on
		if err = waitForTry(w, s); err == nil {
			err = s.Unlock(pin, w.means())
		}
		if err == nil {
			err = s.Resume(nil)
		}
	} else {
		err = s.Protect(pin, w.means(), nil)
	}
	if err != nil {
		return err
	}
	helped, err := makeRecovery(w, s)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w.out, "the interviews are encrypted under the PIN")
	if !helped {
		fmt.Fprintln(w.err, "vereda: this store knows no recovery key of its project: without the PIN nobody can open it")
	}
	return err
}

// makeRecovery makes a recovery code of a store that knows its project's recovery key, and has none yet.
func makeRecovery(w *world, s *store.Store) (bool, error) {
	recipient, err := recoveryRecipient(s)
	if err != nil || recipient == "" {
		return false, err
	}
	if now, _, err := s.Recovery(); err == nil && now == recipient {
		return true, nil
	}
	m, err := membershipOf(s)
	if err != nil {
		return false, err
	}
	key, err := device.ParseKey(m.Key)
	if err != nil {
		return false, err
	}
	code, sealed, err := device.NewRecovery(key.ID(), recipient, w.random)
	if err != nil {
		return false, err
	}
	return true, s.SetRecovery(code, recipient, sealed, w.means())
}

// tabletUnprotect is `vereda tablet unprotect`.
type tabletUnprotect struct{ tabletStore }

func (c *tabletUnprotect) Run(w *world) error {
	s, err := store.Open(c.Store)
	if err != nil {
		return err
	}
	defer s.Close()
	pin, err := c.pin(w)
	if err == nil && s.Protected() {
		err = waitForTry(w, s)
	}
	if err == nil {
		err = s.Unprotect(pin, w.means(), nil)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w.out, "the interviews are no longer encrypted")
	return err
}

// tabletRecover is `vereda tablet recover`.
type tabletRecover struct {
	tabletStore
	CodeFile string `name:"code-file" placeholder:"FILE" help:"File with the code that a coordinator told; without it, what the coordinator needs is printed."`
}

func (c *tabletRecover) Run(w *world) error {
	s, err := store.Open(c.Store)
	if err != nil {
		return err
	}
	defer s.Close()
	if c.CodeFile == "" {
		_, sealed, err := s.Recovery()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(w.out, device.RecoveryRequest(sealed))
		return err
	}
	b, err := readFile(w, c.CodeFile)
	if err != nil {
		return err
	}
	code, err := device.ParseRecoveryCode(strings.TrimSpace(string(b)))
	if err != nil {
		return err
	}
	pin, err := c.pin(w)
	if err != nil {
		return errors.New("name a file with the new PIN by --pin-file")
	}
	if err := waitForTry(w, s); err != nil {
		return err
	}
	if err := s.Recover(code, pin, w.means()); err != nil {
		return err
	}
	if _, err := makeRecovery(w, s); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w.out, "the store opens with the new PIN")
	return err
}

// pinSentence says an error about a PIN to a person; "" of other errors.
func pinSentence(err error) string {
	for _, known := range []struct {
		is   error
		text string
	}{
		{store.ErrSealed, errNoPIN.Error()},
		{store.ErrProtected, "this store has a PIN already"},
		{store.ErrOpen, "this store has no PIN"},
		{seal.ErrDigits, "a PIN has 4 to 12 digits"},
		{seal.ErrNoCode, "this store knew no recovery key when its PIN was made: it opens with the PIN alone"},
		{device.ErrOtherKey, "this request was made for another recovery key"},
	} {
		if errors.Is(err, known.is) {
			return known.text
		}
	}
	var pin *store.PINError
	if !errors.As(err, &pin) {
		return ""
	}
	text := "the PIN or the code is wrong"
	if !pin.Wrong {
		text = "too many wrong PINs"
	}
	if pin.Wait > 0 {
		text += fmt.Sprintf("; the next try has to wait %s", pin.Wait.Round(time.Second))
	}
	return text
}
