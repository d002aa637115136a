package archive

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// An archive of before batches were kept opens, holds what it held, and relays it in batches of its own; a verdict that it had set aside as
// unknown counts.
func TestAnOldArchive(t *testing.T) {
	dir := t.TempDir()
	r, form := revise(t, ana, 1, 1, nil, "head=Rosa").Entry(), entry(t, record.KindForm, formVersion("1", householdForm))
	verdict := said(t, verdictOn(1, record.Returned, nil))
	writeOldArchive(t, dir, []record.Entry{verdict, form, r})
	a := openSQLite(t, dir, centralOptions())
	wantError(t, a.Reindex(background), nil)
	wantSound(t, a)
	list, err := a.Interviews(background, fieldwork.Filter{})
	want(t, fmt.Sprintln(len(list), list[0].Name, list[0].State, err), "1 Rosa returned <nil>")
	shelf, _, err := a.Batches(background, "", 0, 10, 1<<20)
	want(t, fmt.Sprintln(len(shelf), err), "1 <nil>")
	opened, err := centralOptions().Seal([]record.Entry{form, verdict, r})
	wantError(t, err, nil)
	if shelf[0].ID != opened.ID {
		t.Error("the shelf does not hold all of it, the form first")
	}
	wantSound(t, a)
}

// writeOldArchive makes a database of the schema before 3.
func writeOldArchive(t *testing.T, dir string, entries []record.Entry) {
	t.Helper()
	db, err := openPool(filepath.Join(dir, fileName), "", 1)
	wantError(t, err, nil)
	defer db.Close()
	files, err := fs.Sub(migrations, "migrations")
	wantError(t, err, nil)
	p, err := goose.NewProvider(goose.DialectSQLite3, db.DB, files, goose.WithLogger(goose.NopLogger()))
	wantError(t, err, nil)
	_, err = p.UpTo(background, 2)
	wantError(t, err, nil)
	for i, e := range entries {
		id := e.ID()
		_, err = db.Exec("INSERT INTO entries (seq, id, kind, device, sender, via, received, zone, body) VALUES ($1, $2, $3, $4, $4, 'network', 0, 0, $5)",
			i+1, id[:], e.Kind, string(ana.ID()), e.Body)
		wantError(t, err, nil)
	}
}
