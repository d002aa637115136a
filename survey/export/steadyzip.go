package export

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// steadyZip is a ZIP whose files come out in the order of their names and without times. excelize hands over sheets in the order of a map.
// Files are kept compressed until Close.
type steadyZip struct {
	w     io.Writer
	files []*steadyFile
}

func newSteadyZip(w io.Writer) *steadyZip { return &steadyZip{w: w} }

// steadyFile is a compressed file.
type steadyFile struct {
	header  zip.FileHeader
	packed  bytes.Buffer
	deflate *flate.Writer
}

// Create returns where to write a file. It is done when the next one is created or the ZIP closed.
func (z *steadyZip) Create(name string) (io.Writer, error) {
	if err := z.finish(); err != nil {
		return nil, err
	}
	f := &steadyFile{header: zip.FileHeader{Name: name, Method: zip.Deflate}}
	var err error
	if f.deflate, err = flate.NewWriter(&f.packed, flate.DefaultCompression); err != nil {
		return nil, err
	}
	z.files = append(z.files, f)
	return f, nil
}

func (f *steadyFile) Write(p []byte) (int, error) {
	f.header.CRC32 = crc32.Update(f.header.CRC32, crc32.IEEETable, p)
	f.header.UncompressedSize64 += uint64(len(p))
	return f.deflate.Write(p)
}

func (z *steadyZip) finish() error {
	if len(z.files) == 0 {
		return nil
	}
	last := z.files[len(z.files)-1]
	err := last.deflate.Close()
	last.header.CompressedSize64 = uint64(last.packed.Len())
	return err
}

// AddFS is part of excelize's interface; excelize does not call it when it saves a workbook.
func (z *steadyZip) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes the ZIP.
func (z *steadyZip) Close() error {
	if err := z.finish(); err != nil {
		return err
	}
	slices.SortFunc(z.files, func(a, b *steadyFile) int { return strings.Compare(a.header.Name, b.header.Name) })
	out := zip.NewWriter(z.w)
	for _, f := range z.files {
		w, err := out.CreateRaw(&f.header)
		if err != nil {
			return err
		}
		if _, err := f.packed.WriteTo(w); err != nil {
			return err
		}
	}
	return out.Close()
}
