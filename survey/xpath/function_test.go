package xpath

import (
	"encoding/json"
	"errors"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// functionCase is an expression and its value; cases of a function stand in testdata/functions/NAME.json.
type functionCase struct {
	At    string `json:"at"` // where in testdata/household.xml; "" is the root
	Expr  string `json:"expr"`
	Want  string `json:"want"`
	Fails string `json:"fails"` // part of the error
}

func readFunctionCases(t *testing.T, name string) []functionCase {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "functions", strings.ReplaceAll(name, ":", "_")+".json"))
	if err != nil {
		t.Fatalf("%s() has no cases: %v", name, err)
	}
	var cases []functionCase
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return cases
}

// TestFunctions walks the registry: a function without cases, or whose cases do not call it, fails.
func TestFunctions(t *testing.T) {
	doc := mustDocument(t, household)
	for _, name := range FunctionNames() {
		t.Run(name, func(t *testing.T) {
			cases := readFunctionCases(t, name)
			if len(cases) == 0 {
				t.Fatal("no cases")
			}
			for _, c := range cases {
				if !strings.Contains(c.Expr, name+"(") {
					t.Errorf("%s does not call %s()", c.Expr, name)
				}
				c.run(t, doc)
			}
		})
	}
}

func (c functionCase) run(t *testing.T, doc *Document) {
	t.Helper()
	e, err := Parse(c.Expr)
	got := ""
	if err == nil {
		at := doc.Root
		if c.At != "" {
			at = mustFind(t, doc, c.At)
		}
		var v Value
		v, err = e.Eval(&Context{Node: at, Env: fullEnv(doc)})
		got = v.String()
	}
	switch {
	case c.Fails != "":
		if err == nil || !strings.Contains(err.Error(), c.Fails) {
			t.Errorf("%s: got %q, %v; want an error with %q", c.Expr, got, err, c.Fails)
		}
	case err != nil:
		t.Errorf("%s: %v", c.Expr, err)
	case got != c.Want:
		t.Errorf("%s is %q, want %q", c.Expr, got, c.Want)
	}
}

// fullEnv answers everything that functions may ask of the world.
func fullEnv(doc *Document) *Env {
	env := testEnv(doc)
	list := mustList(`<root><item id="i1"><name>co</name><label>Colombia</label></item><item><name>pe</name><label>Perú</label></item></root>`)
	env.Instances = map[string]*Node{"countries": list}
	env.Random = rand.New(rand.NewSource(3))
	env.Version = "2026112301"
	env.Property = func(name string) string { return "the " + name }
	env.Text = func(id string) string { return "text of " + id }
	env.ChoiceName = func(value, path string, at *Node) string { return value + " of " + path }
	env.PullData = func(list, get, key, value string) string { return list + "." + get + " where " + key + "=" + value }
	return env
}

func mustList(xml string) *Node {
	d, err := ParseXML(strings.NewReader(xml))
	if err != nil {
		panic(err)
	}
	return d.Root
}

func TestUnknownFunctions(t *testing.T) {
	for src, want := range map[string]string{
		"count-slected(.)":      "there is no function count-slected(); did you mean count-selected()?",
		"concat(sellected(.))":  "there is no function sellected(); did you mean selected()?",
		"frobnicate(1)":         "there is no function frobnicate()",
		"selected(.)":           "selected() takes 2 arguments, not 1",
		"round(1, 2, 3)":        "round() takes 1 or 2 arguments, not 3",
		"true(1)":               "true() takes no arguments, not 1",
		"join()":                "join() takes 1 or more arguments, not 0",
		"indexed-repeat(a, b)":  "indexed-repeat() takes 3 to 11 (an odd number) arguments, not 2",
		"not()":                 "not() takes 1 argument, not 0",
		"weighted-checklist(1)": "weighted-checklist() takes 2 or more (an even number) arguments, not 1",
	} {
		e, err := Parse(src)
		var fe *FunctionError
		if !errors.As(err, &fe) || err.Error() != want {
			t.Errorf("%s: %v, want %s", src, err, want)
		}
		if e == nil {
			t.Errorf("%s: no expression comes with the error", src)
		}
	}
	e, _ := Parse("true() or frobnicate()")
	if ok, err := e.Bool(&Context{Node: &Node{Name: "data"}}); !ok || err != nil {
		t.Errorf("a call that is not reached must not fail: %v, %v", ok, err)
	}
	e, _ = Parse("false() or frobnicate()")
	if _, err := e.Bool(&Context{Node: &Node{Name: "data"}}); err == nil {
		t.Error("an unknown function that is reached must fail")
	}
}

// TestFunctionsAreDocumented holds the tables of docs/xpath.md against the registry, with the number of arguments.
func TestFunctionsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/xpath.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for _, line := range strings.Split(string(page), "\n") {
		call, ok := strings.CutPrefix(line, "| `")
		if !ok {
			continue
		}
		call, _, _ = strings.Cut(call, "`")
		name, args, _ := strings.Cut(strings.TrimSuffix(call, ")"), "(")
		documented[name] = true
		fn := functions[name]
		if fn == nil {
			t.Errorf("docs/xpath.md has %s(), which there is not", name)
			continue
		}
		if least, most := countArguments(args); least < fn.min || fn.max >= 0 && most != fn.max && !strings.Contains(args, "…") {
			t.Errorf("docs/xpath.md has %s; it takes %s", call, fn.takes())
		}
	}
	for _, name := range FunctionNames() {
		if !documented[name] {
			t.Errorf("docs/xpath.md lacks %s()", name)
		}
	}
}

func countArguments(list string) (least, most int) {
	for _, a := range strings.Split(list, ", ") {
		if a == "" || a == "…" {
			continue
		}
		most++
		if !strings.HasSuffix(a, "?") {
			least++
		}
	}
	return least, most
}

func TestDialect(t *testing.T) {
	for name, want := range map[string]string{"trim": "SurveyCTO", "difference-in-months": "CHT", "concat": "", "nope": ""} {
		if got := Dialect(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Months and days are named in the language of the form.
func TestDatesAreNamedInTheLanguageOfTheForm(t *testing.T) {
	e, err := Parse("format-date('2026-08-22', '%a %A %b %B')")
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{"": "Sat Saturday Aug August", "es": "sáb sábado ago agosto", "pt-BR": "sáb sábado ago agosto", "fr_FR": "sam. samedi août août",
		"ht": "sam samdi out out", "Español": "sáb sábado ago agosto", "sw": "Sat Saturday Aug August"} {
		v, err := e.Eval(&Context{Env: &Env{Language: func() string { return language }}})
		if err != nil || v.String() != want {
			t.Errorf("%s: %q %v", language, v.String(), err)
		}
	}
	for language, in := range dateNames {
		if len(in.months) != 12 || len(in.shortMonths) != 12 || len(in.days) != 7 || len(in.shortDays) != 7 {
			t.Errorf("%s lacks a name", language)
		}
	}
}
