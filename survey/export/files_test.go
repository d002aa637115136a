package export

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"vereda/survey/form"
	"vereda/survey/record"
)

func content(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestFilesAreWritten(t *testing.T) {
	e := exporter(t, Options{Drafts: true, Forms: []*form.Form{households("2")}})
	for format, want := range map[Format][]string{
		CSV: {"out-phone.csv", "out-roster.csv", "out.csv"}, XLSX: {"out.xlsx"}, GeoJSON: {"out.geojson"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "out."+string(format))
		names, err := e.WriteFiles(t.Context(), path, format, somework(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := content(t, dir); !slices.Equal(got, want) || names[0] != path || len(names) != len(want) {
			t.Errorf("%s: files %q, want %q; told %q", format, got, want, names)
		}
	}
	if _, err := e.WriteFiles(t.Context(), filepath.Join(t.TempDir(), "x"), "pdf", somework(t)); err == nil {
		t.Error("an unknown format")
	}
}

func TestFailureLeavesNothingBehind(t *testing.T) {
	e := exporter(t, Options{Drafts: true, Forms: []*form.Form{households("2")}})
	for _, table := range []record.Path{"", "grp_c/roster", "grp_c/roster/phone"} {
		dir := t.TempDir()
		path := filepath.Join(dir, "out.csv")
		if err := os.WriteFile(path, []byte("last week's"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := e.WriteFiles(t.Context(), path, CSV, cutShort{somework(t), table}); !errors.Is(err, errCut) {
			t.Errorf("%q: %v", table, err)
		}
		old, _ := os.ReadFile(path)
		if got := content(t, dir); !slices.Equal(got, []string{"out.csv"}) || string(old) != "last week's" {
			t.Errorf("%q: left %q, %q", table, got, old)
		}
	}
}

func TestFailureToPublishTakesNewFilesBack(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.csv")
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	e := exporter(t, Options{Drafts: true, Forms: []*form.Form{households("2")}})
	if _, err := e.WriteFiles(t.Context(), path, CSV, somework(t)); err == nil {
		t.Fatal("a folder stands where the file should: no error")
	}
	if got := content(t, dir); !slices.Equal(got, []string{"out.csv"}) {
		t.Errorf("left %q", got)
	}
}
