package xlsform_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"vereda/survey/form"
	"vereda/survey/xlsform"
)

// unread are the codes of errors of the real forms that are not read: none.
var unread = map[string][]string{}

// Real workbooks are read; and strict mode gives the verdict that the reference converter gave on each.
func TestRealForms(t *testing.T) {
	sources, err := os.ReadFile(filepath.Join(conformance, "SOURCES.md"))
	if err != nil {
		t.Skipf("the conformance data is left out: %v", err)
	}
	rows := regexp.MustCompile(`(?m)^\| (\S+\.xlsx?) \|.*\| (accepts|refuses)[^|]*\|[^|]*\|$`).FindAllStringSubmatch(string(sources), -1)
	if len(rows) < 10 {
		t.Fatalf("%d forms in the list", len(rows))
	}
	for _, row := range rows {
		name, accepted := row[1], row[2] == "accepts"
		file, err := os.ReadFile(filepath.Join(conformance, "forms", name))
		if err != nil {
			t.Fatal(err)
		}
		f, problems := xlsform.Read(name, file)
		t.Logf("%s: %d problems", name, len(problems))
		if (f == nil) != (unread[name] != nil) {
			t.Errorf("%s is read: %v", name, f != nil)
		}
		codes := map[string]bool{}
		for _, p := range problems {
			if p.Severity != form.Error {
				continue
			}
			codes[p.Code] = true
			if p.Cell.Column == "" || p.Text == "" {
				t.Errorf("%s: an error without its cell: %v", name, p)
			}
		}
		for _, code := range unread[name] {
			if !codes[code] {
				t.Errorf("%s has no error %s", name, code)
			}
		}
		if len(codes) != len(unread[name]) {
			t.Errorf("%s has errors %v, want %v", name, codes, unread[name])
		}
		if strict := xlsform.ReadStrict(name, file); form.HasErrors(strict) == accepted {
			t.Errorf("%s: the converter accepts it: %v; %v", name, accepted, strict)
		}
	}
}
