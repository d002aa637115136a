package batch_test

import (
	"bytes"
	"testing"

	"vereda/sync/batch"
)

// Whatever opens can be inspected and made plain, and stays the batch that it is; what does not is an *Error.
func FuzzInspect(f *testing.F) {
	dictionary := dictionaryOf(f)
	o := opener(f, dictionary)
	o.Limits = batch.Limits{Compressed: 1 << 20, Expanded: 4 << 20, Entries: 100, Entry: 1 << 20}
	f.Add(sealed(f, sealer(f, 2), nil, small()...))
	f.Add(sealed(f, sealer(f, 2), dictionary, small()...))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := o.Inspect(bytes.NewReader(b))
		if err != nil {
			if reasonOf(err) == "" {
				t.Fatalf("no *Error: %v", err)
			}
			return
		}
		raw, err := o.Plain(b)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := o.Inspect(bytes.NewReader(raw)); err != nil || again.ID != got.ID || again.Dictionary != 0 {
			t.Fatalf("%+v, %v", again, err)
		}
	})
}
