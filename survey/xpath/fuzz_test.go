package xpath

import (
	"math/rand"
	"strings"
	"testing"
	"time"
)

// FuzzParse: no text makes Parse or evaluation panic or run for long, and what is read twice is read the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"1", ". >= 0 and . <= 120", "/data/grp_c/roster[position() = 2]/m_age", "//@id | //text()", "concat('a', \"b\")[1]", "-(1 div 0) mod 2", "2div1",
		"if(a, b, c)", "indexed-repeat(/data/grp_c/roster/m_name, /data/grp_c/roster, 2)", "ancestor-or-self::node()[last()]", "regex(., '(?=a)[b')", "date('2026-02-31')",
		"format-date(now(), '%Y')", "((((((1))))))", "instance('x')/root/item[name=current()/../a]", "count(//*[//*])", "substr('é', -1, 9)", "uuid(5)", "a[b[c[d]]]", "$x", "“a”", "jr:itext('a')",
		"following::*/preceding::*", "randomize(//m_age, 'seed')", "\xff", "processing-instruction('x')", "1 = 2 < 3 != //*", "..//..", "area('0 0;0 1')", "@*", "*:*",
	} {
		f.Add(s)
	}
	doc, err := ParseXML(strings.NewReader(household))
	if err != nil {
		f.Fatal(err)
	}
	env := &Env{Root: doc.Root, Random: rand.New(rand.NewSource(1)), Now: func() time.Time { return time.Unix(1_800_000_000, 0).UTC() }}
	at, err := Find(doc.Root, "/data/grp_c/roster[2]/m_age")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src string) {
		e, err := Parse(src)
		if (e == nil) != (err != nil) {
			if _, unknown := err.(*FunctionError); !unknown {
				t.Fatalf("%v and %v", e, err)
			}
		}
		if e == nil {
			return
		}
		if len(src) < 400 {
			v, _ := e.Eval(&Context{Node: at, Env: env})
			_, _, _ = v.String(), v.Number(), v.Bool()
			_, _ = e.Eval(&Context{})
		}
		e.Refs("/data/grp_c/roster/m_age")
	})
}

// FuzzRegex: no pattern and no text make matching panic, and no pattern takes longer than it may.
func FuzzRegex(f *testing.F) {
	for _, pattern := range []string{`(a)\1`, `(?<=x)y|(?<!z)w`, `\p{Alpha}+(?=\d)`, `(?<n>a)\k<n>`, `[[a]b]`, `(?:a{1,2}){2,3}\b`, `\Q[\E(?=x)`, `(?i)ñ(?!x)`, `a++`, `(?>a+)b`} {
		f.Add(pattern, "aab xy 12 ñ")
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		p, err := compilePattern(pattern)
		if (p == nil) != (err != nil) {
			t.Fatalf("%v and %v", p, err)
		}
		if p == nil || len(pattern) > 200 || len(text) > 200 {
			return
		}
		if p.back != nil {
			p.back.re.MatchTimeout = 50 * time.Millisecond
		}
		_, _ = p.matches(text)
	})
}

// FuzzParseXML: no bytes make ParseXML panic.
func FuzzParseXML(f *testing.F) {
	f.Add(household)
	f.Add("<model><instance><a b='c'/></instance><instance id='x'/></model>")
	f.Add("<!DOCTYPE a><a><!-- c --><?p i?><![CDATA[x]]></a>")
	f.Fuzz(func(t *testing.T, src string) {
		d, err := ParseXML(strings.NewReader(src))
		if err == nil && (d.Root == nil || d.Top == nil) {
			t.Fatal("no root")
		}
	})
}
