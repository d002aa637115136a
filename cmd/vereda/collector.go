package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/sync/archive"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// collector is an opened data folder: the archive, and who this collector is in its project.
type collector struct {
	archive *archive.Archive
	forms   *shelf
	trust   *device.Trust // whose signatures count
	turned  turned
	proxied bool // a proxy stands before it
	identity
}

// identity is kept in the archive's setting "identity".
type identity struct {
	V           int                `json:"v"`
	Project     device.Project     `json:"project"`
	ProjectKey  []byte             `json:"project_key,omitempty"` // of the central collector only; a hub has none
	Key         []byte             `json:"key"`
	Certificate device.Certificate `json:"certificate"`
	TLSCert     []byte             `json:"tls_cert"` // PEM
	TLSKey      []byte             `json:"tls_key"`  // PEM

	Rotations [][]byte             `json:"rotations,omitempty"` // changes of the project's key; Project.Key and ProjectKey are of the last
	Before    []device.Certificate `json:"before,omitempty"`    // by former keys, the latest first
}

// errNoCollector says that a folder holds no collector's data.
var errNoCollector = errors.New("no collector's data")

// openCollector opens the data folder of a collector that was started before.
func openCollector(w *world, dir string) (*collector, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("%w in %s: name its folder with --data, or start a collector with `vereda serve --data %s`", errNoCollector, dir, dir)
	}
	c, err := openArchive(w, dir)
	if err != nil {
		return nil, err
	}
	found, err := c.load(w)
	if err == nil && !found {
		err = fmt.Errorf("%w in %s: start a collector with `vereda serve --data %s`", errNoCollector, dir, dir)
	}
	if err != nil {
		c.archive.Close()
		return nil, err
	}
	return c, nil
}

// startCollector opens the data folder, or makes it; begin then makes a project in it, or joins one.
func startCollector(w *world, dir string, begin func(*collector) error) (*collector, error) {
	_, missing := os.Stat(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	c, err := openArchive(w, dir)
	if err != nil {
		return nil, err
	}
	found, err := c.load(w)
	if err == nil && !found {
		err = begin(c)
	}
	if err != nil {
		c.archive.Close()
		if errors.As(err, new(usage)) && errors.Is(missing, fs.ErrNotExist) {
			os.RemoveAll(dir) // nothing came of it
		}
		return nil, err
	}
	return c, nil
}

func openArchive(w *world, dir string) (*collector, error) {
	c := &collector{forms: newShelf(), trust: new(device.Trust)}
	a, err := archive.Open(w, dir, archive.Options{Now: w.now, Random: w.random, Shape: c.forms.shape, Rules: c.forms,
		Seal: c.seal, Trust: c.trust, Acknowledge: c.acknowledge, AcknowledgeMedia: c.acknowledgeMedia, Receipt: c.openReceipt})
	if err != nil {
		return nil, err
	}
	c.forms.files.open = a.OpenMedia
	if _, err := c.forms.all(w, a); err != nil {
		a.Close()
		return nil, err
	}
	c.archive = a
	return c, nil
}

// load reads the identity; false when there is none yet.
func (c *collector) load(ctx context.Context) (bool, error) {
	b, err := c.archive.Setting(ctx, "identity")
	if err != nil || b == nil {
		return false, err
	}
	if err := json.Unmarshal(b, &c.identity); err != nil {
		return true, err
	}
	c.turned.last = b
	return true, c.trust.Begin(c.Project, c.Rotations...)
}

// found makes a new project with this collector in it.
func (c *collector) found(w *world, name, called string) error {
	if called == "" {
		called = "collector"
	}
	id, err := uuid.NewRandomFromReader(w.random)
	if err != nil {
		return err
	}
	project, err := device.NewKey(w.random)
	if err != nil {
		return err
	}
	own, err := device.NewKey(w.random)
	if err != nil {
		return err
	}
	now := w.now()
	certificate, err := device.Issue(project, device.Claims{
		V: 1, Project: id.String(), Device: own.Public(), Name: called, Role: device.Collector,
		From: now, Until: now.AddDate(10, 0, 0),
	})
	if err != nil {
		return err
	}
	c.identity = identity{
		V: 1, Project: device.Project{ID: id.String(), Name: name, Key: project.Public()},
		ProjectKey: project.Marshal(), Key: own.Marshal(), Certificate: certificate,
	}
	return c.keepIdentity(w)
}

// keepIdentity makes a certificate for TLS and keeps who this collector is.
func (c *collector) keepIdentity(w *world) (err error) {
	if c.TLSCert, c.TLSKey, err = transfer.SelfSigned(w.random, w.now(), []string{"localhost", "127.0.0.1", "::1"}); err != nil {
		return err
	}
	b, err := json.Marshal(c.identity)
	if err != nil {
		return err
	}
	if err := c.archive.SetSetting(w, "identity", b); err != nil {
		return err
	}
	c.turned.last = b
	return c.trust.Begin(c.Project, c.Rotations...)
}

// central reports whether this is the project's central collector: who has its private key.
func (c *collector) central() bool { return len(c.keys().ProjectKey) > 0 }

// projectKey returns the project's private key; zero on a hub.
func (c *collector) projectKey() (device.Key, error) {
	key := c.keys().ProjectKey
	if len(key) == 0 {
		return device.Key{}, nil
	}
	return device.ParseKey(key)
}

// seal makes a batch of entries that this collector's own people made.
func (c *collector) seal(entries []record.Entry) (*batch.Batch, error) {
	sealer, err := c.sealer()
	if err != nil {
		return nil, err
	}
	var raw bytes.Buffer
	if _, err := sealer.Seal(&raw, entries, nil); err != nil {
		return nil, err
	}
	return c.opener().Open(&raw)
}

// acknowledge makes the entry with the central collector's receipt; none on a hub.
func (c *collector) acknowledge(archive string, from device.ID, id record.ID, receipts []record.Receipt) (record.Entry, error) {
	key, err := c.projectKey()
	if err != nil || key.IsZero() {
		return record.Entry{}, err
	}
	statement, err := device.SignReceipt(key, transfer.Acknowledgement(archive, from, id, receipts))
	return record.Entry{Kind: record.KindReceipt, Body: statement}, err
}

func (c *collector) openReceipt(statement []byte) (device.Receipt, error) {
	return c.trust.OpenOldReceipt(statement)
}

// transfer returns what the wire's handler needs to know of this collector.
func (c *collector) transfer(now func() time.Time) (transfer.Collector, error) {
	project, err := c.projectKey()
	if err != nil {
		return transfer.Collector{}, err
	}
	claims, _, err := c.trust.Open(c.keys().Certificate)
	if err != nil {
		return transfer.Collector{}, err
	}
	sealer, err := c.sealer()
	if err != nil {
		return transfer.Collector{}, err
	}
	return c.takeFiles(transfer.Collector{Project: c.keys().Project, ProjectKey: project, Sealer: sealer, Name: claims.Name, Now: now,
		Trust: c.trust, Certificate: c.archive.Certificate})
}

func (c *collector) sealer() (batch.Sealer, error) {
	own, err := device.ParseKey(c.Key)
	return batch.Sealer{Project: c.Project.ID, Key: own, Certificate: c.keys().Certificate}, err
}

// opener opens batches of this project.
func (c *collector) opener() batch.Opener {
	return batch.Opener{Project: c.Project.ID, Trust: c.trust, Dictionaries: c.archive.Dictionary}
}
