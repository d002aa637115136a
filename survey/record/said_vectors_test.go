package record

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vereda/survey/goldentest"
)

// stoodVector is what the statements of a file of testdata/said say together.
type stoodVector struct {
	Stands   []ID   `json:"stands"`
	Decision string `json:"decision,omitempty"` // of verdicts, and of statements about two interviews
	Counts   *ID    `json:"counts,omitempty"`   // of an assignment or a setting: the statement that counts
	Disputed bool   `json:"disputed,omitempty"`
	State    State  `json:"state,omitempty"` // of the interview, with the revisions of the file
}

// saidStories are the entries of testdata/said, by file name.
func saidStories(t *testing.T) map[string][]Entry {
	write := func(e Entry, err error) Entry {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	by := func(device string, after ...Entry) Said {
		s := Said{By: "by " + device, Device: device, At: saidAt}
		for _, e := range after {
			s.After = append(s.After, e.ID())
		}
		return s
	}
	verdict := func(d Decision, knows Vector, s Said) Entry {
		return write(Verdict{Interview: testInterview, Knows: knows, Decision: d, Said: s}.Entry())
	}
	finished := change(t, "A", 1, nil, func(b *Body) { b.Set["age"] = NewInteger(30) })
	returned := verdict(Returned, Vector{"A": 1}, by("C"))
	approved := verdict(Approved, Vector{"A": 1}, by("D"))
	correction := change(t, "A", 2, Vector{"A": 1}, func(b *Body) { b.Set["age"], b.Verdicts = NewInteger(31), []ID{returned.ID()} })
	backup := change(t, "A", 2, Vector{"A": 1}, func(b *Body) { b.Set["age"], b.Verdicts, b.Final = NewInteger(31), []ID{returned.ID()}, false })
	settled := verdict(Approved, Vector{"A": 2}, by("C", returned, approved))
	another := change(t, "B", 1, Vector{"A": 1}, func(b *Body) { b.Set["name"] = NewText("Ana") })
	visit := func(to string, s Said) Entry {
		return write(Assignment{Assignment: two, Form: "household", Household: "12", Assignee: to, Said: s}.Entry())
	}
	toA := visit("A", by("C"))
	keep := func(value string, s Said) Entry {
		return write(Setting{Name: "keep", Value: []byte(value), Said: s}.Entry())
	}
	same := write(Duplicate{A: one, B: two, Decision: Same, Keep: one, Said: by("C")}.Entry())
	different := write(Duplicate{A: one, B: two, Decision: Different, Said: by("D")}.Entry())
	back := write(Duplicate{A: one, B: two, Decision: Undecided, Said: by("C", same)}.Entry())
	return map[string][]Entry{
		"returned":                     {finished.Entry(), returned},
		"returned-and-approved":        {finished.Entry(), returned, approved},
		"corrected":                    {finished.Entry(), returned, correction.Entry()},
		"correction-not-finished":      {finished.Entry(), returned, backup.Entry()},
		"approved":                     {finished.Entry(), returned, approved, correction.Entry(), settled},
		"changed-since":                {finished.Entry(), approved, another.Entry()},
		"assignment-handed-on":         {toA, visit("B", by("C", toA))},
		"assignment-given-twice":       {toA, visit("B", by("D"))},
		"assignment-given-twice-alike": {toA, visit("A", by("D"))},
		"setting-disputed":             {keep("30", by("C")), keep("60", by("D"))},
		"duplicates-undecided":         {same, different},
		"duplicates-taken-back":        {same, back},
	}
}

// stood is what entries say together.
func stood(t *testing.T, entries []Entry) (v stoodVector) {
	var revisions []Revision
	verdicts, visits := map[ID]Verdict{}, map[ID]Assignment{}
	settings, pairs := map[ID]Setting{}, map[ID]Duplicate{}
	for _, e := range entries {
		var err error
		switch e.Kind {
		case KindRevision:
			var r Revision
			r, err = ParseRevision(e.Body)
			revisions = append(revisions, r)
		case KindVerdict:
			verdicts[e.ID()], err = ParseVerdict(e.Body)
		case KindAssignment:
			visits[e.ID()], err = ParseAssignment(e.Body)
		case KindSetting:
			settings[e.ID()], err = ParseSetting(e.Body)
		case KindDuplicate:
			pairs[e.ID()], err = ParseDuplicate(e.Body)
		}
		if err != nil {
			t.Fatalf("%s: %v", e.Body, err)
		}
	}
	switch {
	case len(verdicts) > 0:
		decision, stands := StandingVerdict(verdicts)
		v.Decision, v.Stands, v.State = string(decision), stands, Judge(revisions, verdicts)
	case len(visits) > 0:
		var a Assignment
		a, v.Stands, v.Disputed = StandingAssignment(visits)
		v.Counts = idOf(t, a.Entry)
	case len(settings) > 0:
		var s Setting
		s, v.Stands, v.Disputed = StandingSetting(settings)
		v.Counts = idOf(t, s.Entry)
	default:
		var d Duplicate
		d, v.Stands, v.Disputed = StandingDuplicate(pairs)
		v.Decision = string(d.Decision)
	}
	return v
}

// idOf is the ID of a statement, which is written again as it was.
func idOf(t *testing.T, write func() (Entry, error)) *ID {
	t.Helper()
	e, err := write()
	if err != nil {
		t.Fatal(err)
	}
	id := e.ID()
	return &id
}

// Each file of testdata/said holds what was said about one subject, an entry a line as in a batch, and beside it what that says together.
func TestSaidVectors(t *testing.T) {
	if goldentest.Updating() {
		writeSaid(t)
	}
	files, err := filepath.Glob("testdata/said/*.jsonl")
	if err != nil || len(files) != len(saidStories(t)) {
		t.Fatalf("%d vectors: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var entries []Entry
		for line := range bytes.Lines(text) {
			var e struct {
				Kind  string          `json:"kind"`
				Entry json.RawMessage `json:"entry"`
			}
			if err := json.Unmarshal(line, &e); err != nil {
				t.Fatal(file, err)
			}
			entries = append(entries, Entry{Kind: e.Kind, Body: e.Entry})
		}
		for range 2 { // forwards and backwards
			goldentest.SameJSON(t, strings.TrimSuffix(file, "jsonl")+"stands.json", stood(t, entries))
			slices.Reverse(entries)
		}
	}
}

func writeSaid(t *testing.T) {
	for name, entries := range saidStories(t) {
		var lines []byte
		for _, e := range entries {
			lines = append(lines, `{"kind":"`+e.Kind+`","entry":`+string(e.Body)+"}\n"...)
		}
		goldentest.Write(t, filepath.Join("testdata/said", name+".jsonl"), lines)
	}
}
