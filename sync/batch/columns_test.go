package batch

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// backAndForth lays text out in columns and reads it again; false when it cannot be laid out.
func backAndForth(text string) (string, bool, error) {
	columns, ok := toColumns([]byte(text))
	if !ok {
		return "", false, nil
	}
	r, err := fromColumns(columns)
	if err != nil {
		return "", true, err
	}
	b, err := io.ReadAll(r)
	return string(b), true, err
}

// lines are texts like those of batches: objects with keys of a form, instances, and anything as values.
func lines(t *rapid.T) string {
	key := rapid.SampledFrom([]string{"v", "set", "grp/q", "grp/q2", "r/0001abcdef", "r/0001abcdef/age", "r/0002zzzzzz", "r/0002zzzzzz/age",
		"r/0001abcdef/s/0001qqqqqq/x", "r/0001abcdef/s/0002qqqqqq/x", "ñ", `a\"b`})
	value := rapid.SampledFrom([]string{`1`, `"yes"`, `"no"`, `{}`, `["a","b"]`, `"ñandú: \"x\""`, `{"geopoint":"1 2 3 4"}`, `-4.50`})
	var b strings.Builder
	for range rapid.IntRange(0, 6).Draw(t, "lines") {
		b.WriteString("{")
		for n := range rapid.IntRange(0, 8).Draw(t, "fields") {
			if n > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, `"%s":%s`, key.Draw(t, "key"), value.Draw(t, "value"))
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func TestColumnsHoldTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := lines(t)
		got, ok, err := backAndForth(text)
		if err != nil || ok == (text == "") || ok && got != text {
			t.Fatalf("%q came back as %q, %v, %v", text, got, ok, err)
		}
	})
}

// More different answers than there are short forms, and more instances than anybody has.
func TestColumnsOfManyAnswers(t *testing.T) {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, "{\"q\":%d,\"r/%04dabcdef\":{},\"r/%04dabcdef/age\":%d}\n", i%300, i, i, i%7)
	}
	if got, ok, err := backAndForth(b.String()); !ok || err != nil || got != b.String() {
		t.Errorf("%v, %v", ok, err)
	}
}

// What has no columns travels as lines.
func TestTextsWithoutColumns(t *testing.T) {
	many := &strings.Builder{}
	for i := range maxColumns {
		fmt.Fprintf(many, `{"k%d":1}`, i)
	}
	for what, text := range map[string]string{
		"nothing": "", "a zero byte": "{\x00}", "an odd segment": `{"a/#":1}`, "another": `{"+":1}`, "no JSON": "\xff", "too many keys": many.String(),
		"a piece that is empty": `"a":"b":1`,
	} {
		if _, ok := toColumns([]byte(text)); ok {
			t.Errorf("%s was laid out", what)
		}
	}
}

func TestDamagedColumnsAreErrors(t *testing.T) {
	good, _ := toColumns([]byte("{\"a\":1,\"r/0001abcdef/b\":2}\n{\"a\":1}\n"))
	for n := range good {
		if r, err := fromColumns(good[:n]); err == nil {
			if text, err := io.ReadAll(r); err == nil {
				t.Errorf("cut to %d bytes: %q", n, text)
			}
		}
	}
}

func FuzzToColumns(f *testing.F) {
	f.Add("{\"a\":1,\"r/0001abcdef/b\":2}\n{\"a\":\"x\"}\n")
	f.Fuzz(func(t *testing.T, text string) {
		if got, ok, err := backAndForth(text); ok && (err != nil || got != text) {
			t.Fatalf("%q came back as %q, %v", text, got, err)
		}
	})
}

func FuzzFromColumns(f *testing.F) {
	good, _ := toColumns([]byte("{\"a\":1,\"r/0001abcdef/b\":2}\n{\"a\":1}\n"))
	f.Add(good)
	f.Add(append(bytes.Clone(columnsMagic), 2, '{', 0, 0, '"', 'a', '"', ':', 0, 0x80, 0, '1', '}', 0, 0, '.', 0, 0))
	f.Fuzz(func(t *testing.T, content []byte) {
		if r, err := fromColumns(content); err == nil {
			io.Copy(io.Discard, io.LimitReader(r, 1<<20)) // an error is as good as a text
		}
	})
}
