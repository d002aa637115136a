package archive

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/sync/batch"
)

// Finding is something that Verify found wrong.
type Finding struct {
	Subject string // "database", "entry 0f3a…", "interview 0198…" or "form household"
	Problem string
}

// Verify checks the database itself, the hash of every entry, the signature of every batch on the shelf, that every revision is part of a
// merged interview or set aside, that each merged interview and its answers in columns are what Reindex would make of them, and so with assignments
// and totals, and that every file is what its hash says. It changes nothing beside settling.
func (a *Archive) Verify(ctx context.Context) (findings []Finding, err error) {
	err = a.settled(ctx, "verify", func(t *tx) error {
		forms, err := a.forms.refresh(t)
		if err != nil {
			return err
		}
		v := &verifier{archive: a, tx: t, forms: forms}
		for _, check := range []func(context.Context) error{v.database, v.entries, v.interviews, v.strays, v.totals, v.statements, v.assigned, v.shelf, v.files} {
			if err := check(ctx); err != nil {
				return err
			}
		}
		findings = v.findings
		return nil
	})
	return findings, err
}

type verifier struct {
	archive *Archive
	*tx
	forms    *formSet
	findings []Finding
}

func (v *verifier) found(problem, kind string, id []byte) {
	v.findings = append(v.findings, Finding{fmt.Sprintf("%s %x", kind, id), problem})
}

func (v *verifier) database(context.Context) error {
	problem, err := v.integrity()
	if problem != "" {
		v.findings = append(v.findings, Finding{"database", problem})
	}
	return err
}

