package diagram

import (
	"bytes"
	"encoding/xml"
	"io"
	"testing"

	"pgregory.net/rapid"

	"vereda/survey/form"
	"vereda/survey/goldentest"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/xlsform"
	"vereda/survey/xpath"
)

const tables = `
| survey |
| | type | name | label | relevant | calculation | constraint | required | default | choice_filter | repeat_count |
| | integer | size | How many "people"? | | | | | | | |
| | begin group | a | Home | ${size} > 0 | | | | | | |
| | select_one l | town | Town | | | | | | | |
| | select_one l | road | Road to ${town} | | | . != ${town} | ${size} > 3 | | region = ${town} | |
| | end group | | | | | | | | | |
| | begin repeat | people | People | | | | | | | ${size} |
| | integer | age | Age | | | . <= 120 | | | | |
| | calculate | n | | | position(..) | | | | | |
| | text | job | Work | ${age} > 15 | | | | ${town} | | |
| | end repeat | | | | | | | | | |
| | calculate | total | | | sum(${age}) + count(${people}) | | | | | |
| | text | alone | Nobody reads it | | | | | | | |
| choices |
| | list_name | name | label | region |
| | l | x | X | x |
`

func plain(i *form.Item) string { return i.Name }

func words(link string) Words {
	return Words{Number: func(*form.Item) string { return "" }, Label: func(i *form.Item) string {
		if l := i.Label.Plain("default", ""); l != "" {
			return l
		}
		return plain(i)
	}, Link: func(i *form.Item) string { return link }, Kind: Kind.String}
}

func small(t *testing.T) *form.Form {
	t.Helper()
	f, problems := xlsform.Read("small.md", []byte(tables))
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

func TestEdges(t *testing.T) {
	g := New(small(t))
	want := []string{
		"size → a asked", "size → a/road required", "size → people counted", "a/town → a/road offered", "a/town → a/road checked", "a/town → a/road shown",
		"a/town → people/job calculated", "people → total calculated", "people/age → people/job asked", "people/age → total calculated",
	}
	for n, e := range g.Edges {
		got := string(e.From.Path) + " → " + string(e.To.Path) + " " + e.Kind.String()
		if n >= len(want) || got != want[n] {
			t.Errorf("edge %d: %s", n, got)
		}
	}
	if len(g.Edges) != len(want) {
		t.Errorf("%d edges, want %d", len(g.Edges), len(want))
	}
	if town := g.Nodes[2]; town.Name != "town" || len(g.From(town)) != 4 {
		t.Errorf("%d edges begin at %s", len(g.From(town)), town.Name)
	}
	for _, i := range g.Nodes {
		if i.Name == "alone" || i.Name == "n" {
			t.Errorf("%s is drawn, though it has no edge", i.Name)
		}
	}
}

func TestWritten(t *testing.T) {
	g := New(small(t))
	for name, write := range map[string]func(io.Writer, Words) error{"svg": g.SVG, "dot": g.DOT, "mermaid": g.Mermaid} {
		var b bytes.Buffer
		if err := write(&b, words("")); err != nil {
			t.Fatal(err)
		}
		goldentest.Same(t, "testdata/small."+name+".golden", b.Bytes())
	}
}

func TestQuestionnaireIsDrawn(t *testing.T) {
	g := New(questionnaire.Form())
	var b bytes.Buffer
	if err := g.SVG(&b, words("#x")); err != nil {
		t.Fatal(err)
	}
	decoder := xml.NewDecoder(&b)
	for {
		if _, err := decoder.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	hold(t, g)
}

// TestLayout: in random graphs, with circles too, every node has a place of its own, and stands right of what it depends on unless that closes a circle.
func TestLayout(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		root := &form.Item{Kind: form.Group, Name: "data"}
		var items []*form.Item
		for n := range rapid.IntRange(2, 30).Draw(rt, "items") {
			parent := root
			if len(items) > 0 && rapid.Bool().Draw(rt, "inside") && items[0].Kind == form.Group {
				parent = items[0]
			}
			i := &form.Item{Kind: form.Question, Type: form.TypeText, Name: string(rune('a' + n)), Index: n + 1}
			if n == 0 {
				i.Kind = form.Group
			}
			parent.Add(i)
			items = append(items, i)
		}
		g := Graph{Nodes: items}
		forward := true
		for range rapid.IntRange(1, 40).Draw(rt, "edges") {
			from, to := rapid.IntRange(0, len(items)-1).Draw(rt, "from"), rapid.IntRange(0, len(items)-1).Draw(rt, "to")
			if from != to {
				g.Edges = append(g.Edges, Edge{items[from], items[to], Asked})
				forward = forward && from < to
			}
		}
		hold(rt, g)
		if l := g.layout(); forward {
			for _, e := range g.Edges {
				if l.spots[e.From].rank >= l.spots[e.To].rank {
					rt.Fatalf("%s stands right of %s", e.From.Name, e.To.Name)
				}
			}
		}
		if err := g.SVG(io.Discard, words("")); err != nil {
			rt.Fatal(err)
		}
	})
}

type failing interface{ Fatalf(string, ...any) }

// hold checks that no two nodes overlap, and that all stand in the drawing.
func hold(t failing, g Graph) {
	l := g.layout()
	for n, i := range g.Nodes {
		a := l.spots[i]
		if a == nil || a.x < 0 || a.y < 0 || a.x+nodeWidth > l.wide || a.y+nodeHeight > l.high {
			t.Fatalf("%s has no place in the drawing", i.Name)
		}
		for _, other := range g.Nodes[:n] {
			b := l.spots[other]
			if a.x < b.x+nodeWidth && b.x < a.x+nodeWidth && a.y < b.y+nodeHeight && b.y < a.y+nodeHeight {
				t.Fatalf("%s lies over %s", i.Name, other.Name)
			}
		}
	}
}

// TestLongChain: a chain as long as a form may be is laid out without recursion.
func TestLongChain(t *testing.T) {
	root := &form.Item{Kind: form.Group, Name: "data"}
	f := &form.Form{ID: "chain", Root: root}
	var before *form.Item
	for range 2000 {
		i := &form.Item{Kind: form.Question, Type: form.TypeInteger, Name: "q" + string(record.NewInteger(int64(len(root.Children))).String())}
		if before != nil {
			e, err := xpath.Parse("/data/" + before.Name + " > 0")
			if err != nil {
				t.Fatal(err)
			}
			i.Relevant = e
		}
		root.Add(i)
		before = i
	}
	if problems := f.Compile(); form.HasErrors(problems) {
		t.Fatal(problems[0])
	}
	if ranks := New(f).ranks(); ranks[before] != 1999 {
		t.Errorf("the last stands in column %d", ranks[before])
	}
}
