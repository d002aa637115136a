package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"vereda/sync/batch"
	"vereda/sync/device"
)

// tabletBatch is `vereda tablet batch`.
type tabletBatch struct {
	tabletStore
	Out string `required:"" placeholder:"FILE" help:"The batch file to write."`
}

// What one batch file takes; the collector's limits are higher.
const (
	fileEntries = 10_000
	fileBytes   = 32 << 20
)

func (c *tabletBatch) Run(w *world) error {
	s, m, err := c.member(w)
	if err != nil {
		return err
	}
	defer s.Close()
	key, err := device.ParseKey(m.Key)
	if err != nil {
		return err
	}
	author, err := authorOf(m, w.now())
	if err != nil {
		return err
	}
	if _, err := s.Back(author, true); err != nil {
		return err
	}
	pending, err := s.Uncovered(fileEntries, fileBytes)
	if err != nil {
		return err
	}
	if len(pending) == 0 {
		return errors.New("nothing waits in this store's outbox; no file was written")
	}
	sealer := batch.Sealer{Project: m.Project.ID, Key: key, Certificate: m.Certificate}
	err = writeWhole(c.Out, func(f *os.File) error {
		id, err := sealer.Seal(f, pending, nil)
		if err != nil {
			return err
		}
		return s.Sealed(id, pending) // before the file has its name: a receipt may come back for it
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%s: %s\n", c.Out, entries(len(pending)))
	if left, err := s.Left(); err == nil && left > len(pending) {
		return outcome{exitPartly, fmt.Sprintf("%s more wait; import this file, send its receipts by a sync, and write another", entries(left-len(pending)))}
	}
	return nil
}

// writeWhole writes a file durably under its name, or leaves nothing behind.
func writeWhole(name string, write func(*os.File) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
