package batch_test

import (
	"bytes"
	"reflect"
	"testing"

	"vereda/sync/batch"
)

// A batch against a dictionary, made plain, is the same batch for somebody who does not have it; so is one that was plain before.
func TestPlain(t *testing.T) {
	s, dictionary := sealer(t, 2), dictionaryOf(t)
	entries := interviews(t, s, 20)
	for _, d := range []*batch.Dictionary{nil, dictionary} {
		raw := sealed(t, s, d, entries...)
		plain, err := opener(t, dictionary).Plain(raw)
		if err != nil {
			t.Fatal(err)
		}
		before, err := opener(t, dictionary).Open(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		without := opener(t, dictionary)
		without.Dictionaries = nil
		after, err := without.Open(bytes.NewReader(plain))
		if err != nil {
			t.Fatal(err)
		}
		if after.ID != before.ID || after.Dictionary != 0 || !reflect.DeepEqual(after.Entries, entries) {
			t.Errorf("%s became %s", before.ID, after.ID)
		}
		if !bytes.Equal(before.Raw, raw) || !bytes.Equal(after.Raw, plain) {
			t.Error("a batch does not keep its bytes")
		}
	}
}

// Plain refuses what Open refuses, and keeps the limits.
func TestPlainRefuses(t *testing.T) {
	s, dictionary := sealer(t, 2), dictionaryOf(t)
	raw := sealed(t, s, dictionary, interviews(t, s, 5)...)
	without := opener(t, dictionary)
	without.Dictionaries = nil
	_, err := without.Plain(raw)
	wantReason(t, "without the dictionary", err, batch.UnknownDictionary)
	for i := range raw {
		if _, err := opener(t, dictionary).Plain(raw[:i]); err == nil {
			t.Fatalf("cut at %d", i)
		}
	}
	flipped := bytes.Clone(raw)
	flipped[len(raw)/2] ^= 1
	_, err = opener(t, dictionary).Plain(flipped)
	wantReason(t, "a flipped bit", err, batch.Corrupt)
	o := opener(t, dictionary)
	o.Limits.Expanded = 1000
	_, err = o.Plain(raw)
	wantReason(t, "too much", err, batch.TooLarge)
}
