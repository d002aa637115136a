// Package desk is the coordinator's desk: what people at a collector say about interviews, assignments, duplicates and the project becomes
// entries here, each in knowledge of what was said before. The dashboard and the commands say it the same way. docs/coordination.md tells what
// coordinators can do.
package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
)

// Archive is what the desk reads and writes: a collector's archive. What it returns where there is no such thing is ErrNotFound or an error with
// the Code() "not-found".
type Archive interface {
	Story(ctx context.Context, interview uuid.UUID) (fieldwork.Story, error)
	Merged(ctx context.Context, interviews ...uuid.UUID) ([]record.Merged, error)
	Assignment(ctx context.Context, id uuid.UUID) (fieldwork.Assignment, error)
	Devices(ctx context.Context) ([]fieldwork.Device, error)
	Settings(ctx context.Context) ([]fieldwork.Setting, error)
	Decisions(ctx context.Context) ([]fieldwork.Decision, error)

	Put(ctx context.Context, entries ...record.Entry) error
	// PutKnowing fails with an error whose Code() is "changed", and stores nothing, when the interview has another number of revisions.
	PutKnowing(ctx context.Context, interview uuid.UUID, revisions int, entries ...record.Entry) error
}

// Desk turns what people say into entries. Safe for concurrent use, as far as its parts are.
type Desk struct {
	Archive Archive
	Forms   func(ctx context.Context) ([]*form.Form, error) // published versions, those of one form together, the newest first
	Device  string                                          // this collector's own: it seals what is said here
	Name    string                                          // what this collector is called
	Now     func() time.Time
}

// ErrChanged is returned where somebody else was faster: what was shown is not what there is now. Nothing was stored.
var ErrChanged = errors.New("desk: it has changed since it was shown; look at it again")

// ErrNotFound is returned for an interview, assignment or device that is not there.
var ErrNotFound = fmt.Errorf("desk: not found: %w", fs.ErrNotExist)

// coded maps an archive's error to this package's.
func coded(err error) error {
	var c interface{ Code() string }
	if !errors.As(err, &c) {
		return err
	}
	switch c.Code() {
	case "changed":
		return ErrChanged
	case "not-found":
		return ErrNotFound
	}
	return err
}

// said begins a statement.
func (d *Desk) said(by string, after []record.ID) record.Said {
	return record.Said{By: by, Device: d.Device, At: d.Now(), After: after}
}

// Mark is a short text for all that is known of an interview: a page carries it, so that what is said on it can be refused when there is more.
func Mark(s fieldwork.Story) string {
	sum := sha256.New()
	for _, step := range s.Steps {
		sum.Write(step.Revision.ID[:])
	}
	for _, v := range s.Verdicts {
		sum.Write(v.ID[:])
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// story reads an interview; seen is the Mark of what was shown, "" for whatever there is now.
func (d *Desk) story(ctx context.Context, interview uuid.UUID, seen string) (fieldwork.Story, error) {
	s, err := d.Archive.Story(ctx, interview)
	if err != nil {
		return s, coded(err)
	}
	if seen != "" && seen != Mark(s) {
		return s, ErrChanged
	}
	return s, nil
}

// form returns a version of a form, the newest where it is not published, nil where none is.
func (d *Desk) form(ctx context.Context, id, version string) (*form.Form, error) {
	forms, err := d.Forms(ctx)
	if err != nil {
		return nil, err
	}
	of := func(f *form.Form) bool { return f.ID == id }
	if i := slices.IndexFunc(forms, func(f *form.Form) bool { return of(f) && f.Version == version }); i >= 0 {
		return forms[i], nil
	}
	if i := slices.IndexFunc(forms, of); i >= 0 {
		return forms[i], nil
	}
	return nil, nil
}
