package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"vereda/survey/export"
	"vereda/survey/record"
	"vereda/sync/archive"
)

// attachments writes the files that the answers of a table name into a folder.
type attachments struct {
	archive *archive.Archive
	folder  string
	source  export.Source
	drafts  bool
	leave   func(record.Path) bool // answers whose files stay here

	wrote, awaited int
}

// writeFiles writes the files of the interviews that are exported, by the names that stand in the tables.
func (c *exportCommand) writeFiles(w *world, col *collector, e *export.Exporter) error {
	if c.Media == "" {
		return nil
	}
	if err := os.MkdirAll(c.Media, 0o755); err != nil {
		return err
	}
	a := &attachments{archive: col.archive, folder: c.Media, source: c.rows(col), drafts: c.Drafts, leave: func(record.Path) bool { return false }}
	if !c.Personal {
		a.leave = e.Personal
	}
	for _, repeat := range append([]record.Path{""}, e.Repeats()...) {
		if err := a.table(w, e.Form(), repeat); err != nil {
			return err
		}
	}
	fmt.Fprintf(w.err, "wrote %s to %s\n", count(a.wrote, "attachment"), c.Media)
	if a.awaited > 0 {
		fmt.Fprintf(w.err, "%s still on the way: they are with tablets or hubs, and an export after they came has them\n", count(a.awaited, "attachment"))
	}
	return nil
}

// table writes the files of one table.
func (a *attachments) table(ctx context.Context, id string, repeat record.Path) error {
	for row, err := range a.source.Rows(ctx, id, repeat) {
		if err != nil {
			return err
		}
		if !row.Final && !a.drafts {
			continue
		}
		for path, v := range row.Answers {
			if v.Kind() != record.File || a.leave(path) {
				continue
			}
			if err := a.write(ctx, row.Interview, v.String()); err != nil {
				return err
			}
		}
	}
	return nil
}

// write writes one file, under its name and never half.
func (a *attachments) write(ctx context.Context, interview uuid.UUID, name string) error {
	if name != filepath.Base(name) || strings.HasPrefix(name, ".") || strings.ContainsAny(name, `/\:`) {
		return fmt.Errorf("the attachment %q of interview %s has no name that a file could have", name, interview)
	}
	id, err := a.find(ctx, interview, name)
	if err != nil {
		return err
	}
	content, err := a.archive.OpenMedia(ctx, id)
	if errors.Is(err, archive.ErrNotFound) {
		a.awaited++
		return nil
	}
	if err != nil {
		return err
	}
	defer content.Close()
	f, err := os.CreateTemp(a.folder, ".part-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = io.Copy(f, content)
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	a.wrote++
	return os.Rename(f.Name(), filepath.Join(a.folder, name))
}

// find returns the hash of an interview's file; zero where nothing is known of it.
func (a *attachments) find(ctx context.Context, interview uuid.UUID, name string) (record.ID, error) {
	if id, ok := record.FileID(name); ok {
		return id, nil
	}
	story, err := a.archive.Story(ctx, interview)
	return story.Merged.Media[name].SHA256, err
}
