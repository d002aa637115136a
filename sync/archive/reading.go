package archive

import (
	"encoding/json"
	"errors"

	"vereda/survey/record"
)

// reading is an entry as far as it was understood.
type reading struct {
	id         record.ID
	entry      record.Entry
	revision   record.Revision
	form       record.FormVersion
	shape      Shape
	revocation record.Revocation
	reason     string // why it was not understood; "" when it was
}

// understand reads an entry. It touches no database, so that it can be done before the writer's turn.
func (a *Archive) understand(e record.Entry) reading {
	if e.Body == nil {
		e.Body = []byte{}
	}
	r := reading{id: e.ID(), entry: e}
	switch e.Kind {
	case record.KindRevision:
		r.readRevision()
	case record.KindForm:
		r.readForm(a.options.Shape)
	case record.KindRevocation:
		if json.Unmarshal(e.Body, &r.revocation) != nil || r.revocation.V != 1 || r.revocation.Device == "" {
			r.reason = ReasonUnreadable
		}
	default:
		r.reason = ReasonUnknownKind
	}
	return r
}

func (r *reading) readRevision() {
	var problem *record.RevisionError
	var err error
	r.revision, err = record.ParseRevision(r.entry.Body)
	switch {
	case errors.As(err, &problem):
		r.reason = string(problem.Code)
	case err != nil:
		r.reason = ReasonUnreadable
	}
}

func (r *reading) readForm(shape func(record.FormVersion) (Shape, error)) {
	f := &r.form
	if json.Unmarshal(r.entry.Body, f) != nil || f.V != 1 || f.Form == "" {
		r.reason = ReasonUnreadable
		return
	}
	if shape == nil {
		r.reason = ReasonUnreadableForm
		return
	}
	var err error
	if r.shape, err = shape(*f); err != nil {
		r.reason = ReasonUnreadableForm
	}
}

// author returns the device an entry is about: who wrote the revision, else who sent it.
func (r *reading) author(sender string) string {
	if r.isRevision() {
		return r.revision.Device
	}
	return sender
}

// isRevision reports whether the entry is a revision that was understood.
func (r *reading) isRevision() bool { return r.entry.Kind == record.KindRevision && r.reason == "" }
