package xpath

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// drawTree makes a small tree of elements a, b and c, some hidden, some templates; those of one name stand together.
func drawTree(t *rapid.T, depth int) *Node {
	n := &Node{Name: "r", Value: rapid.SampledFrom([]string{"", "1", "x"}).Draw(t, "value")}
	for _, name := range []string{"a", "b", "c"} {
		if depth == 0 {
			break
		}
		for range rapid.IntRange(0, 5).Draw(t, name) {
			k := drawTree(t, depth-1)
			k.Name, k.Parent = name, n
			k.Hidden = rapid.IntRange(0, 9).Draw(t, "hidden") == 0
			k.Template = rapid.IntRange(0, 9).Draw(t, "template") == 0
			n.Children = append(n.Children, k)
		}
	}
	return n
}

func drawNode(t *rapid.T, root *Node) *Node {
	n := root
	for len(n.Children) > 0 && rapid.Bool().Draw(t, "down") {
		n = n.Children[rapid.IntRange(0, len(n.Children)-1).Draw(t, "child")]
	}
	return n
}

func nodesAt(t *rapid.T, src string, at, root *Node) []*Node {
	e, err := Parse(src)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	v, err := e.Eval(&Context{Node: at, Env: &Env{Root: root}})
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return v.Nodes()
}

// TestPlainPathsAreNothingSpecial: the quick walk of a plain path finds what the general one finds, which a predicate that is always true enforces.
func TestPlainPathsAreNothingSpecial(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root := drawTree(t, 3)
		at := drawNode(t, root)
		steps := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 3).Draw(t, "steps")
		up := strings.Repeat("../", rapid.IntRange(0, 2).Draw(t, "up"))
		plain, general := up+strings.Join(steps, "/"), up+strings.Join(steps, "[true()]/")+"[true()]"
		a, b := nodesAt(t, plain, at, root), nodesAt(t, general, at, root)
		if !at.seen() && len(a) == 0 {
			return // a plain path finds nothing from inside what is hidden, if it ends there
		}
		if !slices.Equal(a, b) {
			t.Fatalf("%s finds %d nodes, %s %d", plain, len(a), general, len(b))
		}
		for _, n := range a {
			if !n.seen() {
				t.Fatalf("%s finds a hidden node", plain)
			}
		}
	})
}

// TestUnionsAreSets: order and doubles do not matter, and the result is in document order.
func TestUnionsAreSets(t *testing.T) {
	paths := rapid.SampledFrom([]string{"//a", "//b/..", "a/b", "//c[1]", "//a/preceding::*", "b/following-sibling::*", "//*[b]/ancestor::*", ".", "//c/.."})
	rapid.Check(t, func(t *rapid.T) {
		root := drawTree(t, 3)
		p, q := paths.Draw(t, "p"), paths.Draw(t, "q")
		a, b, c := nodesAt(t, p+" | "+q, root, root), nodesAt(t, q+" | "+p, root, root), nodesAt(t, p+"|"+q+"|"+p, root, root)
		if !slices.Equal(a, b) || !slices.Equal(a, c) {
			t.Fatalf("%s | %s depends on the order: %d %d %d", p, q, len(a), len(b), len(c))
		}
		var order []*Node
		var visit func(*Node)
		visit = func(n *Node) {
			if slices.Contains(a, n) {
				order = append(order, n)
			}
			for _, k := range n.Children {
				visit(k)
			}
		}
		visit(root)
		if !slices.Equal(order, slices.DeleteFunc(a, func(n *Node) bool { return n.Kind == DocumentNode })) {
			t.Fatalf("%s | %s is not in document order", p, q)
		}
	})
}

// TestConcurrentUse: one expression and one tree serve many sessions at once (run with -race).
func TestConcurrentUse(t *testing.T) {
	d := mustDocument(t, flat(40))
	e, err := Parse("sum(/data/*) + /data/q7 + count(//*[. > 20]) + string-length(concat(/data/q39, //@x))")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				if v, err := e.Eval(&Context{Node: d.Root, Env: &Env{Root: d.Root}}); err != nil || v.Number() != 780+7+20+2 {
					t.Errorf("%v, %v", v.Number(), err)
					return
				}
			}
		})
	}
	group.Wait()
}

// TestBounds: what is too deep, too long or too much is refused, not endured.
func TestBounds(t *testing.T) {
	for name, src := range map[string]string{
		"parentheses": strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000),
		"predicates":  strings.Repeat("a[", 5000) + "1" + strings.Repeat("]", 5000),
		"calls":       strings.Repeat("not(", 5000) + "1" + strings.Repeat(")", 5000),
		"tokens":      strings.Repeat("1+", maxTokens) + "1",
	} {
		if _, err := Parse(src); err == nil {
			t.Errorf("%s: read", name)
		}
	}
	for _, src := range []string{strings.Repeat("1+", 9000) + "1", strings.Repeat("-", 9000) + "1", strings.Repeat("a/", 9000) + "a", strings.Repeat("1=", 9000) + "1"} {
		e, err := Parse(src)
		if err != nil {
			t.Errorf("%.10s…: %v", src, err)
			continue
		}
		if _, err := e.Eval(&Context{Node: &Node{Name: "data"}}); err != nil {
			t.Errorf("%.10s…: %v", src, err)
		}
		e.Refs("/data")
	}
	d := mustDocument(t, roster(50))
	e, err := Parse("count(" + strings.Repeat("//*[", 6) + "1" + strings.Repeat("]", 6) + ")")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := e.Eval(&Context{Node: d.Root}); err == nil {
		t.Errorf("an evaluation without end ended with %v", v.Number())
	}
	deep := "(a" + strings.Repeat("[(a", 100) + strings.Repeat(")[1]]", 100) + ")[1]"
	if e, err = Parse(deep); err != nil {
		t.Fatal(err)
	}
	if refs := e.Refs("/data"); len(refs) == 0 {
		t.Error("nothing read")
	}
}
