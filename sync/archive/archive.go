// Package archive is the collector's database. Entries are stored as they came; merged interviews and the answers in columns are made from them.
package archive

import (
	"context"
	"iter"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// Archive is an open database. Safe for concurrent use.
type Archive struct{}

// Options are what an archive needs from outside.
type Options struct {
	Now   func() time.Time
	Shape func(record.FormVersion) (Shape, error) // reads a form version; an error quarantines it
	Rules Rules                                   // nil: none
}

// Rules runs the form's rules over merged answers.
type Rules interface {
	Review(form, version string, answers record.Answers) (name string, flags []fieldwork.Flag)
}

// Shape is what the archive needs to know of a form version to lay its answers in columns.
type Shape struct {
	Form, Version, Title string
	Columns              []Column // in form order
	Repeats              []Repeat // nested ones after those they lie in
	Dictionary           []byte
}

// Column is a question outside or inside a repeat.
type Column struct {
	Path record.Path // generic
	Kind record.Kind
}

// Repeat has a table of its own.
type Repeat struct {
	Path    record.Path
	Columns []Column
}

// Open opens or makes the database: a folder for SQLite.
func Open(ctx context.Context, dir string, o Options) (*Archive, error) { panic("stub") }

// Close waits for what is under way and closes.
func (a *Archive) Close() error { panic("stub") }

// Receive stores the entries of a verified batch, once each, in one transaction; it returns after the commit, a receipt per entry in their order. via is "network", "file" or "hub".
func (a *Archive) Receive(ctx context.Context, b *batch.Batch, via string) ([]record.Receipt, error) {
	panic("stub")
}

// Settle brings merged interviews and columns up to date with the entries. Readers call it themselves.
func (a *Archive) Settle(ctx context.Context) error { panic("stub") }

// Reindex makes everything again from the entries.
func (a *Archive) Reindex(ctx context.Context) error { panic("stub") }

// Since returns entries that concern a device and come after the cursor, at most n and about size bytes, and the cursor behind them.
func (a *Archive) Since(ctx context.Context, to device.Claims, cursor uint64, n, size int) ([]record.Entry, uint64, error) {
	panic("stub")
}

// Publish stores a form version signed by nobody but this collector. It fails when the version exists with other bytes.
func (a *Archive) Publish(ctx context.Context, f record.FormVersion) error { panic("stub") }

// FormVersions lists published versions with Source; Dictionary returns the dictionary with an ID.
func (a *Archive) FormVersions(ctx context.Context) ([]record.FormVersion, error) { panic("stub") }
func (a *Archive) Dictionary(id uint32) *batch.Dictionary                         { panic("stub") }

// Settings of the collector: project, keys, secrets.
func (a *Archive) Setting(ctx context.Context, name string) ([]byte, error)        { panic("stub") }
func (a *Archive) SetSetting(ctx context.Context, name string, value []byte) error { panic("stub") }

// Invite keeps an invitation code for n devices until a time; Redeem uses it up by one; devices that enrolled are kept by Enrol.
func (a *Archive) Invite(ctx context.Context, code string, role device.Role, uses int, until time.Time) error {
	panic("stub")
}
func (a *Archive) Redeem(ctx context.Context, code string, d device.Claims) error { panic("stub") }
func (a *Archive) Invited(ctx context.Context, code string) (device.Role, error)  { panic("stub") }

// Revoke stops what a device sends next. Standing returns nil, ErrRevoked or ErrUnknownDevice.
func (a *Archive) Revoke(ctx context.Context, id device.ID) error   { panic("stub") }
func (a *Archive) Standing(ctx context.Context, id device.ID) error { panic("stub") }

// Met notes an exchange: when, and what the device's clock said.
func (a *Archive) Met(ctx context.Context, id device.ID, clock time.Time) error { panic("stub") }

// What coordinators read.
func (a *Archive) Interviews(ctx context.Context, f fieldwork.Filter) ([]fieldwork.Interview, error) {
	panic("stub")
}
func (a *Archive) Total(ctx context.Context, f fieldwork.Filter) (int, error) { panic("stub") }
func (a *Archive) Story(ctx context.Context, interview uuid.UUID) (fieldwork.Story, error) {
	panic("stub")
}
func (a *Archive) Devices(ctx context.Context) ([]fieldwork.Device, error) { panic("stub") }
func (a *Archive) Conflicts(ctx context.Context, form string) ([]fieldwork.Conflict, error) {
	panic("stub")
}
func (a *Archive) Quarantine(ctx context.Context) ([]fieldwork.Aside, error) { panic("stub") }
func (a *Archive) Counts(ctx context.Context) ([]fieldwork.Count, error)     { panic("stub") }

// Rows yields a table of answers in columns: interviews in the order of their IDs, or the instances of a repeat. See fieldwork.Row.
func (a *Archive) Rows(ctx context.Context, form string, repeat record.Path) iter.Seq2[fieldwork.Row, error] {
	panic("stub")
}
