package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"testing"

	"vereda/survey/record"
)

// damagedSample makes a file with something in every bucket, and returns its bytes.
func damagedSample(t testing.TB) []byte {
	path := filepath.Join(t.TempDir(), "sample.db")
	s := open(t, path)
	must(t, s.SetSetting("language", []byte("es")))
	must(t, s.PutForm(record.FormVersion{V: 1, Form: "f", Version: "1", Name: "f.xlsx", Source: bytes.Repeat([]byte("workbook"), 2000)}))
	_, err := s.PutMedia("image/png", bytes.NewReader(bytes.Repeat([]byte("pixel"), 100_000)))
	must(t, err)
	must(t, s.Accept([]record.Entry{{Kind: "new", Body: []byte("{}")}}, "C", 5))
	for n := 1; n <= 120; n++ {
		id := begin(t, s, n, record.Answers{"name": record.NewText("Ana"), "r/0001x": record.Exists(), "r/0001x/age": record.NewInteger(int64(n))})
		if n%2 == 0 {
			r := finalize(t, s, id, "A", true)
			if n%4 == 0 {
				must(t, s.Settle(central(r, record.Refused, "why")))
			}
		}
	}
	must(t, s.Close())
	b, err := os.ReadFile(path)
	must(t, err)
	return b
}

// useAll does everything with a file. Errors are fine; what it must not do is end the program, or answer wrongly.
func useAll(t testing.TB, path string) (complained bool) {
	s, err := opened(path)
	if err != nil {
		return true
	}
	defer func() { _ = s.Close() }()
	note := func(err error) {
		if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrNotDraft) {
			complained = true
		}
	}
	list, err := s.Interviews()
	note(err)
	for _, i := range list {
		answers, derived, err := s.Answers(i.ID)
		note(err)
		if v, there := answers["name"]; there && v != record.NewText("Ana") {
			t.Fatalf("a broken answer was believed: %v", v)
		}
		_, err = s.Compose(i.ID, Author{"A", "", noon}, answers, derived, true)
		note(err)
		_, err = s.History(i.ID)
		note(err)
	}
	_, err = s.Pending("", 1000, 1<<30)
	note(err)
	_, err = s.Forms()
	note(err)
	_, err = s.Form("f", "1")
	note(err)
	_, err = s.Aside()
	note(err)
	_, err = s.Cursors()
	note(err)
	sample := record.Entry{Body: bytes.Repeat([]byte("pixel"), 100_000)}
	if r, err := s.Media(sample.ID()); err == nil {
		_, err = io.Copy(io.Discard, r)
		note(err)
	}
	id := interviewID(500)
	note(s.Begin(Interview{ID: id, Form: "f", Version: "1", Created: noon}))
	note(s.Keep(id, Changes{Set: record.Answers{"q": record.NewInteger(1)}}))
	note(s.Reopen(interviewID(2), noon))
	note(s.Discard(interviewID(1)))
	return complained
}

// damage breaks a copy of b somewhere.
func damage(b []byte, random *rand.Rand) []byte {
	b = bytes.Clone(b)
	page := func() int { return random.Intn(len(b)/4096) * 4096 }
	switch random.Intn(6) {
	case 0: // a bit
		b[random.Intn(len(b))] ^= 1 << random.Intn(8)
	case 1: // a bit in a page's header or its first elements, where it hurts
		b[page()+random.Intn(64)] ^= 1 << random.Intn(8)
	case 2: // a page of zeros
		p := page()
		clear(b[p : p+4096])
	case 3: // one page in the place of another
		copy(b[page():][:4096], bytes.Clone(b[page():][:4096]))
	case 4: // the end is missing
		b = b[:random.Intn(len(b))]
	case 5: // noise
		p := page()
		random.Read(b[p : p+4096])
	}
	return b
}

// A branch page that leads back to itself would fill the stack.
func TestPagesThatLeadBackAreNoticedWhenTheFileIsOpened(t *testing.T) {
	sample, path, branches := damagedSample(t), filepath.Join(t.TempDir(), "circle.db"), 0
	for p := 2 * 4096; p+4096 <= len(sample); p += 4096 {
		if binary.NativeEndian.Uint16(sample[p+8:]) != branchFlag {
			continue
		}
		branches++
		b := bytes.Clone(sample)
		copy(b[p+pageHeader+8:][:8], b[p:]) // its first child is itself
		must(t, os.WriteFile(path, b, 0o600))
		_ = useAll(t, path) // an old branch page that is free now does no harm
	}
	if branches == 0 {
		t.Fatal("the sample has no branch page")
	}
}

func TestADamagedFileIsAnErrorAndNoPanic(t *testing.T) {
	random := newRandom(t)
	sample, path := damagedSample(t), filepath.Join(t.TempDir(), "damaged.db")
	complaints, rounds := 0, 250
	if testing.Short() {
		rounds = 60
	}
	for range rounds {
		must(t, os.WriteFile(path, damage(sample, random), 0o600))
		if useAll(t, path) {
			complaints++
		}
	}
	t.Logf("%d of %d damages were noticed; the others lay in unused pages", complaints, rounds)
	if complaints < rounds/10 {
		t.Fatal("hardly any damage was noticed")
	}
}
