// Package export turns interviews into tables: CSV, XLSX and GeoJSON. A form gives a main table, with a row per interview, and a table
// per repeat, with a row per instance. The same interviews give the same bytes, whenever and wherever they are written.
// The tables are described in docs/export-format.md.
package export

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
)

// Source gives the rows of a form's tables: interviews in the order of their IDs, or the instances of a repeat in the order of
// their interviews and paths. A row holds the answers of its own table only, by generic path. An error ends the sequence.
type Source interface {
	Rows(ctx context.Context, form string, repeat record.Path) iter.Seq2[fieldwork.Row, error]
}

// Options say what the tables hold. Forms is needed; all else is optional.
type Options struct {
	Forms           []*form.Form // versions of one form, the newest first: it gives the order; what only older ones ask follows
	Language        string       // name or code of a language of the form: labels of choices instead of their names; "": names
	Split           bool         // a column of 1 and 0 for each choice of a select_multiple, beside the column of names
	WithoutPersonal bool         // leave out what a version marks in its column "personal"
	Duplicates      bool         // a column DUPLICATE_OF: the interview that stands for this one, where it was decided to be of the same household
	Drafts          bool         // interviews, too, that nobody has finished yet: tablets send them as backups
	BOM             bool         // CSV: begin with a byte order mark, which old Excel needs to see UTF-8
	Guard           bool         // CSV: an apostrophe before text that a spreadsheet would run as a formula
	Position        record.Path  // GeoJSON: the question that places an interview; "": the first geo question that has an answer
}

// ErrNothingPersonal is returned where personal data should be left out of a form that marks none.
var ErrNothingPersonal = errors.New(`export: no version of the form marks a question or group as personal (a column "personal" with "yes"), so nothing would be left out`)

// Exporter writes the tables of a form. Safe for concurrent use.
type Exporter struct {
	form   string
	title  string
	o      Options
	tables []*table

	personal map[record.Path]bool // marked in any version
}

// New plans the tables. It fails without a form, for versions of different forms, for a Position that is no
// geo question of the main table, and with ErrNothingPersonal.
func New(o Options) (*Exporter, error) {
	if len(o.Forms) == 0 {
		return nil, errors.New("export: no form")
	}
	e := &Exporter{form: o.Forms[0].ID, title: o.Forms[0].Title, o: o}
	for _, f := range o.Forms {
		if f.ID != e.form {
			return nil, fmt.Errorf("export: versions of two forms, %s and %s", e.form, f.ID)
		}
	}
	p := newPlan(o)
	if o.WithoutPersonal && len(p.personal) == 0 {
		return nil, ErrNothingPersonal
	}
	e.tables, e.personal = p.tables(), p.personal
	if o.Position != "" && !e.main().places(o.Position) {
		return nil, fmt.Errorf("export: %s is no geopoint, geotrace or geoshape outside of repeats", o.Position)
	}
	return e, nil
}

// Form returns the form's ID.
func (e *Exporter) Form() string { return e.form }

// Repeats returns the generic paths of the repeats that have tables, nested ones after those they lie in.
func (e *Exporter) Repeats() []record.Path {
	var paths []record.Path
	for _, t := range e.tables[1:] {
		paths = append(paths, t.repeat)
	}
	return paths
}

func (e *Exporter) main() *table { return e.tables[0] }

func (e *Exporter) table(repeat record.Path) (*table, error) {
	for _, t := range e.tables {
		if t.repeat == repeat {
			return t, nil
		}
	}
	return nil, fmt.Errorf("export: form %s has no repeat %s", e.form, repeat)
}

// rows yields the rows of a table that the options let through.
func (e *Exporter) rows(ctx context.Context, src Source, t *table) iter.Seq2[fieldwork.Row, error] {
	return func(yield func(fieldwork.Row, error) bool) {
		for row, err := range src.Rows(ctx, e.form, t.repeat) {
			if err == nil && !e.o.Drafts && !row.Final {
				continue
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}
