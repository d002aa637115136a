package xpath

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

const conformance = "../../../shared/data/conformance/"

// caseRow is a row of xpath_cases.jsonl: an expression and the value that another engine's own tests expect.
type caseRow struct {
	ID, Expression, Type, As, TZ, Now, Source, Test string
	Expected                                        any
	Volatile                                        bool
	CustomFunctions                                 bool `json:"custom_functions"`
	Context                                         *struct {
		XML  string `json:"xml_id"`
		Node string
	}
}

// exceptions reads the list of rows on which Vereda differs on purpose: lines of docs/xpath.md that begin "| x01234 x01235 ... |".
func exceptions(t *testing.T) map[string]bool {
	page, err := os.ReadFile("../../docs/xpath.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, line := range strings.Split(string(page), "\n") {
		if strings.HasPrefix(line, "| x0") {
			for _, id := range strings.Fields(strings.Split(line, "|")[1]) {
				listed[id] = true
			}
		}
	}
	return listed
}

func readCases(t *testing.T) (rows []caseRow, contexts map[string]string) {
	file, err := os.Open(conformance + "xpath_cases.jsonl")
	if err != nil {
		t.Skip("left out: the conformance data are not beside the checkout")
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r caseRow
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	raw, err := os.ReadFile(conformance + "xpath_contexts.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &contexts); err != nil {
		t.Fatal(err)
	}
	return rows, contexts
}

// TestConformance holds every row of the suites of JavaRosa, openrosa-xpath-evaluator and web-forms, less those listed in docs/xpath.md. A
// listed row that has come to hold fails too, so that the list stays short.
func TestConformance(t *testing.T) {
	rows, contexts := readCases(t)
	listed := exceptions(t)
	held := 0
	for _, r := range rows {
		problem := r.check(contexts)
		switch {
		case problem == "" && listed[r.ID]:
			t.Errorf("%s holds and need not be listed: %s", r.ID, r.Expression)
		case problem == "":
			held++
		case !listed[r.ID]:
			t.Errorf("%s %s: %s\n\t%s", r.ID, r.Source, r.Expression, problem)
		}
	}
	t.Logf("%d of %d rows hold, %d are listed as different on purpose", held, len(rows), len(listed))
}

// check evaluates a row; it returns what is wrong, or "".
func (r *caseRow) check(contexts map[string]string) string {
	e, parseErr := Parse(r.Expression)
	if e == nil {
		if r.Type == "error" {
			return ""
		}
		return parseErr.Error()
	}
	zone, err := time.LoadLocation(r.TZ)
	if err != nil {
		return err.Error()
	}
	at := time.Date(2026, 11, 23, 12, 4, 16, 0, time.UTC)
	if r.Now != "" {
		at, _ = time.Parse(time.RFC3339, r.Now)
	}
	env := &Env{Now: func() time.Time { return at.In(zone) }, Random: rand.New(rand.NewSource(7))}
	c := &Context{Env: env}
	xml := "<nothing/>"
	if r.Context != nil {
		xml = contexts[r.Context.XML]
	}
	doc, err := ParseXML(strings.NewReader(xml))
	if err != nil {
		return "context: " + err.Error()
	}
	env.Root, env.Instances = doc.Root, doc.Instances
	env.Text = func(id string) string { return doc.Text(id, r.language()) }
	c.Node = doc.Top
	if r.Context != nil {
		if c.Node, err = Find(doc.Root, r.Context.Node); err != nil {
			return err.Error()
		}
	}
	v, err := e.Eval(c)
	if r.Type == "error" {
		if err == nil {
			return fmt.Sprintf("no error but %q", v.String())
		}
		return ""
	}
	if err != nil {
		return "error: " + err.Error()
	}
	return r.compare(v, doc)
}

func (r *caseRow) compare(v Value, doc *Document) string {
	got := any(nil)
	switch want := r.Expected.(type) {
	case bool:
		if got = v.Bool(); got == want {
			return ""
		}
	case float64:
		if strings.TrimSpace(r.Expression) == "random()" && v.Number() >= 0 && v.Number() < 1 {
			return ""
		}
		if got = v.Number(); closeTo(v.Number(), want) || measures.MatchString(r.Expression) && math.Round(v.Number()*100)/100 == want {
			return ""
		}
	case []any:
		var a, b []string
		for _, n := range v.Nodes() {
			a = append(a, domPath(doc, n))
		}
		for _, w := range want {
			b = append(b, r.fromOne(w.(string)))
		}
		if strings.Join(a, " ") == strings.Join(b, " ") || r.Volatile && len(a) == len(b) {
			return ""
		}
		return fmt.Sprintf("got %v\n\twant %v", a, b)
	case string:
		switch {
		case r.Type == "number":
			n := map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1), "-0.0": 0}[want]
			if got = v.Number(); closeTo(v.Number(), n) {
				return ""
			}
		case r.Type == "node":
			if n := v.Nodes(); len(n) > 0 && domPath(doc, n[0]) == want {
				return ""
			}
			got = v.Type()
		case v.String() == want || r.Volatile && alike(v.String()) == alike(want):
			return ""
		default:
			got = v.String()
		}
	}
	return fmt.Sprintf("got %#v\n\twant %#v as %s", got, r.Expected, r.As)
}

// fromOne makes JavaRosa's positions, which count from 0, count from 1.
func (r *caseRow) fromOne(path string) string {
	if r.Source != "javarosa" {
		return path
	}
	return "/data[1]" + strings.NewReplacer("[0]", "[1]", "[1]", "[2]", "/data", "").Replace(path)
}

// measures are functions of which the other engines give two decimals, where JavaRosa gives all digits.
var measures = regexp.MustCompile(`^(area|distance)\(`)

func closeTo(a, b float64) bool {
	return a == b || a != a && b != b || math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b))
}

var letters, digits = regexp.MustCompile(`[a-f]|\d`), regexp.MustCompile(`\d`)

// alike blurs what depends on the clock or on chance.
func alike(s string) string {
	if len(s) >= 4 && strings.Contains(s, ":") {
		return digits.ReplaceAllString(s, "0")
	}
	return letters.ReplaceAllString(s, "0")
}

var inLanguage = regexp.MustCompile(`in language '(\w+)'`)

// language is the language that the row's title names, or the first.
func (r *caseRow) language() string {
	if m := inLanguage.FindStringSubmatch(r.Test); m != nil {
		return m[1]
	}
	return ""
}

// domPath writes a node as the suites name nodes: every step with its number, the document type counted among the elements named so.
func domPath(doc *Document, n *Node) string {
	switch n.Kind {
	case DocumentNode:
		return "/"
	case Attribute:
		return domPath(doc, n.Parent) + "/@" + n.Name
	}
	up := ""
	if n.Parent.Kind != DocumentNode {
		up = domPath(doc, n.Parent)
	}
	place := 1
	for _, c := range n.Parent.Children {
		if c == n {
			break
		}
		if c.Kind == n.Kind && c.Name == n.Name {
			place++
		}
	}
	name := map[NodeKind]string{TextNode: "text()", Comment: "comment()", Instruction: "processing-instruction()", Element: n.Name}[n.Kind]
	if n == firstElement(doc.Top) && n.Name == "html" {
		place++
	}
	return fmt.Sprintf("%s/%s[%d]", up, name, place)
}
