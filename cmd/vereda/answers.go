package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"

	"vereda/survey/record"
)

// answers writes a ZIP file with what a stick would hold for the devices that sealed some batches: their receipts, and what is new for them.
func (c *collector) answers(ctx context.Context, w *world, batches []string, out io.Writer) error {
	s, err := c.stick(w, nil)
	if err != nil {
		return err
	}
	for _, text := range batches {
		id, err := record.ParseID(text)
		if err != nil {
			return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
		}
		raw, err := c.archive.Batch(ctx, id)
		if err != nil {
			return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
		}
		b, err := c.opener().Open(bytes.NewReader(raw))
		if err != nil {
			return err
		}
		if _, err := s.Receive(ctx, b); err != nil { // once more: it tells what the answer to it is
			return err
		}
	}
	folder := &zipFolder{zip.NewWriter(out)}
	if _, err := s.Answer(ctx, folder); err != nil {
		return err
	}
	return folder.zip.Close()
}

// zipFolder is a folder that is only written, into a ZIP file.
type zipFolder struct{ zip *zip.Writer }

func (z *zipFolder) List(string) (files, folders []string, err error) { return nil, nil, nil }

func (z *zipFolder) Open(name string) (io.ReadCloser, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func (z *zipFolder) Remove(string) error { return nil }

func (z *zipFolder) Write(name string, write func(io.Writer) error) error {
	f, err := z.zip.Create(name)
	if err != nil {
		return err
	}
	return write(f)
}
