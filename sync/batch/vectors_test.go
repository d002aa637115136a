package batch_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"vereda/survey/goldentest"
	"vereda/sync/batch"
)

// The batches of testdata/v1 were written by version 1. Every later version opens them, and another implementation can be held
// against them: key and certificate are those of newKey and sealer, the dictionary is made of dictionary.raw.
func TestBatchesOfVersion1StayReadable(t *testing.T) {
	const dir = "testdata/v1"
	raw, err := os.ReadFile(filepath.Join(dir, "dictionary.raw"))
	if err != nil {
		t.Fatal(err)
	}
	d := batch.NewDictionary(raw)
	if d.ID != 0x5d35a04c {
		t.Errorf("the dictionary has the ID %08x", d.ID)
	}
	s := sealer(t, 2)
	for _, c := range []struct {
		name       string
		dictionary *batch.Dictionary
		n          int
	}{{"lines.batch", nil, 2}, {"lines-dictionary.batch", d, 1}, {"columns-dictionary.batch", d, 20}} {
		b := goldentest.Kept(t, filepath.Join(dir, c.name), sealed(t, s, c.dictionary, interviews(t, s, c.n)...))
		got, err := opener(t, d).Open(bytes.NewReader(b))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		again, err := opener(t, d).Open(bytes.NewReader(sealed(t, s, c.dictionary, got.Entries...)))
		if err != nil || again.ID != got.ID || !reflect.DeepEqual(again.Entries, got.Entries) || len(got.Entries) != c.n {
			t.Errorf("%s: sealed again it is %v, %v", c.name, again, err)
		}
	}
}
