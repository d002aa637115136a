// Package wordstest holds a catalogue against the sources that speak from it.
package wordstest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"vereda/survey/words"
)

// Check fails the test for each key that a source in the folder (Go files but tests, templates *.html and *.tmpl; subfolders too, not
// testdata) says and the catalogue lacks, for each key of the catalogue that no source names, and for each text in French or Creole
// that breaks a line before a mark.
//
// Go sources say a key in a call of a function or method named Say or say; templates as {{say "key"}} or {{.Say "key"}}.
// A key is also named by any string constant equal to it, and all keys that begin with a constant that ends in a dot
// ("role." + r, or print "role." .Role) are named by that.
func Check(t testing.TB, source fs.FS, c *words.Catalogue) {
	t.Helper()
	u, err := collect(source)
	if err != nil {
		t.Fatal(err)
	}
	keys := c.Keys()
	for said, where := range u.said {
		if !known(said, keys) {
			t.Errorf("%s says %q, which the catalogue lacks", where, said)
		}
	}
	for _, key := range keys {
		if !u.names(key) {
			t.Errorf("no source says %q", key)
		}
		for _, language := range []string{"fr", "ht"} {
			if text := c.In(language).Say(key); loose.MatchString(text) {
				t.Errorf("%s in %s: a line may begin with a mark, for lack of a no-break space: %s", key, language, text)
			}
		}
	}
}

// loose is a mark of French writing that a plain space leaves to the next line, or the last one.
var loose = regexp.MustCompile(`\S [;:!?»]|« `)

// usage is what sources use: keys said, by the file that says them, and all constants.
type usage struct {
	said      map[string]string
	constants map[string]bool
}

func known(said string, keys []string) bool {
	for _, key := range keys {
		if key == said || strings.HasSuffix(said, ".") && strings.HasPrefix(key, said) {
			return true
		}
	}
	return false
}

func (u usage) names(key string) bool {
	key = strings.TrimSuffix(key, ".one")
	if u.constants[key] {
		return true
	}
	for i := range len(key) {
		if key[i] == '.' && u.constants[key[:i+1]] {
			return true
		}
	}
	return false
}

func collect(source fs.FS) (usage, error) {
	u := usage{make(map[string]string), make(map[string]bool)}
	err := fs.WalkDir(source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "testdata" {
			return fs.SkipDir
		}
		read := reader(u, name)
		if d.IsDir() || read == nil {
			return nil
		}
		text, err := fs.ReadFile(source, name)
		if err != nil {
			return err
		}
		return read(name, text)
	})
	return u, err
}

// reader returns what reads a file of that name; nil for none.
func reader(u usage, name string) func(string, []byte) error {
	switch {
	case strings.HasSuffix(name, "_test.go"):
		return nil
	case path.Ext(name) == ".go":
		return u.goSource
	case path.Ext(name) == ".html", path.Ext(name) == ".tmpl":
		return u.template
	}
	return nil
}

func (u usage) goSource(name string, text []byte) error {
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if s, ok := constant(n); ok {
				u.constants[s] = true
			}
		case *ast.CallExpr:
			if s, ok := sayKey(n); ok {
				u.said[s] = name
			}
		}
		return true
	})
	return nil
}

// sayKey returns the constant that a call of Say begins with: a key, or the beginning of one.
func sayKey(call *ast.CallExpr) (string, bool) {
	function := call.Fun
	if s, ok := function.(*ast.SelectorExpr); ok {
		function = s.Sel
	}
	name, ok := function.(*ast.Ident)
	if !ok || !strings.EqualFold(name.Name, "say") || len(call.Args) == 0 {
		return "", false
	}
	first := call.Args[0]
	if sum, ok := first.(*ast.BinaryExpr); ok {
		first = sum.X
	}
	return constant(first)
}

func constant(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

var (
	action     = regexp.MustCompile(`\{\{[^}]*\}\}`)
	quoted     = regexp.MustCompile("\"([^\"]*)\"|`([^`]*)`")
	inTemplate = regexp.MustCompile(`\b[sS]ay +\(?(?:print +)?"([^"]*)"`)
)

func (u usage) template(name string, text []byte) error {
	for _, a := range action.FindAll(text, -1) {
		for _, m := range quoted.FindAllSubmatch(a, -1) {
			u.constants[string(m[1])+string(m[2])] = true
		}
		for _, m := range inTemplate.FindAllSubmatch(a, -1) {
			u.said[string(m[1])] = name
		}
	}
	return nil
}
