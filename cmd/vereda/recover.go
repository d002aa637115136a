package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"filippo.io/age"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/device"
)

// settingRecovery is the setting of the whole project that holds the public recovery key.
const settingRecovery = "recovery"

// deviceRecoveryKey is `vereda device recovery-key`.
type deviceRecoveryKey struct {
	Key  string `arg:"" help:"The file with the recovery key. It is made if there is none; keep it, and a copy, away from the collector."`
	Data string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *deviceRecoveryKey) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	key, err := recoveryKey(c.Key, w.now())
	if err != nil {
		return err
	}
	recipient := key.Recipient().String()
	if err := col.tellRecovery(w, recipient); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.out, "%s\n", recipient)
	fmt.Fprintf(w.err, "vereda: tablets learn this public key at their next sync; who holds %s can open those whose PIN is forgotten\n", c.Key)
	return err
}

// recoveryKey reads the key, and makes it where there is none.
func recoveryKey(name string, now time.Time) (*age.X25519Identity, error) {
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return newRecoveryKey(name, now)
	}
	if err != nil {
		return nil, err
	}
	identities, err := age.ParseIdentities(bytes.NewReader(b))
	if err == nil && len(identities) == 1 {
		if key, ok := identities[0].(*age.X25519Identity); ok {
			return key, nil
		}
	}
	return nil, fmt.Errorf("%s holds no recovery key; name a file that does not exist yet to make one", name)
}

func newRecoveryKey(name string, now time.Time) (*age.X25519Identity, error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	return key, writeWhole(name, func(f io.Writer) error {
		_, err := fmt.Fprintf(f, "# recovery key of a Vereda project, made %s\n# public key: %s\n%s\n", now.Format(time.RFC3339), key.Recipient(), key)
		return err
	})
}

// tellRecovery makes the public key a setting of the whole project, unless it is already.
func (c *collector) tellRecovery(w *world, recipient string) error {
	value, err := json.Marshal(recipient)
	if err != nil {
		return err
	}
	settings, err := c.archive.Settings(w)
	if err != nil {
		return err
	}
	own, err := device.ParseKey(c.Key)
	if err != nil {
		return err
	}
	said := record.Said{Device: string(own.ID()), At: w.now()}
	for _, s := range settings {
		if s.Name == settingRecovery {
			if bytes.Equal(s.Value, value) && !s.Disputed {
				return nil
			}
			said.After = s.Stands
		}
	}
	entry, err := record.Setting{Name: settingRecovery, Value: value, Said: said}.Entry()
	if err != nil {
		return err
	}
	return c.archive.Put(w, entry)
}

// deviceRecover is `vereda device recover`.
type deviceRecover struct {
	Request string `arg:"" help:"File with what the tablet shows: vereda://recover?… (- is standard input)."`
	Key     string `required:"" placeholder:"FILE" help:"The file with the project's recovery key."`
}

func (c *deviceRecover) Run(w *world) error {
	keys, err := os.Open(c.Key)
	if err != nil {
		return err
	}
	defer keys.Close()
	identities, err := age.ParseIdentities(keys)
	if err != nil {
		return fmt.Errorf("%s holds no recovery key (%w)", c.Key, err)
	}
	request, err := readFile(w, c.Request)
	if err != nil {
		return err
	}
	r, err := device.OpenRecovery(string(request), identities...)
	if err != nil {
		return err
	}
	fmt.Fprintf(w.err, "vereda: this opens device %s, once; before you tell it, make sure that who asks is who carries the tablet\n", r.Device)
	_, err = fmt.Fprintln(w.out, r.Code)
	return err
}

// recoveryRecipient returns the public recovery key that a tablet's store knows; "" while it knows none.
func recoveryRecipient(s *store.Store) (string, error) {
	value, err := s.ProjectSetting(settingRecovery)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var recipient string
	return recipient, json.Unmarshal(value, &recipient)
}
