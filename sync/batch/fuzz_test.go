package batch_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"vereda/sync/batch"
)

// textOf returns a batch's lines.
func textOf(t testing.TB, b []byte) string {
	t.Helper()
	d, err := zstd.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	text, err := io.ReadAll(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// reasonOf returns the reason of an *Error, "" for any other.
func reasonOf(err error) batch.Reason {
	var e *batch.Error
	errors.As(err, &e)
	if e == nil {
		return ""
	}
	return e.Reason
}

// Bytes from outside are a batch that says what it said, or an *Error.
func FuzzOpen(f *testing.F) {
	dictionary := dictionaryOf(f)
	o := opener(f, dictionary)
	o.Limits = batch.Limits{Compressed: 1 << 20, Expanded: 4 << 20, Entries: 100, Entry: 1 << 20}
	good := sealed(f, sealer(f, 2), nil, small()...)
	f.Add(good)
	f.Add(sealed(f, sealer(f, 2), dictionary, small()...))
	f.Add(sealed(f, sealer(f, 3), nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := o.Open(bytes.NewReader(b))
		if err == nil && got.Size != int64(len(b)) {
			t.Fatalf("%d bytes opened as %d", len(b), got.Size)
		}
		if err != nil && reasonOf(err) == "" {
			t.Fatalf("no *Error: %v", err)
		}
	})
}

// The lines of a batch, under a right preamble and checksum: nobody without the key can make one that opens.
func FuzzLines(f *testing.F) {
	o := opener(f)
	good := textOf(f, sealed(f, sealer(f, 2), nil, small()...))
	f.Add(good)
	f.Add(strings.Replace(good, `"entries":2`, `"entries":3`, 1))
	f.Add(strings.Replace(good, `"v":1`, `"v":2`, 1))
	f.Add(good + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := o.Open(bytes.NewReader(forged(t, strings.NewReader(text))))
		if (err == nil) != (text == good) {
			t.Fatalf("%+v, %v", got, err)
		}
		if err != nil && reasonOf(err) == "" {
			t.Fatalf("no *Error: %v", err)
		}
	})
}
