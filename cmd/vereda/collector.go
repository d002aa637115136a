package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"vereda/sync/archive"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// collector is an opened data folder: the archive, and who this collector is in its project.
type collector struct {
	archive *archive.Archive
	forms   *shelf
	identity
}

// identity is kept in the archive's setting "identity".
type identity struct {
	V           int                `json:"v"`
	Project     device.Project     `json:"project"`
	ProjectKey  []byte             `json:"project_key"`
	Key         []byte             `json:"key"`
	Certificate device.Certificate `json:"certificate"`
	TLSCert     []byte             `json:"tls_cert"` // PEM
	TLSKey      []byte             `json:"tls_key"`  // PEM
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

// startCollector opens the data folder, or makes it and a project in it.
func startCollector(w *world, dir, project string) (*collector, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	c, err := openArchive(w, dir)
	if err != nil {
		return nil, err
	}
	found, err := c.load(w)
	if err == nil && !found {
		err = c.found(w, project)
	}
	if err != nil {
		c.archive.Close()
		return nil, err
	}
	return c, nil
}

func openArchive(w *world, dir string) (*collector, error) {
	forms := newShelf()
	a, err := archive.Open(w, dir, archive.Options{Now: w.now, Shape: forms.shape, Rules: forms})
	if err != nil {
		return nil, err
	}
	if _, err := forms.all(w, a); err != nil {
		a.Close()
		return nil, err
	}
	return &collector{archive: a, forms: forms}, nil
}

// load reads the identity; false when there is none yet.
func (c *collector) load(ctx context.Context) (bool, error) {
	b, err := c.archive.Setting(ctx, "identity")
	if err != nil || b == nil {
		return false, err
	}
	return true, json.Unmarshal(b, &c.identity)
}

// found makes a new project with this collector in it.
func (c *collector) found(w *world, name string) error {
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
		V: 1, Project: id.String(), Device: own.Public(), Name: "collector", Role: device.Collector,
		From: now, Until: now.AddDate(10, 0, 0),
	})
	if err != nil {
		return err
	}
	cert, key, err := transfer.SelfSigned(w.random, now, []string{"localhost", "127.0.0.1", "::1"})
	if err != nil {
		return err
	}
	c.identity = identity{
		V: 1, Project: device.Project{ID: id.String(), Name: name, Key: project.Public()},
		ProjectKey: project.Marshal(), Key: own.Marshal(), Certificate: certificate, TLSCert: cert, TLSKey: key,
	}
	b, err := json.Marshal(c.identity)
	if err != nil {
		return err
	}
	return c.archive.SetSetting(w, "identity", b)
}

// transfer returns what the wire's handler needs to know of this collector.
func (c *collector) transfer(now func() time.Time) (transfer.Collector, error) {
	project, err := device.ParseKey(c.ProjectKey)
	if err != nil {
		return transfer.Collector{}, err
	}
	sealer, err := c.sealer()
	return transfer.Collector{Project: c.Project, ProjectKey: project, Sealer: sealer, Now: now}, err
}

func (c *collector) sealer() (batch.Sealer, error) {
	own, err := device.ParseKey(c.Key)
	return batch.Sealer{Project: c.Project.ID, Key: own, Certificate: c.Certificate}, err
}

// opener opens batches of this project.
func (c *collector) opener() batch.Opener {
	return batch.Opener{Project: c.Project.ID, ProjectKey: c.Project.Key, Dictionaries: c.archive.Dictionary}
}