// entries checks hashes, and that what is noted beside a body agrees with it.
func (v *verifier) entries(ctx context.Context) error {
	for last := int64(0); ; {
		n := 0
		err := v.each(`SELECT e.seq, e.id, e.kind, e.interview, e.device, e.body, (SELECT count(*) FROM aside WHERE aside.seq = e.seq)
			FROM entries e WHERE e.seq > $1 ORDER BY e.seq LIMIT 500`, []any{last}, func(scan func(...any) error) error {
			n++
			return v.entry(scan, &last)
		})
		if err != nil || n == 0 {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func (v *verifier) entry(scan func(...any) error, last *int64) error {
	var id, interview, body []byte
	var kind, device string
	var aside bool
	if err := scan(last, &id, &kind, &interview, &device, &body, &aside); err != nil {
		return err
	}
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], id) {
		v.found("its bytes have changed", "entry", id)
		return nil
	}
	if kind != record.KindRevision || aside {
		return nil
	}
	r, err := record.ParseRevision(body)
	if err != nil || !bytes.Equal(r.Interview[:], interview) || r.Device != device || !v.forms.known(r.Form, r.Version) {
		v.found("it is filed wrongly", "entry", id)
	}
	return nil
}

// interviews merges each again and compares.
func (v *verifier) interviews(ctx context.Context) error {
	last := []byte{}
	for {
		var page []uuid.UUID
		err := v.each("SELECT DISTINCT interview FROM entries WHERE interview > $1 ORDER BY interview LIMIT 500", []any{last}, func(scan func(...any) error) error {
			var id []byte
			err := scan(&id)
			page = append(page, uuid.UUID(id))
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, id := range page {
			if err := v.interview(id); err != nil {
				return err
			}
		}
		last = page[len(page)-1][:]
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func (v *verifier) interview(id uuid.UUID) error {
	var waiting int
	if err := v.one("SELECT count(*) FROM dirty WHERE interview = $1", []any{id[:]}, &waiting); err != nil || waiting > 0 {
		return err // it came after the settling
	}
	wanted, err := v.archive.projectionOf(v.tx, v.forms, id, true)
	if err != nil {
		v.found(err.Error(), "interview", id[:])
		return nil
	}
	kept, err := v.load(id, wanted)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(rowsOf(wanted), kept) {
		v.found("what is kept of it differs from its revisions", "interview", id[:])
	}
	return nil
}

// rowsOf names a projection's rows by their tables.
func rowsOf(p projection) map[string][][]any {
	rows := map[string][][]any{"interviews": {p.interview}}
	if len(p.conflicts) > 0 {
		rows["conflicts"] = p.conflicts
	}
	for _, tr := range p.tables {
		if len(tr.rows) > 0 {
			rows[tr.table.name()] = tr.rows
		}
	}
	return rows
}

// load reads back what is kept.
func (v *verifier) load(id uuid.UUID, p projection) (map[string][][]any, error) {
	queries := map[string]string{
		"interviews": "SELECT " + interviewColumns + " FROM interviews WHERE id = $1",
		"conflicts":  "SELECT interview, path, candidates FROM conflicts WHERE interview = $1 ORDER BY path",
	}
	widths := map[string]int{"interviews": len(p.interview), "conflicts": 3}
	for _, tr := range p.tables {
		queries[tr.table.name()] = "SELECT " + tr.table.columnNames() + " FROM " + tr.table.name() + " WHERE interview = $1 ORDER BY instance"
		widths[tr.table.name()] = 3 + len(tr.table.columns)
	}
	rows := map[string][][]any{}
	for name, query := range queries {
		err := v.each(query, []any{id[:]}, func(scan func(...any) error) error {
			row := make([]any, widths[name])
			into := make([]any, len(row))
			for i := range row {
				into[i] = &row[i]
			}
			err := scan(into...)
			rows[name] = append(rows[name], row)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// strays looks for rows that no revision accounts for.
func (v *verifier) strays(context.Context) error {
	report := func(scan func(...any) error) error {
		var id []byte
		err := scan(&id)
		v.found("rows without a revision", "interview", id)
		return err
	}
	err := v.each("SELECT id FROM interviews WHERE NOT EXISTS (SELECT 1 FROM entries WHERE interview = interviews.id)", nil, report)
	for _, l := range v.forms.layouts {
		for _, parts := range l.parts {
			for _, p := range parts {
				if err == nil {
					err = v.each("SELECT DISTINCT interview FROM "+p.name()+" a WHERE NOT EXISTS (SELECT 1 FROM interviews i WHERE i.id = a.interview AND i.form = $1)", []any{l.form}, report)
				}
			}
		}
	}
	return err
}

// totals compares the numbers of interviews with the interviews.
func (v *verifier) totals(context.Context) error {
	return v.each(`SELECT t.form, t.n, (SELECT count(*) FROM interviews i WHERE i.form = t.form) FROM totals t
		WHERE t.n <> (SELECT count(*) FROM interviews i WHERE i.form = t.form) ORDER BY t.form`, nil, func(scan func(...any) error) error {
		var form string
		var kept, counted int
		err := scan(&form, &kept, &counted)
		v.findings = append(v.findings, Finding{"form " + form, fmt.Sprintf("%d interviews are noted, there are %d", kept, counted)})
		return err
	})
}

// statements looks for what was said and is not filed, or filed and was never said.
func (v *verifier) statements(context.Context) error {
	report := func(scan func(...any) error) error {
		var id []byte
		err := scan(&id)
		v.found("it is not filed under its subject", "entry", id)
		return err
	}
	err := v.each(`SELECT id FROM entries WHERE kind IN ('verdict', 'assignment', 'setting', 'duplicate')
		AND NOT EXISTS (SELECT 1 FROM aside WHERE aside.seq = entries.seq) AND NOT EXISTS (SELECT 1 FROM said WHERE said.seq = entries.seq AND said.kind = entries.kind)
		UNION ALL SELECT id FROM entries WHERE kind = 'receipt' AND NOT EXISTS (SELECT 1 FROM aside WHERE aside.seq = entries.seq)
		AND NOT EXISTS (SELECT 1 FROM feed WHERE feed.seq = entries.seq)`, nil, report)
	if err != nil {
		return err
	}
	return v.each("SELECT subject FROM said WHERE NOT EXISTS (SELECT 1 FROM entries WHERE entries.seq = said.seq)", nil, func(scan func(...any) error) error {
		var subject []byte
		err := scan(&subject)
		v.found("a statement without its entry", "subject", subject)
		return err
	})
}

// assigned compares the assignments that count with what was said about each.
func (v *verifier) assigned(ctx context.Context) error {
	var subjects [][]byte
	err := v.each("SELECT id FROM assignments UNION SELECT subject FROM said WHERE kind = 'assignment'", nil, func(scan func(...any) error) error {
		var id []byte
		err := scan(&id)
		subjects = append(subjects, id)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range subjects {
		if err := cmp.Or(ctx.Err(), v.assignment(id)); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) assignment(id []byte) error {
	all, seqs, err := v.assignmentsSaid(id)
	if err != nil {
		return err
	}
	var wanted string
	if len(all) > 0 {
		wanted = fmt.Sprint(assignmentRow(all, seqs))
	}
	kept := ""
	err = v.each("SELECT "+assignmentColumns+" FROM assignments WHERE id = $1", []any{id}, func(scan func(...any) error) error {
		row := make([]any, strings.Count(assignmentColumns, ",")+1)
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		err := scan(into...)
		kept = fmt.Sprint(row)
		return err
	})
	if kept != wanted {
		v.found("what is kept of it differs from what was said", "assignment", id)
	}
	return err
}

// shelf opens every batch: its hash, and the signature of the device named in it.
func (v *verifier) shelf(ctx context.Context) error {
	opener := batch.Opener{Dictionaries: func(id uint32) *batch.Dictionary { return v.forms.dictionaries[id] }}
	for place := uint64(0); ; {
		var id, raw []byte
		err := v.one("SELECT place, id, raw FROM batches WHERE place > $1 ORDER BY place LIMIT 1", []any{place}, &place, &id, &raw)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		b, err := opener.Inspect(bytes.NewReader(raw))
		if err != nil {
			v.found(err.Error(), "batch", id)
		} else if !bytes.Equal(b.ID[:], id) {
			v.found("it is another batch", "batch", id)
		}
	}
}
