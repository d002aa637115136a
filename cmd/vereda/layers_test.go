package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// rule says what packages of one part of the tree may not import, and why.
type rule struct {
	part   string   // folder, with all below it
	except []string // folders of part that the rule leaves out
	never  []string // import paths, with all below them
	but    []string // what of never is allowed all the same
	why    string
}

// rules are the floors of the house: no import goes from a lower floor up.
var rules = []rule{
	{part: "survey", never: []string{"vereda/sync", "vereda/cmd", "vereda/fyne-app"},
		why: "the domain knows no wire, no command and no screen"},
	{part: "survey", except: []string{"survey/dashboard", "survey/export", "survey/goldentest", "survey/store", "survey/words"},
		never: []string{"net", "os", "database/sql", "go.etcd.io/bbolt"}, but: []string{"net/url"},
		why: "the domain does no input or output but the tablet's store, exports and pages; tests keep goldens"},
	{part: "survey/record", never: []string{"vereda"}, why: "record stands on the ground floor"},
	{part: "survey/spelling", never: []string{"vereda"}, why: "spelling stands on the ground floor"},
	{part: "survey/xpath", never: []string{"vereda"}, but: []string{"vereda/survey/spelling"}, why: "xpath knows no form"},
	{part: "survey/words", never: []string{"vereda"}, but: []string{"vereda/survey/words"}, why: "words stands on the ground floor"},
	{part: "survey/form", never: []string{"vereda/survey"}, but: []string{"vereda/survey/form", "vereda/survey/record", "vereda/survey/xpath"},
		why: "a form is what is asked, whoever reads or runs it"},
	{part: "survey/interview", never: []string{"vereda/survey/store", "vereda/survey/xlsform", "vereda/survey/dashboard", "vereda/survey/export"},
		why: "the session touches nothing outside itself"},
	{part: "survey/xlsform", never: []string{"vereda/survey"}, but: []string{"vereda/survey/xlsform", "vereda/survey/form", "vereda/survey/record", "vereda/survey/spelling", "vereda/survey/xpath"},
		why: "a reader makes forms and runs none"},
	{part: "survey/xlsform/number", never: []string{"vereda"}, why: "numbers of cells know no form"},
	{part: "survey/xlsform/xlsx", never: []string{"vereda"}, but: []string{"vereda/survey/xlsform/number"}, why: "cells know no form"},
	{part: "survey/xlsform/xls", never: []string{"vereda"}, but: []string{"vereda/survey/xlsform/number"}, why: "cells know no form"},
	{part: "survey/xform", never: []string{"vereda/survey"}, but: []string{"vereda/survey/xform", "vereda/survey/form", "vereda/survey/record", "vereda/survey/xpath"},
		why: "a reader makes forms and runs none"},
	{part: "survey/phrase", never: []string{"vereda/survey"}, but: []string{"vereda/survey/phrase", "vereda/survey/form", "vereda/survey/record", "vereda/survey/words", "vereda/survey/xpath"},
		why: "rules are told, not run"},
	{part: "survey/diagram", never: []string{"vereda/survey"}, but: []string{"vereda/survey/diagram", "vereda/survey/form", "vereda/survey/record", "vereda/survey/xpath"},
		why: "a drawing shows a form, whoever reads it"},
	{part: "survey/paper", never: []string{"vereda/survey"}, but: []string{"vereda/survey/paper", "vereda/survey/diagram", "vereda/survey/form", "vereda/survey/phrase", "vereda/survey/words", "vereda/survey/xpath"},
		why: "paper shows a form and runs none"},
	{part: "survey/change", never: []string{"vereda/survey"}, but: []string{"vereda/survey/change", "vereda/survey/form", "vereda/survey/record", "vereda/survey/spelling", "vereda/survey/xpath"},
		why: "two forms are compared, whoever reads them"},
	{part: "survey/replay", never: []string{"vereda/survey"}, but: []string{"vereda/survey/replay", "vereda/survey/form", "vereda/survey/interview", "vereda/survey/record"},
		why: "a replay runs any form, whoever reads it"},
	{part: "survey/quality", never: []string{"vereda/survey"}, but: []string{"vereda/survey/quality", "vereda/survey/form", "vereda/survey/record", "vereda/survey/spelling"},
		why: "the search for duplicates knows answers, not where they come from"},
	{part: "survey/desk", never: []string{"vereda/survey/dashboard", "vereda/survey/store", "vereda/survey/words", "vereda/survey/xlsform"},
		why: "what coordinators say is the same on a page and on the command line"},
	{part: "survey/paradata", never: []string{"vereda/survey"}, but: []string{"vereda/survey/paradata", "vereda/survey/form", "vereda/survey/record"},
		why: "how an interview is held is written down, whoever holds it"},
	{part: "survey/move", never: []string{"vereda/survey"}, but: []string{"vereda/survey/move", "vereda/survey/change", "vereda/survey/form", "vereda/survey/interview", "vereda/survey/record"},
		why: "a draft is moved, whoever keeps it"},
	{part: "survey/store", never: []string{"vereda/survey"}, but: []string{"vereda/survey/store", "vereda/survey/record"},
		why: "the store keeps answers without understanding them"},
	{part: "sync", never: []string{"vereda/survey"}, but: []string{"vereda/survey/record", "vereda/survey/fieldwork"},
		why: "sync carries entries without understanding forms"},
	{part: "sync", except: []string{"sync/archive"}, never: []string{"vereda/survey/fieldwork"},
		why: "only the archive knows what coordinators read"},
	{part: "sync", never: []string{"vereda/cmd", "vereda/fyne-app"}, why: "commands and screens stand above"},
	{part: "sync/device", never: []string{"vereda"}, why: "identity stands on the ground floor"},
	{part: "sync/relay", never: []string{"vereda/sync/archive", "database/sql", "net/http"},
		why: "a relay sees a collector's database and the wire through what it declares"},
	{part: "sync/stick", never: []string{"vereda/sync/archive", "vereda/survey/store", "database/sql", "net/http"},
		why: "a stick sees databases through what it declares"},
	{part: "sync/discover", never: []string{"vereda"}, why: "what is found on a network is nobody yet"},
	{part: "fyne-app/field", never: []string{"vereda/survey/store", "vereda/sync", "go.etcd.io/bbolt", "database/sql", "net/http"},
		why: "a question on screen knows no storage"},
	{part: "fyne-app/screen", never: []string{"database/sql", "net/http", "vereda/sync/archive", "vereda/sync/transfer"},
		why: "a page knows no SQL and no HTTP"},
	{part: "cmd", never: []string{"vereda/fyne-app", "fyne.io/fyne/v2"}, why: "the command is one static binary without a screen"},
}

