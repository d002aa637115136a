package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"vereda/survey/store"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/stick"
)

// tabletBatch is `vereda tablet batch`.
type tabletBatch struct {
	tabletStore
	Out string `required:"" placeholder:"DIR" help:"The folder to write to, such as a stick's; or one batch file, when it ends with .batch."`
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
	author, err := authorOf(m, w.now())
	if err != nil {
		return err
	}
	if _, err := s.Back(author, true); err != nil {
		return err
	}
	if !strings.HasSuffix(c.Out, ".batch") {
		return c.folder(w, s)
	}
	key, err := device.ParseKey(m.Key)
	if err != nil {
		return err
	}
	return c.file(w, s, batch.Sealer{Project: m.Project.ID, Key: key, Certificate: m.Certificate})
}

// folder writes everything onto a stick.
func (c *tabletBatch) folder(w *world, s *store.Store) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	disk, err := folderOf(c.Out)
	if err != nil {
		return err
	}
	t, err := tabletStick(w, s)
	if err != nil {
		return err
	}
	done, err := t.Write(disk)
	if err != nil {
		return err
	}
	plain := "encrypted to the coordinators"
	if len(t.Recipients) == 0 {
		plain = "not encrypted"
	}
	_, err = fmt.Fprintf(w.out, "%s of %s in %s, %s; %d bytes, %s\n", entries(done.Entries), count(done.Interviews, "interview"), count(done.Files, "file"),
		count(done.Media, "photo or other file"), done.Bytes, plain)
	return err
}

// file writes one batch file.
func (c *tabletBatch) file(w *world, s *store.Store, sealer batch.Sealer) error {
	pending, err := s.Uncovered(fileEntries, fileBytes)
	if err != nil {
		return err
	}
	if len(pending) == 0 {
		return errors.New("nothing waits in this store's outbox; no file was written")
	}
	err = writeWhole(c.Out, func(f io.Writer) error {
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
		return outcome{exitPartly, fmt.Sprintf("%s more wait; write them all with --out and a folder's name", entries(left-len(pending)))}
	}
	return nil
}

// tabletRead is `vereda tablet read`.
type tabletRead struct {
	tabletStore
	Folder string `arg:"" help:"The folder, such as a stick's, that a collector has written its answers to."`
}

func (c *tabletRead) Run(w *world) error {
	s, _, err := c.member(w)
	if err != nil {
		return err
	}
	defer s.Close()
	disk, err := folderOf(c.Folder)
	if err != nil {
		return err
	}
	t, err := tabletStick(w, s)
	if err != nil {
		return err
	}
	a, failure := t.Read(disk)
	for _, d := range a.Damaged {
		fmt.Fprintf(w.err, "vereda: %s: %s\n", d.File, sentence(d.Err))
	}
	if failure != nil {
		return failure
	}
	if a.Renewals > 0 {
		fmt.Fprintln(w.err, "the project has a new key; this tablet goes by it now")
	}
	left, err := s.Left()
	if err != nil {
		return err
	}
	if len(a.Collectors) == 0 && len(a.Damaged) == 0 {
		fmt.Fprintf(w.out, "%s: no answer to this tablet\n", c.Folder)
	} else {
		fmt.Fprintf(w.out, "answers of %s: %s, %s, %s; %s left\n", strings.Join(a.Collectors, ", "), count(a.Covered, "central receipt"), count(a.Relayed, "receipt")+" of hubs",
			count(a.Received, "thing")+" new", entries(left))
	}
	return notTaken(len(a.Damaged), len(a.Damaged))
}

// writeWhole writes a file durably under its name, or leaves nothing behind.
func writeWhole(name string, write func(io.Writer) error) error {
	if _, err := os.Stat(filepath.Dir(name)); err != nil {
		return err
	}
	return stick.Disk(filepath.Dir(name)).Write(filepath.Base(name), write)
}
