package wordstest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"vereda/survey/words"
)

// notes is a testing.TB that only writes down what fails.
type notes struct {
	testing.TB
	said []string
}

func (n *notes) Helper() {}
func (n *notes) Errorf(format string, args ...any) {
	n.said = append(n.said, fmt.Sprintf(format, args...))
}

func catalogue(t *testing.T, keys ...string) *words.Catalogue {
	t.Helper()
	var pairs []string
	for _, key := range keys {
		pairs = append(pairs, fmt.Sprintf("%q: %q", key, "text"))
	}
	fsys := fstest.MapFS{}
	for _, language := range words.Languages {
		fsys[language+".json"] = &fstest.MapFile{Data: []byte("{" + strings.Join(pairs, ",") + "}")}
	}
	c, err := words.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var sources = fstest.MapFS{
	"a.go": {Data: []byte(`package a
func f(w W, r string) string { return w.Say("go.said", 1) + w.Say("role."+r) + w.Say(key) }
const key = "go.constant"`)},
	"pages/b.html":    {Data: []byte(`<p>{{say "page.said"}} {{say (print "status." .S)}}</p> say "no.action"`)},
	"a_test.go":       {Data: []byte(`package a; var x = w.Say("test.only")`)},
	"testdata/c.html": {Data: []byte(`{{say "testdata.only"}}`)},
}

func TestAllIsWell(t *testing.T) {
	n := &notes{TB: t}
	Check(n, sources, catalogue(t, "go.said", "go.said.one", "go.constant", "role.viewer", "page.said", "status.new"))
	if len(n.said) > 0 {
		t.Errorf("%q", n.said)
	}
}

func TestFaultsAreNamed(t *testing.T) {
	n := &notes{TB: t}
	Check(n, sources, catalogue(t, "go.constant", "role.viewer", "page.said", "old", "test.only", "no.action"))
	slices.Sort(n.said)
	want := []string{
		`a.go says "go.said", which the catalogue lacks`,
		`no source says "no.action"`,
		`no source says "old"`,
		`no source says "test.only"`,
		`pages/b.html says "status.", which the catalogue lacks`,
	}
	if !slices.Equal(n.said, want) {
		t.Errorf("%q, want %q", n.said, want)
	}
}
