package main

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// folders are those of the packages that docs/threat-model.md speaks of.
var folders = map[string]string{
	"transfer": "sync/transfer", "batch": "sync/batch", "device": "sync/device", "archive": "sync/archive", "relay": "sync/relay", "stick": "sync/stick",
	"record": "survey/record", "store": "survey/store", "seal": "survey/store/seal", "photo": "survey/photo", "dashboard": "survey/dashboard", "vereda": "cmd/vereda", "fieldtablet": "fyne-app/tablet",
}

// tableRow is a line of a table, cell by cell.
type tableRow []string

// tables returns the rows under a heading of a page, without the tables' own heads.
func tables(t *testing.T, page, heading string) (rows []tableRow) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../docs", page))
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(b), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("%s has no part %q", page, heading)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		var r tableRow
		for _, cell := range strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|") {
			r = append(r, strings.TrimSpace(cell))
		}
		rows = append(rows, r)
	}
	return rows[2:]
}

var quoted = regexp.MustCompile("`([^`]+)`")

func quotes(cell string) (list []string) {
	for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
		list = append(list, m[1])
	}
	return list
}

// sources parses the files of a package: its tests, or the rest.
func sources(t *testing.T, pkg string, tests bool) (files []*ast.File) {
	t.Helper()
	folder, known := folders[pkg]
	if !known {
		t.Fatalf("docs/threat-model.md names the package %q, which the test does not know", pkg)
	}
	names, err := filepath.Glob(filepath.Join("../..", folder, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatal(folder, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") != tests {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// functions returns the functions of a package's tests, or of the rest of it, by name. Methods are among them.
func functions(t *testing.T, pkg string, tests bool) map[string][]*ast.FuncDecl {
	found := map[string][]*ast.FuncDecl{}
	for _, f := range sources(t, pkg, tests) {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				found[fn.Name.Name] = append(found[fn.Name.Name], fn)
			}
		}
	}
	return found
}

// exists reports whether a test is there, named package.Test or package.Test/story.
func exists(t *testing.T, name string) bool {
	pkg, test, found := strings.Cut(name, ".")
	test, story, _ := strings.Cut(test, "/")
	if !found || functions(t, pkg, true)[test] == nil {
		return false
	}
	if story == "" {
		return true
	}
	for _, pattern := range []string{"testdata/transcripts/" + story + ".txt", "testdata/transcripts/" + story, "testdata/script/" + story + ".txtar"} {
		if _, err := os.Stat(filepath.Join("../..", folders[pkg], pattern)); err == nil {
			return true
		}
	}
	sub := strconv.Quote(strings.ReplaceAll(story, "_", " "))
	said := false
	for _, f := range sources(t, pkg, true) {
		ast.Inspect(f, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			said = said || ok && literal.Value == sub
			return !said
		})
	}
	return said
}

func TestEveryLineOfTheThreatModelIsTested(t *testing.T) {
	rows := tables(t, "threat-model.md", "People and things")
	rows = append(rows, tables(t, "threat-model.md", "Limits")...)
	for _, r := range rows {
		if len(r) != 4 || r[0] == "" || r[1] == "" && r[2] == "" {
			t.Fatalf("a line of another form: %q", r)
		}
		tests := quotes(r[3])
		if len(tests) == 0 {
			t.Errorf("no test shows: %s", strings.Join(r, " | "))
		}
		for _, name := range tests {
			if !exists(t, name) {
				t.Errorf("there is no test %s: %s", name, r[0])
			}
		}
	}
	for _, gone := range []string{"transfer.TestNothingOfTheSort", "transfer.TestTranscripts/nothing_of_the_sort", "TestRefusals"} {
		if exists(t, gone) {
			t.Errorf("%s was found", gone)
		}
	}
}

// The limits in the table are those of the constants.
func TestLimitsAreWhatTheThreatModelSays(t *testing.T) {
	for _, r := range tables(t, "threat-model.md", "Limits") {
		name := quotes(r[1])[0]
		pkg, constantName, _ := strings.Cut(name, ".")
		value := valueOf(t, pkg, constantName)
		want, unit, _ := strings.Cut(strings.ReplaceAll(r[2], ",", ""), " ")
		number, err := strconv.ParseInt(want, 10, 64)
		if err != nil {
			t.Fatal(r, err)
		}
		number *= map[string]int64{"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "s": 1e9}[unit]
		if got, exact := constant.Int64Val(value); !exact || got != number {
			t.Errorf("%s is %v, and the page says %s", name, value, r[2])
		}
	}
}

// valueOf computes a constant of a package.
func valueOf(t *testing.T, pkg, name string) constant.Value {
	t.Helper()
	for _, f := range sources(t, pkg, false) {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				for i, id := range s.(*ast.ValueSpec).Names {
					if id.Name == name && i < len(s.(*ast.ValueSpec).Values) {
						return compute(t, pkg, s.(*ast.ValueSpec).Values[i])
					}
				}
			}
		}
	}
	t.Fatalf("there is no constant %s.%s", pkg, name)
	return nil
}

