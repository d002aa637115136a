package archive

import (
	"encoding/json"
	"errors"
	"slices"

	"vereda/survey/record"
	"vereda/sync/device"
)

// reading is an entry as far as it was understood.
type reading struct {
	id         record.ID
	entry      record.Entry
	revision   record.Revision
	form       record.FormVersion
	shape      Shape
	revocation record.Revocation
	verdict    record.Verdict
	assignment record.Assignment
	receipt    device.Receipt
	subject    []byte // of what was said
	reason     string // why it was not understood; "" when it was
	refused    string // why it is not even kept; "" when it is
}

// understand reads an entry. It touches no database, so that it can be done before the writer's turn.
func (a *Archive) understand(e record.Entry) reading {
	if e.Body == nil {
		e.Body = []byte{}
	}
	r := reading{entry: e}
	if e.Kind == record.KindRevision {
		r.readRevision()
		return r
	}
	r.id = e.ID()
	switch e.Kind {
	case record.KindForm:
		r.readForm(a.options.Shape)
	case record.KindRevocation:
		if json.Unmarshal(e.Body, &r.revocation) != nil || r.revocation.V != 1 || r.revocation.Device == "" {
			r.reason = ReasonUnreadable
		}
	case record.KindReceipt:
		r.readReceipt(a.options.Receipt)
	case record.KindRotation, record.KindCertificate:
		r.readKeys(a.options.Trust)
	default:
		r.readSaid()
	}
	return r
}

func (a *Archive) understandAll(entries []record.Entry) []reading {
	readings := make([]reading, len(entries))
	for i, e := range entries {
		readings[i] = a.understand(e)
	}
	return readings
}

// readSaid reads what coordinators say.
func (r *reading) readSaid() {
	var err error
	switch r.entry.Kind {
	case record.KindVerdict:
		r.verdict, err = record.ParseVerdict(r.entry.Body)
		r.subject = r.verdict.Interview[:]
	case record.KindAssignment:
		r.assignment, err = record.ParseAssignment(r.entry.Body)
		r.subject = r.assignment.Assignment[:]
	case record.KindSetting:
		var s record.Setting
		s, err = record.ParseSetting(r.entry.Body)
		r.subject = []byte(s.Name)
	case record.KindDuplicate:
		var d record.Duplicate
		d, err = record.ParseDuplicate(r.entry.Body)
		r.subject = slices.Concat(d.A[:], d.B[:])
	default:
		r.reason = ReasonUnknownKind
	}
	var problem *record.EntryError
	switch {
	case errors.As(err, &problem):
		r.reason = string(problem.Code)
	case err != nil:
		r.reason = ReasonUnreadable
	}
}

// readReceipt opens a receipt. One that the project did not sign is no receipt; one in a form that is not known here is kept.
func (r *reading) readReceipt(open func([]byte) (device.Receipt, error)) {
	if open == nil {
		r.reason = ReasonUnreadable
		return
	}
	var err error
	var problem *device.ReceiptError
	r.receipt, err = open(r.entry.Body)
	if err == nil {
		return
	}
	r.reason = ReasonUnreadable
	if errors.As(err, &problem) && problem.Reason == device.WrongSignature {
		r.refused = ReasonForged
	}
}

func (r *reading) readRevision() {
	var problem *record.RevisionError
	var err error
	r.revision, err = record.CheckRevision(r.entry.Body)
	if r.id = r.revision.ID; err != nil {
		r.id = r.entry.ID()
	}
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
