package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Format is a file format.
type Format string

// The formats.
const (
	CSV     Format = "csv"
	XLSX    Format = "xlsx"
	GeoJSON Format = "geojson"
)

// Formats are all formats.
var Formats = []Format{CSV, XLSX, GeoJSON}

// WriteFiles writes the export to files and returns their names: path, and for CSV beside it "<base>-<repeat>.csv" for each
// repeat. Files appear whole, the one at path last; after a failure no new file is left behind, and an older file at path is
// as it was.
func (e *Exporter) WriteFiles(ctx context.Context, path string, format Format, src Source) ([]string, error) {
	var s staged
	err := e.stage(ctx, &s, path, format, src)
	if err == nil {
		err = s.publish()
	}
	if err != nil {
		return nil, errors.Join(err, s.discard())
	}
	return s.names(), nil
}

func (e *Exporter) stage(ctx context.Context, s *staged, path string, format Format, src Source) error {
	switch format {
	case CSV:
		ext := filepath.Ext(path)
		base := strings.TrimSuffix(path, ext)
		for _, t := range e.tables[1:] {
			err := s.write(t.fileName(base, ext), func(w io.Writer) error { return e.writeCSV(ctx, w, src, t) })
			if err != nil {
				return err
			}
		}
		return s.write(path, func(w io.Writer) error { return e.writeCSV(ctx, w, src, e.main()) })
	case XLSX:
		return s.write(path, func(w io.Writer) error { return e.WriteXLSX(ctx, w, src) })
	case GeoJSON:
		return s.write(path, func(w io.Writer) error { return e.WriteGeoJSON(ctx, w, src) })
	}
	return fmt.Errorf("export: unknown format %q", format)
}

// staged is files that have been written beside their final names.
type staged struct{ files []stagedFile }

type stagedFile struct {
	temp, final string
	fresh       bool // published where no file was before
}

func (s *staged) names() []string {
	var names []string
	for i := range s.files {
		names = append(names, s.files[len(s.files)-1-i].final)
	}
	return names
}

// write makes a file beside its final name, durable.
func (s *staged) write(final string, fill func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(final), ".vereda-export-*")
	if err != nil {
		return err
	}
	s.files = append(s.files, stagedFile{temp: f.Name(), final: final})
	err = fill(f)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// publish gives files their final names, in the order they were written.
func (s *staged) publish() error {
	for i := range s.files {
		f := &s.files[i]
		_, err := os.Lstat(f.final)
		f.fresh = errors.Is(err, os.ErrNotExist)
		if err := os.Rename(f.temp, f.final); err != nil {
			f.fresh = false
			return err
		}
		f.temp = ""
	}
	return nil
}

// discard removes what a failure leaves: files not yet published, and published ones that were not there before.
func (s *staged) discard() error {
	var errs []error
	for _, f := range s.files {
		if f.temp != "" {
			errs = append(errs, os.Remove(f.temp))
		} else if f.fresh {
			errs = append(errs, os.Remove(f.final))
		}
	}
	return errors.Join(errs...)
}
