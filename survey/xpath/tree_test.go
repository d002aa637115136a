package xpath

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestTreeWritesWhatMeansTheSame(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{`. >= 0 and .<=120`, `. >= 0 and . <= 120`},
		{`not((selected(., "98") or selected(.,'x')) and count-selected(.)>1)`, `not((selected(., '98') or selected(., 'x')) and count-selected(.) > 1)`},
		{`(1 + 2) * 3 - (4 - 5)`, `(1 + 2) * 3 - (4 - 5)`},
		{`1 - 2 - 3`, `1 - 2 - 3`},
		{`-(1 + 2)`, `-(1 + 2)`},
		{`--1`, `--1`},
		{`(a or b) and c`, `(a or b) and c`},
		{`(a = b) = c`, `a = b = c`},
		{`a = (b = c)`, `a = (b = c)`},
		{`/`, `(/)`},
		{`//x`, `/descendant-or-self::node()/x`},
		{`current()/../x[. = "it's"]/@id`, `current()/../x[. = "it's"]/@id`},
		{`instance('l')/root/item[name = /data/a]/label`, `instance('l')/root/item[name = /data/a]/label`},
		{`(a | b)[1][2]/c`, `(a | b)[1][2]/c`},
		{`(a)[1]`, `(a)[1]`},
		{`preceding-sibling::item[position() = last()]`, `preceding-sibling::item[position() = last()]`},
		{`self::node()/processing-instruction('x')`, `self::node()/processing-instruction('x')`},
	} {
		if got := parsed(t, c.src).Tree("/data/q", "/data/q").String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.src, got, c.want)
		}
	}
}

func TestTreeSaysWherePathsLead(t *testing.T) {
	tree := parsed(t, `../a + sum(/data/r/n) + instance('l')/root/item[x = current()/../b]/y`).Tree("/data/g/q", "/data/g/q")
	sum := tree.Args[0]
	lookup := tree.Args[1]
	for _, c := range []struct{ got, want string }{
		{sum.Args[0].Path, "/data/g/a"},
		{sum.Args[1].Args[0].Path, "/data/r/n"},
		{lookup.Path, "instance(l)/root/item/y"},
		{lookup.Steps[1].Predicates[0].Args[0].Path, "instance(l)/root/item/x"},
		{lookup.Steps[1].Predicates[0].Args[1].Path, "/data/g/b"},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
}

// TestTreesAreReadAgain writes every expression that other engines' tests evaluate, and reads it again.
func TestTreesAreReadAgain(t *testing.T) {
	file, err := os.Open(conformance + "xpath_cases.jsonl")
	if err != nil {
		t.Skip("left out: the conformance data are not beside the checkout")
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	count := 0
	for lines.Scan() {
		var row map[string]any
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		src, _ := row["expression"].(string)
		e, err := Parse(src)
		if err != nil {
			continue
		}
		count++
		holdTree(t, e)
	}
	if count < 100 {
		t.Errorf("only %d expressions were read", count)
	}
}

// holdTree checks that what the tree writes is read as the same tree.
func holdTree(t *testing.T, e *Expr) {
	t.Helper()
	once := e.Tree("/data/a/b", "/data/a/b").String()
	again, err := Parse(once)
	if err != nil {
		if _, call := err.(*FunctionError); !call {
			t.Errorf("%s is written %s: %v", e, once, err)
			return
		}
	}
	if twice := again.Tree("/data/a/b", "/data/a/b").String(); twice != once {
		t.Errorf("%s is written %s, and that %s", e, once, twice)
	}
}

func parsed(t *testing.T, src string) *Expr {
	t.Helper()
	e, err := Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func FuzzTree(f *testing.F) {
	for _, s := range []string{". >= 0", "-(1)", "(a|b)[1]/c", "current()/..//x[1]", "instance('x')/root/item[a='b']/c", "a - -b", "1e5", "//@*", "(a/b)[c]/d[e]", strings.Repeat("8", 400), "2 * " + strings.Repeat("8", 400)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		e, err := Parse(src)
		if err == nil {
			holdTree(t, e)
		}
	})
}
