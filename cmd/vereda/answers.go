package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"strconv"

	"vereda/survey/record"
	"vereda/sync/stick"
)

// answers writes a ZIP file with what a stick would hold for the devices that sealed some batches, or that ask by the lists of what lies on a stick: their
// receipts, and what is new for them. It takes both once more as from a stick, which tells what the answer is.
func (c *collector) answers(ctx context.Context, w *world, batches []string, lists [][]byte, out io.Writer) error {
	s, err := c.stick(w, nil)
	if err != nil {
		return err
	}
	files, err := c.again(ctx, batches, lists)
	if err != nil {
		return err
	}
	from, err := stick.NewLoose(s.Sealer.Project, files)
	if err != nil {
		return err
	}
	if _, err := s.Take(ctx, from); err != nil {
		return err
	}
	to := &zipFolder{zip.NewWriter(out)}
	if _, err := s.Answer(ctx, to); err != nil {
		return err
	}
	return to.zip.Close()
}

// again returns batches as they lie in the archive, and lists, as files; fs.ErrNotExist for a batch that is not there.
func (c *collector) again(ctx context.Context, batches []string, lists [][]byte) (files []stick.File, err error) {
	for _, list := range lists {
		files = append(files, stick.File{Name: stick.ManifestName, Open: fromMemory(list)})
	}
	for i, text := range batches {
		id, err := record.ParseID(text)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
		}
		raw, err := c.archive.Batch(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
		}
		files = append(files, stick.File{Name: strconv.Itoa(i) + ".batch", Open: fromMemory(raw)})
	}
	return files, nil
}

func fromMemory(b []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
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
