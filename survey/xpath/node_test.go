package xpath

import (
	"errors"
	"strings"
	"testing"
)

func evalAt(t *testing.T, d *Document, at, src string) string {
	t.Helper()
	e, err := Parse(src)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	v, err := e.Eval(&Context{Node: mustFind(t, d, at), Env: testEnv(d)})
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return v.String()
}

// TestHidden: what is not relevant is in no node-set and empty as a string, with everything in it.
func TestHidden(t *testing.T) {
	d := mustDocument(t, household)
	mustFind(t, d, "/data/grp_c/roster[2]").Hidden = true
	for src, want := range map[string]string{
		"count(/data/grp_c/roster)":                                        "2",
		"sum(/data/grp_c/roster/m_age)":                                    "105",
		"join(',', /data/grp_c/roster/m_name)":                             "Ana,Caro",
		"count(/data//m_age)":                                              "2",
		"position(/data/grp_c/roster[m_name = 'Caro'])":                    "3",
		"indexed-repeat(/data/grp_c/roster/m_name, /data/grp_c/roster, 2)": "",
		"contains(string(/data/grp_c), 'Beto')":                            "false",
	} {
		if got := evalAt(t, d, "/data", src); got != want {
			t.Errorf("%s is %q, want %q", src, got, want)
		}
	}
	for src, want := range map[string]string{
		".": "", "../m_name": "", "../m_name = ''": "true", "../m_name != 'Ana'": "true", "string-length(.)": "0", "count(..)": "0",
		"../../../a_ea": "EA-07", "boolean(.)": "false", "count(../../roster)": "2", "count(ancestor::data)": "1", "count(../@x | ../m_age)": "0",
	} {
		if got := evalAt(t, d, "/data/grp_c/roster[2]/m_age", src); got != want {
			t.Errorf("inside: %s is %q, want %q", src, got, want)
		}
	}
}

func TestTemplatesAreNeverSeen(t *testing.T) {
	d := mustDocument(t, household)
	mustFind(t, d, "/data/grp_c/roster[1]").Template = true
	for src, want := range map[string]string{
		"count(/data/grp_c/roster)": "2", "/data/grp_c/roster[1]/m_name": "Beto", "position(/data/grp_c/roster[m_name='Caro'])": "2",
		"indexed-repeat(/data/grp_c/roster/m_name, /data/grp_c/roster, 1)": "Beto", "count(//roster)": "2",
	} {
		if got := evalAt(t, d, "/data", src); got != want {
			t.Errorf("%s is %q, want %q", src, got, want)
		}
	}
}

// TestNumericNodes: integer and decimal answers are compared and tested as numbers, other answers as text.
func TestNumericNodes(t *testing.T) {
	d := mustDocument(t, "<data><a>5</a><b>5.0</b><zero>0</zero><text>0</text><blank/></data>")
	for _, name := range []string{"a", "b", "zero", "blank"} {
		mustFind(t, d, "/data/"+name).Numeric = true
	}
	for src, want := range map[string]string{
		"/data/a = /data/b": "true", "/data/a = '5.00'": "true", "boolean(/data/zero)": "false", "boolean(/data/text)": "true",
		"/data/blank = ''": "true", "/data/blank = 0": "false", "/data/zero = ''": "false", "/data/a != /data/b": "false",
	} {
		if got := evalAt(t, d, "/data", src); got != want {
			t.Errorf("%s is %q, want %q", src, got, want)
		}
	}
}

func TestBooleanNodes(t *testing.T) {
	d := mustDocument(t, "<data><yes>true</yes><no>false</no><text>false</text></data>")
	mustFind(t, d, "/data/yes").Boolean = true
	mustFind(t, d, "/data/no").Boolean = true
	for src, want := range map[string]string{
		"boolean(/data/yes)": "true", "boolean(/data/no)": "false", "/data/no = false()": "true", "if(/data/text, 1, 2)": "1", "/data/no = 'false'": "true",
	} {
		if got := evalAt(t, d, "/data", src); got != want {
			t.Errorf("%s is %q, want %q", src, got, want)
		}
	}
}

