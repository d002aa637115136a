package record

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
)

var testInterview = uuid.MustParse("019d6f3a-7c00-7abc-8def-0123456789ab")

func mustNew(t testing.TB, k Kind, s string) Value {
	t.Helper()
	v, err := New(k, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func exampleBody(t testing.TB) Body {
	return Body{
		Interview: testInterview, Form: "household_access", Version: "2026111501", Device: "K7QM-2XRA", N: 2,
		After: Vector{"K7QM-2XRA": 1, "B4TT-9ZWE": 0},
		At:    time.Date(2026, 11, 23, 14, 5, 0, 123456789, time.FixedZone("", -5*3600)),
		By:    "María", Final: true,
		Set: Answers{
			"grp_c/roster/0001x7k2m4":       Exists(),
			"grp_c/roster/0001x7k2m4/m_age": NewInteger(34),
			"grp_a/name":                    NewText("Ana \"la <jefa>\"\nPérez"),
			"income":                        mustNew(t, Decimal, "1200.50"),
			"devices":                       NewChoices([]string{"phone", "tablet"}),
			"photo":                         mustNew(t, File, "casa.jpg"),
		},
		Derived: Answers{"today": mustNew(t, Date, "2026-11-23")},
		Unset:   []Path{"z", "grp_b/q"},
		Media:   map[string]Media{"casa.jpg": {Size: 300_000, Type: "image/jpeg"}},
	}
}

const exampleBytes = `{"v":1,"interview":"019d6f3a-7c00-7abc-8def-0123456789ab","form":"household_access","version":"2026111501",` +
	`"device":"K7QM-2XRA","n":2,"after":{"K7QM-2XRA":1},"at":"2026-11-23T14:05:00.123-05:00","by":"María","final":true,` +
	`"set":{"devices":["phone","tablet"],"grp_a/name":"Ana \"la <jefa>\"\nPérez","grp_c/roster/0001x7k2m4":{},` +
	`"grp_c/roster/0001x7k2m4/m_age":34,"income":1200.5,"photo":{"file":"casa.jpg"}},"derived":{"today":{"date":"2026-11-23"}},` +
	`"unset":["grp_b/q","z"],"media":{"casa.jpg":{"sha256":"0000000000000000000000000000000000000000000000000000000000000000",` +
	`"size":300000,"type":"image/jpeg"}}}`

func TestSealWritesTheDocumentedBytes(t *testing.T) {
	r, err := Seal(exampleBody(t))
	if err != nil {
		t.Fatal(err)
	}
	if string(r.Bytes()) != exampleBytes {
		t.Errorf("got\n%s\nwant\n%s", r.Bytes(), exampleBytes)
	}
	again, err := ParseRevision([]byte(exampleBytes))
	if err != nil || again.ID != r.ID || r.ID != r.Entry().ID() {
		t.Fatalf("parsing gives %v %v, want %v", again.ID, err, r.ID)
	}
	resealed, err := Seal(again.Body)
	if err != nil || !bytes.Equal(resealed.Bytes(), r.Bytes()) {
		t.Fatalf("sealing what was read: %v\n%s", err, resealed.Bytes())
	}
}

func TestParseRevisionRefuses(t *testing.T) {
	replace := func(old, new string) string {
		if !bytes.Contains([]byte(exampleBytes), []byte(old)) {
			t.Fatalf("%s is not in the example", old)
		}
		return string(bytes.Replace([]byte(exampleBytes), []byte(old), []byte(new), 1))
	}
	cases := []struct {
		name, raw string
		code      Code
	}{
		{"empty", "", NotJSON},
		{"an array", "[]", NotJSON},
		{"cut", exampleBytes[:len(exampleBytes)-1], NotJSON},
		{"more after the end", exampleBytes + "{}", NotJSON},
		{"two lines", replace(`"v":1,`, "\"v\":1,\n"), NotJSON},
		{"invalid UTF-8", replace("María", "Mar\xeda"), NotJSON},
		{"half a surrogate", replace("María", `Mar\ud800a`), NotJSON},
		{"a number with a leading zero", replace(":34", ":034"), NotJSON},
		{"a newer version", replace(`"v":1`, `"v":2`), UnknownVersion},
		{"a newer version of another shape", `{"v":2,"n":"one"}`, UnknownVersion},
		{"no version", replace(`"v":1,`, ""), BadShape},
		{"a version that is text", replace(`"v":1`, `"v":"1"`), BadShape},
		{"a field twice", replace(`"v":1`, `"v":1,"n":2`), BadShape},
		{"no device", replace(`"device":"K7QM-2XRA",`, ""), BadShape},
		{"an interview in capitals", replace("019d6f3a", "019D6F3A"), BadShape},
		{"n of 0", replace(`"n":2`, `"n":0`), BadCounter},
		{"n below 0", replace(`"n":2`, `"n":-2`), BadCounter},
		{"n with a point", replace(`"n":2`, `"n":2.0`), BadCounter},
		{"n too great to count", replace(`"n":2`, `"n":9007199254740993`), BadCounter},
		{"after does not follow", replace(`"n":2`, `"n":3`), BadAfter},
		{"after of 0", replace(`"after":{`, `"after":{"X":0,`), BadAfter},
		{"a path with an empty segment", replace(`"grp_b/q"`, `"grp_b//q"`), BadPath},
		{"a path of an instance at the top", replace(`"grp_b/q"`, `"0001abc"`), BadPath},
		{"unset not sorted", replace(`"grp_b/q","z"`, `"z","grp_b/q"`), BadShape},
		{"unset twice", replace(`"grp_b/q","z"`, `"z","z"`), BadShape},
		{"set and unset", replace(`"grp_b/q"`, `"devices"`), SetAndUnset},
		{"set below an instance that is unset", replace(`"grp_b/q"`, `"grp_c/roster/0001x7k2m4"`), SetAndUnset},
		{"set and derived", replace(`"today"`, `"devices"`), SetAndUnset},
		{"a value where an instance is", replace(`0001x7k2m4":{}`, `0001x7k2m4":1`), BadValue},
		{"an instance where a value is", replace(`:34`, `:{}`), BadValue},
		{"null", replace(`:34`, `:null`), BadValue},
		{"true", replace(`:34`, `:true`), BadValue},
		{"a decimal not in canonical form", replace(`1200.5`, `1200.50`), BadValue},
		{"a date that is none", replace(`"2026-11-23"}`, `"2026-02-30"}`), BadValue},
		{"an unknown kind", replace(`{"date"`, `{"data"`), BadValue},
		{"a set that is an array", replace(`"derived":{"today":{"date":"2026-11-23"}}`, `"derived":[]`), BadShape},
		{"a path twice", replace(`"devices":[`, `"devices":1,"devices":[`), BadShape},
		{"a file that lies elsewhere", replace(`"media":{"casa.jpg"`, `"media":{"../casa.jpg"`), BadName},
		{"an overlong name", replace("María", string(bytes.Repeat([]byte("M"), MaxName+1))), BadName},
		{"nested too deeply", replace(`"v":1`, `"v":1,"x":`+string(bytes.Repeat([]byte("["), 100_000))), TooDeep},
		{"too large", exampleBytes + string(bytes.Repeat([]byte(" "), MaxRevision)), TooLarge},
	}
	for _, c := range cases {
		_, err := ParseRevision([]byte(c.raw))
		var e *RevisionError
		if !errors.As(err, &e) || e.Code != c.code {
			t.Errorf("%s: got %v, want %s", c.name, err, c.code)
		}
	}
}

func TestUnknownFieldsAreKeptInTheBytes(t *testing.T) {
	raw := bytes.Replace([]byte(exampleBytes), []byte(`"v":1`), []byte(`"v":1,"mood":{"x":[1,{"x":null}]}`), 1)
	r, err := ParseRevision(raw)
	if err != nil || !bytes.Equal(r.Bytes(), raw) || r.ID != (Entry{KindRevision, raw}).ID() {
		t.Fatalf("%v", err)
	}
	if r, err = ParseRevision(bytes.Replace(raw, []byte(`"set"`), []byte(`"SET"`), 1)); err != nil || r.Set != nil {
		t.Fatalf("a field in capitals is not the field: %v %v", err, r.Set)
	}
}
