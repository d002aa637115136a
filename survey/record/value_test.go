package record

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNewWritesTheCanonicalText(t *testing.T) {
	cases := []struct {
		kind         Kind
		in, out, raw string // raw: as JSON
	}{
		{Text, "Ñandú <\"\t\\>", "Ñandú <\"\t\\>", `"Ñandú <\"\u0009\\>"`},
		{Text, "a\xffb", "a\uFFFDb", "\"a\uFFFDb\""},
		{Integer, " +007 ", "7", `7`},
		{Integer, "-9223372036854775808", "-9223372036854775808", `-9223372036854775808`},
		{Decimal, "4.50", "4.5", `4.5`},
		{Decimal, "5", "5", `5.0`},
		{Decimal, "-0.0", "0", `0.0`},
		{Decimal, ".5", "0.5", `0.5`},
		{Decimal, "1.5e3", "1500", `1500.0`},
		{Decimal, "15E-3", "0.015", `0.015`},
		{Decimal, "0.1234567890123456789", "0.1234567890123456789", `0.1234567890123456789`},
		{Choices, " b  a b ", "b a", `["b","a"]`},
		{Date, "2024-02-29", "2024-02-29", `{"date":"2024-02-29"}`},
		{Time, "14:05", "14:05:00.000", `{"time":"14:05:00.000"}`},
		{Time, "14:05:00.1239-05:00", "14:05:00.123-05:00", `{"time":"14:05:00.123-05:00"}`},
		{DateTime, "2026-11-23T14:05:00+00:00", "2026-11-23T14:05:00.000Z", `{"dateTime":"2026-11-23T14:05:00.000Z"}`},
		{Geopoint, "7.10 -73.12", "7.1 -73.12", `{"geopoint":"7.1 -73.12"}`},
		{Geotrace, "1 2; 3 4 5 6;", "1 2;3 4 5 6", `{"geotrace":"1 2;3 4 5 6"}`},
		{Geoshape, "1 2 0 0;3 4;5 6;1 2 0 0", "1 2 0 0;3 4;5 6;1 2 0 0", `{"geoshape":"1 2 0 0;3 4;5 6;1 2 0 0"}`},
		{File, "casa 1.jpg", "casa 1.jpg", `{"file":"casa 1.jpg"}`},
		{Instance, "", "", `{}`},
	}
	for _, c := range cases {
		v, err := New(c.kind, c.in)
		if err != nil || v.String() != c.out || v.Kind() != c.kind {
			t.Errorf("New(%v, %q) = %v %q, %v; want %q", c.kind, c.in, v.Kind(), v, err, c.out)
			continue
		}
		raw, err := json.Marshal(v)
		if err != nil || unescape(string(raw)) != c.raw {
			t.Errorf("%q as JSON is %s, want %s (%v)", c.in, raw, c.raw, err)
		}
		var back Value
		if err := json.Unmarshal(raw, &back); err != nil || back != v {
			t.Errorf("%s read again is %v %q: %v", raw, back.Kind(), back, err)
		}
	}
}

// unescape undoes what encoding/json does to what MarshalJSON returns, for browsers.
func unescape(s string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(s)
}

func TestNewRefuses(t *testing.T) {
	cases := map[Kind][]string{
		Integer:  {"1.5", "9223372036854775808", "abc", "1 2", "0x1"},
		Decimal:  {"1,5", "NaN", "Infinity", "1e999999", "--1", ".", "1.2.3", "e5", "1e"},
		Date:     {"2026-02-30", "23/11/2026", "2026-11-23T00:00:00"},
		Time:     {"25:00", "14h05"},
		DateTime: {"2026-11-23", "2026-11-23 14:05"},
		Geopoint: {"91 0", "0 181", "7", "1 2 3 4 5", "a b", "1 2 3 -1"},
		Geotrace: {"1", "1 2;;3 4"},
		Geoshape: {"1 2;3 4;5", "x"},
		File:     {"a/b", "..", "a\x00"},
		Instance: {"x"},
		99:       {"x"},
	}
	for kind, texts := range cases {
		for _, s := range texts {
			if v, err := New(kind, s); err == nil {
				t.Errorf("New(%v, %q) = %q", kind, s, v)
			}
		}
	}
	for kind := Text; kind < Instance; kind++ {
		if v, err := New(kind, ""); err != nil || !v.IsZero() {
			t.Errorf("the empty %v is no answer, not %q, %v", kind, v, err)
		}
	}
}

func TestPaths(t *testing.T) {
	const p = Path("grp_c/roster/0001x7k2m4/m_age")
	instance, ok := p.Instance()
	if p.Name() != "m_age" || p.Parent() != instance || !ok || p.Generic() != "grp_c/roster/m_age" || !p.Under("grp_c") || p.Under("grp") || p.Under(p) {
		t.Fatal(p.Name(), p.Parent(), instance, p.Generic())
	}
	if Path("").Join("a").Join("b") != "a/b" || Path("a").Parent() != "" || Path("a/b").Generic() != "a/b" {
		t.Fatal("join and parent")
	}
	for _, bad := range []Path{"", "/a", "a/", "a//b", "a b", "0001x", "r/0001X", "r/0001a/0002b", "a/-b", "a/\xff", Path(strings.Repeat("a/", 32) + "a"), Path(strings.Repeat("a", 1025))} {
		if bad.Check() == nil {
			t.Errorf("%q is taken", string(bad))
		}
	}
	for _, good := range []Path{p, "niño/día", "_a/b-c.d", "r/0001a/s/0001b"} {
		if err := good.Check(); err != nil {
			t.Error(err)
		}
	}
}

func TestInstanceIDsSortInTheOrderOfMaking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.IntRange(1, 9999).Draw(t, "a"), rapid.IntRange(1, 9999).Draw(t, "b")
		random := rapid.SliceOfN(rapid.Byte(), 12, 12).Draw(t, "random")
		one, err1 := NewInstanceID(a, strings.NewReader(string(random[:6])))
		two, err2 := NewInstanceID(b, strings.NewReader(string(random[6:])))
		if err1 != nil || err2 != nil || len(one) != 10 || !IsInstanceID(one) || Path("r/"+one).Check() != nil || a < b && one >= two {
			t.Fatalf("%d %q, %d %q: %v %v", a, one, b, two, err1, err2)
		}
	})
	if _, err := NewInstanceID(10000, strings.NewReader("123456")); err == nil {
		t.Fatal("an ordinal that would not sort")
	}
}

func TestFileNames(t *testing.T) {
	m := Media{SHA256: ID{1}, Type: "image/JPEG; q=1"}
	if id, ok := FileID(m.FileName()); !ok || id != m.SHA256 || !strings.HasSuffix(m.FileName(), ".jpg") {
		t.Fatal(m.FileName())
	}
	if _, ok := FileID("casa.jpg"); ok {
		t.Fatal("any name is a hash")
	}
}