// TestManyChildren: among many children the right ones are found, also when instances come and go between evaluations.
func TestManyChildren(t *testing.T) {
	root := &Node{Name: "data"}
	add := func(name, value string) {
		root.Children = append(root.Children, &Node{Name: name, Value: value, Parent: root})
	}
	for i := range 30 {
		add("q"+string(rune('a'+i%26))+string(rune('a'+i/26)), "x")
	}
	add("rep", "1")
	add("rep", "2")
	add("last", "z")
	e, err := Parse("concat(count(/data/rep), join('', /data/rep), /data/last, /data/qda, count(/data/none))")
	if err != nil {
		t.Fatal(err)
	}
	eval := func() string {
		v, err := e.Eval(&Context{Node: root, Env: &Env{Root: root}})
		if err != nil {
			t.Fatal(err)
		}
		return v.String()
	}
	if got := eval(); got != "212zx0" {
		t.Errorf("%q", got)
	}
	root.Children = append(root.Children[:10:10], root.Children[11:]...)
	if got := eval(); got != "212zx0" {
		t.Errorf("after removal: %q", got)
	}
	last := root.Children[len(root.Children)-1]
	root.Children = append(root.Children[:len(root.Children)-1], &Node{Name: "rep", Value: "3", Parent: root}, last)
	if got := eval(); got != "3123zx0" {
		t.Errorf("after an instance more: %q", got)
	}
}

func TestScatteredChildren(t *testing.T) {
	d := mustDocument(t, "<r>"+strings.Repeat("<a>1</a><b>2</b>", 10)+"</r>")
	if got := evalAt(t, d, "/r", "concat(count(/r/a), '-', sum(/r/b))"); got != "10-20" {
		t.Error(got)
	}
}

func TestParseXML(t *testing.T) {
	d := mustDocument(t, `<?xml version="1.0"?><h:html xmlns:h="http://www.w3.org/1999/xhtml" xmlns="http://www.w3.org/2002/xforms"><h:head><model>
<instance><data id="f"><a>1 &amp; 2</a><b>x<c/>y</b></data></instance><instance id="l"><root><item><name>n</name></item></root></instance></model></h:head></h:html>`)
	if d.Root.Name != "data" || d.Root.Attr("id") != "f" || d.Instances["l"] == nil {
		t.Fatalf("%+v", d)
	}
	for src, want := range map[string]string{
		"/data/a": "1 & 2", "/data/b": "xy", "instance('l')/root/item/name": "n", "count(/data/b/text())": "2", "namespace-uri(/data)": "http://www.w3.org/2002/xforms",
		"name(/h:html)": "h:html", "count(//xhtml:head)": "1", "local-name(/h:html/h:head)": "head",
	} {
		if got := evalAt(t, d, "/data", src); got != want {
			t.Errorf("%s is %q, want %q", src, got, want)
		}
	}
}

func TestParseXMLTakesUnescapedComparisons(t *testing.T) {
	d := mustDocument(t, `<a><!-- "<" --><b x="1 < 2" y='"<'>"t"<![CDATA["<x y="<"]]></b></a>`)
	b := mustFind(t, d, "/a/b")
	if b.Attr("x") != "1 < 2" || b.Attr("y") != `"<` || b.StringValue() != `"t""<x y="<"` {
		t.Errorf("%+v %q", b.Attrs, b.StringValue())
	}
}

func TestParseXMLRefuses(t *testing.T) {
	for _, bad := range []string{"", "text", "<a>", "<a></b>", "<a/><b/>", "</a>", "<a>&nope;</a>", "<a", "<a b></a>", strings.Repeat("<a>", MaxXMLDepth+1)} {
		if d, err := ParseXML(strings.NewReader(bad)); err == nil {
			t.Errorf("%.20q was read as %v", bad, d.Root.Name)
		}
	}
	if _, err := ParseXML(strings.NewReader(strings.Repeat("<a>", MaxXMLDepth+1))); !errors.Is(err, ErrXMLSize) {
		t.Errorf("too deep: %v", err)
	}
}

func TestFind(t *testing.T) {
	d := mustDocument(t, household)
	if n := mustFind(t, d, "/data/grp_c/roster[3]/m_name"); n.Value != "Caro" || n.Path() != "/data/grp_c/roster/m_name" {
		t.Errorf("%+v", n)
	}
	if n := mustFind(t, d, "/data/@id"); n.Value != "household" || n.Path() != "/data/@id" {
		t.Errorf("%+v", n)
	}
	for _, bad := range []string{"data", "/other", "/data/none", "/data/grp_c/roster[4]", "/data/grp_c/roster[x]", "/data/grp_c/roster[0]", "/data/@none", "/data/grp_c/roster[2"} {
		if n, err := Find(d.Root, bad); err == nil {
			t.Errorf("%s is %v", bad, n.Name)
		}
	}
}
