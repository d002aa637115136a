package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
)

// What ParseRevision takes keeps its bytes, and what it says is said again in canonical bytes that are read alike.
func FuzzParseRevision(f *testing.F) {
	f.Add([]byte(exampleBytes))
	f.Add([]byte(`{"v":2}`))
	f.Add([]byte(`{"v":1,"v":1}`))
	f.Add([]byte(`{"v":1,"set":{"a":"\ud83d\ude00","b":-0.5,"0001":{}},"after":{"X":18446744073709551616}}`))
	f.Add(bytes.Repeat([]byte(`{"a":[`), 40))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := ParseRevision(raw)
		if err != nil {
			var e *RevisionError
			if !errors.As(err, &e) || e.Code == "" {
				t.Fatalf("not a RevisionError: %v", err)
			}
			return
		}
		if !bytes.Equal(r.Bytes(), raw) || !json.Valid(raw) {
			t.Fatal("other bytes, or no JSON")
		}
		if explained, err := explainBody(string(raw)); err != nil || !reflect.DeepEqual(explained, r.Body) {
			t.Fatalf("read at once %+v, read in two passes %+v: %v", r.Body, explained, err)
		}
		checked, err := CheckRevision(raw)
		checked.Set, checked.Derived = r.Set, r.Derived
		if err != nil || !reflect.DeepEqual(checked, r) {
			t.Fatalf("parsed %+v, checked %+v: %v", r, checked, err)
		}
		again, err := Seal(r.Body)
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		third, err := Seal(again.Body)
		if err != nil || third.ID != again.ID {
			t.Fatalf("not canonical: %s\n%s", again.Bytes(), third.Bytes())
		}
		h := NewHistory(r.Interview)
		if _, err := h.Add(r); err != nil {
			t.Fatal(err)
		}
		if m := h.Merge(); len(m.Conflicts) > 0 || len(m.Missing) > MaxMissing {
			t.Fatalf("%+v", m)
		}
	})
}

// A value has one text: what is read is written again as it was.
func FuzzValueUnmarshalJSON(f *testing.F) {
	for _, seed := range []string{`"ñ"`, `-42`, `4.5`, `5.0`, `0.0`, `["a","b"]`, `{}`, `{"date":"2026-11-23"}`, `{"time":"14:05:00.000-05:00"}`,
		`{"dateTime":"2026-11-23T14:05:00.000Z"}`, `{"geopoint":"7.1 -73.12 959 4.5"}`, `{"geotrace":"1 2 0 0;3 4 0 0"}`,
		`{"geoshape":"1 2 0 0;3 4 0 0;5 6 0 0;1 2 0 0"}`, `{"file":"a.jpg"}`, `null`, `true`, `1e400`, `""`, `[]`, `[["a"]]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var v Value
		if err := json.Unmarshal(raw, &v); err != nil {
			return
		}
		text, err := v.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var again Value
		if err := json.Unmarshal(text, &again); err != nil || again != v {
			t.Fatalf("%s was read, %s was written: %v", raw, text, err)
		}
		if same, err := New(v.Kind(), v.String()); err != nil && v.Kind() != 0 || same != v {
			t.Fatalf("%v %q is not what New makes of it: %v", v.Kind(), v, err)
		}
	})
}
