// Package goldentest holds what tests make today against what lies in files of testdata. With the flag -update the files are written anew first:
// look at what changed in them. Those of an old version of a format are read by every later one and change only where that version was told wrongly.
package goldentest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the files of testdata anew")

// Updating reports whether files are to be written anew.
func Updating() bool { return *update }

// Write writes a file, and its folder.
func Write(t testing.TB, file string, made []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, made, 0o666); err != nil {
		t.Fatal(err)
	}
}

// Kept returns what lies in a file, for what has other bytes each time it is made: made is written there with -update alone.
func Kept(t testing.TB, file string, made []byte) []byte {
	t.Helper()
	if *update {
		Write(t, file, made)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Same fails the test where made differs from what lies in a file, which it returns.
func Same(t testing.TB, file string, made []byte) []byte {
	t.Helper()
	b := Kept(t, file, made)
	if !bytes.Equal(b, made) {
		t.Errorf("it is no longer what lies in %s; look at it, and run with -update if it is right:\n%s", file, made)
	}
	return b
}

// SameJSON is Same of a value as JSON, indented for reading.
func SameJSON(t testing.TB, file string, v any) []byte {
	t.Helper()
	return Same(t, file, JSON(t, v))
}

// JSON writes a value as such files have it.
func JSON(t testing.TB, v any) []byte {
	t.Helper()
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}
