package record

import "testing"

// What is read as an ID is written as it was.
func FuzzParseID(f *testing.F) {
	f.Add(ID{1, 2, 3}.String())
	f.Add("00")
	f.Fuzz(func(t *testing.T, s string) {
		id, err := ParseID(s)
		var same ID
		if err == nil && id.String() != s || (same.UnmarshalText([]byte(s)) == nil) != (err == nil) {
			t.Fatalf("%q: %s, %v", s, id, err)
		}
	})
}