func TestImportsKeepTheFloors(t *testing.T) {
	imports := importsOf(t, "../..")
	for _, r := range rules {
		if !anyUnder(imports, r.part) {
			t.Errorf("a rule names %s, which does not exist", r.part)
		}
		for file, paths := range imports {
			if !under(file, r.part) || underAny(file, r.except) {
				continue
			}
			for _, p := range paths {
				if underAny(p, r.never) && !underAny(p, r.but) {
					t.Errorf("%s imports %s: %s", file, p, r.why)
				}
			}
		}
	}
}

func TestNoGoFileLiesInSurveyOrSync(t *testing.T) {
	for _, folder := range []string{"survey", "sync"} {
		files, err := filepath.Glob(filepath.Join("../..", folder, "*.go"))
		if err != nil || len(files) > 0 {
			t.Errorf("Go files directly in %s/: %v %v", folder, files, err)
		}
	}
}

// importsOf returns the imports of each file that is no test, by path from the root.
func importsOf(t *testing.T, root string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != "." || d.Name() == "testdata" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		found[name] = nil
		for _, i := range f.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			found[name] = append(found[name], p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// under reports whether p is folder or lies below it.
func under(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

func underAny(p string, folders []string) bool {
	for _, f := range folders {
		if under(p, f) {
			return true
		}
	}
	return false
}

func anyUnder(imports map[string][]string, folder string) bool {
	for file := range imports {
		if under(file, folder) {
			return true
		}
	}
	return false
}
