package xpath

import (
	"fmt"
	"strings"
	"testing"
)

func benchmark(b *testing.B, d *Document, at, src, want string) {
	b.Helper()
	e, err := Parse(src)
	if err != nil {
		b.Fatal(err)
	}
	env := testEnv(d)
	c := &Context{Node: mustFind(b, d, at), Env: env}
	if v, err := e.Eval(c); err != nil || v.String() != want {
		b.Fatalf("%q, %v", v.String(), err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Eval(c); err != nil {
			b.Fatal(err)
		}
	}
}

func roster(members int) string {
	var s strings.Builder
	s.WriteString("<data><k>1</k><grp>")
	for i := range members {
		fmt.Fprintf(&s, "<roster><name>m%d</name><age>%d</age><net>%d</net></roster>", i, i, i%2)
	}
	return s.String() + "</grp></data>"
}

func flat(questions int) string {
	var s strings.Builder
	s.WriteString("<data>")
	for i := range questions {
		fmt.Fprintf(&s, "<q%d>%d</q%d>", i, i, i)
	}
	return s.String() + "</data>"
}

func BenchmarkConstraint(b *testing.B) {
	benchmark(b, mustDocument(b, household), "/data/grp_c/roster[3]/m_age", ". >= 0 and . <= 120", "true")
}

func BenchmarkRelevant(b *testing.B) {
	benchmark(b, mustDocument(b, household), "/data/j_k", "/data/f_net = '1' and count-selected(/data/f_type) > 1", "true")
}

func BenchmarkAbsolutePath(b *testing.B) {
	benchmark(b, mustDocument(b, household), "/data/j_k", "/data/a_ea", "EA-07")
}

func BenchmarkAbsolutePathOf5000(b *testing.B) {
	benchmark(b, mustDocument(b, flat(5000)), "/data/q1", "/data/q4321 + 1", "4322")
}

func BenchmarkInsideRoster(b *testing.B) {
	benchmark(b, mustDocument(b, roster(50)), "/data/grp/roster[40]/net", "if( ../age  >=  /data/k , position(..), '')", "40")
}

func BenchmarkSumOf50(b *testing.B) {
	benchmark(b, mustDocument(b, roster(50)), "/data/k", "sum(/data/grp/roster/age)", "1225")
}

func BenchmarkCountWithPredicateOf50(b *testing.B) {
	benchmark(b, mustDocument(b, roster(50)), "/data/k", "count(/data/grp/roster[net = '1'])", "25")
}

func BenchmarkJoinOf3(b *testing.B) {
	benchmark(b, mustDocument(b, roster(3)), "/data/k", "normalize-space(join(' ', /data/grp/roster/name))", "m0 m1 m2")
}

func BenchmarkIndexedRepeat(b *testing.B) {
	benchmark(b, mustDocument(b, roster(50)), "/data/k", "indexed-repeat(/data/grp/roster/name, /data/grp/roster, 30)", "m29")
}

func BenchmarkChoiceOf5000(b *testing.B) {
	d := mustDocument(b, "<data><a>c77</a></data>")
	var s strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&s, "<item><name>c%d</name><label>L%d</label></item>", i, i)
	}
	d.Instances["l"] = mustList("<root>" + s.String() + "</root>")
	benchmark(b, d, "/data/a", "instance('l')/root/item[name = /data/a]/label", "L77")
}

func BenchmarkRegex(b *testing.B) {
	benchmark(b, mustDocument(b, household), "/data/a_ea", "regex(., '^[A-Za-z0-9_-]{1,20}$')", "true")
}

func BenchmarkDates(b *testing.B) {
	benchmark(b, mustDocument(b, "<data><born>1990-05-17</born></data>"), "/data/born", "int((today() - .) div 365.25)", "36")
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("if(/data/v_contact = 'available' and /data/b_consent = '1', 1, 0)"); err != nil {
			b.Fatal(err)
		}
	}
}
