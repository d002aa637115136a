package store

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"vereda/survey/record"
)

// formatOne is a file that the last program of format 1 wrote: an interview that was sent, one that waits behind its backup, one
// refused, a draft, one reopened, one of another tablet, a file, a cursor, and two entries set aside.
func formatOne(t *testing.T) string {
	t.Helper()
	packed, err := os.Open("testdata/format1.db.gz")
	must(t, err)
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	must(t, err)
	b, err := io.ReadAll(r)
	must(t, err)
	path := filepath.Join(t.TempDir(), "vereda.db")
	must(t, os.WriteFile(path, b, 0o600))
	return path
}

func TestAFileOfFormatOneIsReadAndBroughtUpToDate(t *testing.T) {
	path := formatOne(t)
	for range 2 { // the second time it is of the new format
		s, err := Open(path)
		must(t, err)
		for n, state := range map[int]State{1: Sent, 2: Finalized, 3: Refused, 4: Draft, 5: Draft, 6: Sent} {
			i, err := s.Interview(interviewID(n))
			if err != nil || i.State != state {
				t.Errorf("interview %d is %s, not %s: %v", n, i.State, state, err)
			}
		}
		if n, err := s.Waiting(""); n != 2 || err != nil {
			t.Errorf("%d wait: %v", n, err)
		}
		if i, _ := s.Interview(interviewID(3)); i.Reason != "revoked" {
			t.Errorf("%+v", i)
		}
		if c, err := s.Cursors(); len(c) != 0 || err != nil {
			t.Errorf("a cursor of nobody: %v, %v", c, err)
		}
		if a, _, err := s.Answers(interviewID(5)); err != nil || a["q"] != record.NewText("changed") {
			t.Errorf("%v, %v", a, err)
		}
		aside, err := s.Aside()
		if err != nil || len(aside) != 1 || aside[0].Kind != "invented" {
			t.Errorf("aside: %v, %v", aside, err)
		}
		if v, err := s.ProjectSetting("keep"); string(v) != "7" || err != nil {
			t.Errorf("what was set aside is not read again: %s, %v", v, err)
		}
		must(t, s.Close())
	}
}

// The collector of format 1 had no ID: the first centre that is met gets everything that this tablet wrote, once more.
func TestTheFirstCentreGetsEverythingOfFormatOne(t *testing.T) {
	s := open(t, formatOne(t))
	must(t, s.Settle(record.Settlement{Archive: "C", Device: "A", Central: true, At: noon}))
	pending, err := s.Pending("C", 100, 1<<20)
	must(t, err)
	if len(pending) != 5 { // 1, 2 with its backup, 3, 5; 6 is another tablet's
		t.Fatalf("%d wait", len(pending))
	}
	for _, e := range pending {
		r, err := record.ParseRevision(e.Body)
		must(t, err)
		if r.Device != "A" {
			t.Errorf("a revision of %s", r.Device)
		}
		must(t, s.Settle(central(r, record.Known, "")))
	}
	if n, err := s.Waiting("C"); n != 0 || err != nil {
		t.Fatalf("%d wait: %v", n, err)
	}
	if i, _ := s.Interview(interviewID(3)); i.State != Sent || i.Reason != "" {
		t.Errorf("%+v", i)
	}
}
