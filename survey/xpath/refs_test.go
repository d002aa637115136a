package xpath

import (
	"strings"
	"testing"
)

func TestRefs(t *testing.T) {
	const base = "/data/grp/roster/age"
	for _, c := range []struct{ src, want string }{
		{". >= 0 and . <= 120", base + " self"},
		{"../name", "/data/grp/roster/name"},
		{"position(..)", "/data/grp/roster position"},
		{"current()/../name", "/data/grp/roster/name"},
		{"current()", base + " self"},
		{"/data/a + /data/b", "/data/a, /data/b"},
		{"/data/a | ../b", "/data/a, /data/grp/roster/b"},
		{"sum(/data/grp/roster/age)", base + " self"},
		{"count(/data/grp/roster)", "/data/grp/roster position"},
		{"count(/data/member[net = '1'])", "/data/member position, /data/member/net"},
		{"/data/member[net = ../x]/name", "/data/member position, /data/member/name, /data/member/net, /data/x"},
		{"/data/member[position() = 2]/name", "/data/member position, /data/member/name"},
		{"/data/member[2]/name", "/data/member position, /data/member/name"},
		{"../../roster[position() = position(current()/..) - 1]/age", "/data/grp/roster position, " + base + " self"},
		{"instance('list')/root/item[name = current()/../pick]/label",
			"/data/grp/roster/pick, instance(list)/root/item position, instance(list)/root/item/label, instance(list)/root/item/name"},
		{"indexed-repeat(/data/r/name, /data/r, /data/k)", "/data/k, /data/r position, /data/r/name"},
		{"once(/data/a)", "/data/a"},
		{"string-length()", base + " self"},
		{"if(/data/a, ../b, string(/data/c))", "/data/a, /data/c, /data/grp/roster/b"},
		{"/data/*", "/data/*"},
		{"count(/data//x)", "/data//x position"},
		{"/data/a/@id", "/data/a/@id"},
		{"selected(/data/a, 'x') or not(regex(/data/b, '.'))", "/data/a, /data/b"},
		{"(/data/a | /data/b)[. > /data/c]", "/data/a position, /data/b position, /data/c"},
		{"-/data/a * 2", "/data/a"},
		{"1 + 2 = concat('a', 'b')", ""},
		{"random() + count(randomize(/data/r))", "/data/r position"},
		{"jr:choice-name(/data/a, '/data/a')", "/data/a"},
		{"/data/r[x[y = 1]/z]/w", "/data/r position, /data/r/w, /data/r/x position, /data/r/x/y, /data/r/x/z"},
		{"/data/a/../b", "/data/b"},
		{"position()", base + " self position"},
		{"if(/data/a, /data/m, /data/n)[. = 1]", "/data/a, /data/m position, /data/n position"},
	} {
		e, err := Parse(c.src)
		if err != nil {
			t.Errorf("%s: %v", c.src, err)
			continue
		}
		var got []string
		for _, r := range e.Refs(base) {
			s := r.Path
			if r.Self {
				s += " self"
			}
			if r.Position {
				s += " position"
			}
			got = append(got, s)
		}
		if g := strings.Join(got, ", "); g != c.want {
			t.Errorf("%s reads\n\t%s, want\n\t%s", c.src, g, c.want)
		}
	}
}

func TestRefsOfChoiceFilter(t *testing.T) {
	e, err := Parse("selected(../../a, name) and current()/../b = ctry")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range e.RefsAt("instance(l)/root/item", "/data/q") {
		got = append(got, r.Path)
	}
	if g := strings.Join(got, " "); g != "/data/b instance(l)/a instance(l)/root/item/ctry instance(l)/root/item/name" {
		t.Error(g)
	}
}

func TestFunctionsCalled(t *testing.T) {
	e, err := Parse("concat(string(.), count(/a[not(b)]), string(1))")
	if err != nil {
		t.Fatal(err)
	}
	if g := strings.Join(e.Functions(), " "); g != "concat count not string" {
		t.Error(g)
	}
}