func compute(t *testing.T, pkg string, e ast.Expr) constant.Value {
	switch e := e.(type) {
	case *ast.BasicLit:
		return constant.MakeFromLiteral(e.Value, e.Kind, 0)
	case *ast.Ident:
		return valueOf(t, pkg, e.Name)
	case *ast.SelectorExpr:
		return constant.MakeInt64(map[string]int64{"Millisecond": 1e6, "Second": 1e9, "Minute": 60e9, "Hour": 3600e9}[e.Sel.Name])
	case *ast.BinaryExpr:
		x, y := compute(t, pkg, e.X), compute(t, pkg, e.Y)
		if n, exact := constant.Uint64Val(y); e.Op == token.SHL && exact {
			return constant.Shift(x, e.Op, uint(n))
		}
		return constant.BinaryOp(x, e.Op, y)
	}
	t.Fatalf("a constant of another form: %T", e)
	return nil
}

// decoder is an exported function's name that reads what comes from outside.
var decoder = regexp.MustCompile(`^(Parse|Read|Open|Decode|Inspect|Plain|Unmarshal|Unverified)`)

// inner are functions with such names that read nothing from outside: a database or folder of one's own, a list of keys from the command line,
// and what hands on to a decoder that is fuzzed.
var inner = map[string]bool{
	"archive.Open": true, "transfer.Read": true, "stick.Open": true, "stick.Read": true, "stick.ParseRecipients": true, "stick.OpenBatch": true,
	"device.OpenOldReceipt": true, "batch.Read": true,
}

// Every exported decoder of what travels stands in the page's table, and the fuzz target beside it calls it.
func TestEveryDecoderIsFuzzed(t *testing.T) {
	listed := map[string]string{}
	for _, r := range tables(t, "threat-model.md", "Decoders") {
		for _, name := range quotes(r[0]) {
			listed[name] = quotes(r[1])[0]
		}
	}
	for _, pkg := range []string{"record", "device", "batch", "transfer", "archive", "relay", "stick"} {
		for name, all := range functions(t, pkg, false) {
			full := pkg + "." + name
			if ast.IsExported(name) && decoder.MatchString(name) && readsText(all) && !inner[full] && listed[full] == "" {
				t.Errorf("%s has no fuzz target in docs/threat-model.md", full)
			}
		}
	}
	for full, target := range listed {
		pkg, name, _ := strings.Cut(full, ".")
		if functions(t, pkg, false)[name] == nil {
			t.Errorf("there is no %s", full)
		}
		if fuzz := functions(t, pkg, true)[target]; fuzz == nil || !seeded(fuzz[0]) {
			t.Errorf("%s: no %s with a seed", full, target)
		}
	}
}

// readsText reports whether any of the functions takes bytes, text or a reader, or is a method of such.
func readsText(all []*ast.FuncDecl) bool {
	for _, fn := range all {
		params := fn.Type.Params.List
		if fn.Recv != nil && len(params) == 0 {
			params = fn.Recv.List
		}
		for _, p := range params {
			switch of := p.Type.(type) {
			case *ast.ArrayType:
				if id, ok := of.Elt.(*ast.Ident); ok && id.Name == "byte" {
					return true
				}
			case *ast.Ident:
				if of.Name == "string" || of.Name == "Certificate" {
					return true
				}
			case *ast.SelectorExpr:
				if of.Sel.Name == "Reader" {
					return true
				}
			}
		}
	}
	return false
}

// seeded reports whether a fuzz target adds a seed.
func seeded(fn *ast.FuncDecl) (found bool) {
	ast.Inspect(fn, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		s, ok := call.Fun.(*ast.SelectorExpr)
		found = found || ok && s.Sel.Name == "Add"
		return true
	})
	return found
}
