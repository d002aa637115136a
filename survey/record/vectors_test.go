package record

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vereda/survey/goldentest"
)

// mergedVector is a Merged as testdata/merge has it: for other implementations to be held against.
type mergedVector struct {
	Form      string     `json:"form"`
	Version   string     `json:"version"`
	Final     bool       `json:"final"`
	Answers   Answers    `json:"answers"`
	Derived   []Path     `json:"derived"`
	Conflicts []Conflict `json:"conflicts"`
	Kept      []Kept     `json:"kept"`
	Missing   []Dot      `json:"missing"`
	Forked    []Dot      `json:"forked"`
	Vector    Vector     `json:"vector"`
	Order     []ID       `json:"order"` // of Revisions

	Media      map[string]Media `json:"media,omitempty"`
	Assignment string           `json:"assignment,omitempty"`
	Finished   []ID             `json:"finished,omitempty"` // of the finished part's Revisions, where that is not the whole
}

func vectorOf(h *History) mergedVector {
	m := h.Merge()
	v := mergedVector{Form: m.Form, Version: m.Version, Final: m.Final, Answers: m.Answers, Conflicts: m.Conflicts, Kept: m.Kept, Missing: m.Missing, Forked: m.Forked, Vector: m.Vector}
	for p := range m.Derived {
		v.Derived = append(v.Derived, p)
	}
	slices.Sort(v.Derived)
	for _, r := range h.Revisions() {
		v.Order = append(v.Order, r.ID)
	}
	v.Media = m.Media
	if m.Assignment != uuid.Nil {
		v.Assignment = m.Assignment.String()
	}
	if finished := h.Finished(); finished.Len() < h.Len() {
		for _, r := range finished.Revisions() {
			v.Finished = append(v.Finished, r.ID)
		}
	}
	return v
}

// vectorStories are the histories of testdata/merge, by file name.
func vectorStories(t *testing.T) map[string][]Revision {
	const ana = Path("roster/0001ana")
	first := change(t, "A", 1, nil, func(b *Body) {
		b.Set["age"], b.Set["name"], b.Derived["total"] = NewInteger(30), NewText("Ana"), NewInteger(1)
	})
	a := change(t, "A", 2, Vector{"A": 1}, func(b *Body) { b.Set["age"], b.Derived["total"] = NewInteger(31), NewInteger(2) })
	b := change(t, "B", 1, Vector{"A": 1}, func(b *Body) {
		b.Set["age"], b.Unset, b.Derived["total"] = NewInteger(32), []Path{"name"}, NewInteger(3)
	})
	draft := change(t, "C", 1, Vector{"A": 1}, func(b *Body) { b.Set["name"], b.Final = NewText("Ana María"), false })
	resolved := change(t, "D", 1, Vector{"A": 2, "B": 1, "C": 1}, func(b *Body) { b.Set["age"], b.Set["name"] = NewInteger(32), NewText("Ana") })
	made := change(t, "A", 1, nil, func(b *Body) {
		b.Set[ana], b.Set[ana+"/age"], b.Derived[ana+"/adult"] = Exists(), NewInteger(17), NewInteger(0)
	})
	removal := change(t, "A", 2, Vector{"A": 1}, func(b *Body) { b.Unset = []Path{ana} })
	edit := change(t, "B", 1, Vector{"A": 1}, func(b *Body) { b.Set[ana+"/age"] = NewInteger(18) })
	derived := change(t, "B", 1, Vector{"A": 1}, func(b *Body) { b.Derived[ana+"/adult"] = NewInteger(1) })
	clone := change(t, "A", 2, Vector{"A": 1}, func(b *Body) { b.Set["age"] = NewInteger(33) })
	later := change(t, "A", 3, Vector{"A": 2}, func(b *Body) { b.Set["age"] = NewInteger(34) })
	settled := change(t, "D", 1, Vector{"A": 3}, func(b *Body) { b.Set["age"] = NewInteger(34) })
	removedTwice := change(t, "C", 1, Vector{"A": 1}, func(b *Body) { b.Unset = []Path{ana} })
	edited := change(t, "D", 1, Vector{"A": 1}, func(b *Body) { b.Set[ana+"/phones/0002x/number"] = NewInteger(7) })
	knewOne := change(t, "C", 2, Vector{"A": 1, "B": 1, "C": 1}, func(b *Body) { b.Unset = []Path{ana} })
	liar := change(t, "A", 1, Vector{"B": 1}, func(b *Body) { b.Set["age"], b.Set["name"] = NewInteger(1), NewText("Ana") })
	other := change(t, "B", 1, Vector{"C": 1}, func(b *Body) { b.Set["age"] = NewInteger(2) })
	third := change(t, "C", 1, Vector{"A": 1}, func(b *Body) { b.Set["age"] = NewInteger(3) })
	honest := change(t, "D", 1, Vector{"A": 1, "B": 1, "C": 1}, func(b *Body) { b.Set["name"] = NewText("Eva") })
	decimalFive, err := New(Decimal, "5")
	casa, wrong := New(File, "casa.jpg")
	if err != nil || wrong != nil {
		t.Fatal(err, wrong)
	}
	onTop := change(t, "B", 1, Vector{"A": 2}, func(b *Body) { b.Set["age"], b.Final = NewInteger(40), false })
	whole := change(t, "A", 1, nil, func(b *Body) { b.Set["age"] = NewInteger(5) })
	decimal := change(t, "B", 1, nil, func(b *Body) { b.Set["age"] = decimalFive })
	photo := change(t, "A", 1, nil, func(b *Body) {
		b.Set["photo"], b.Media = casa, map[string]Media{"casa.jpg": {SHA256: first.ID, Size: 300, Type: "image/jpeg"}}
		b.Assignment = testInterview
	})
	another := change(t, "B", 1, Vector{"A": 1}, func(b *Body) {
		b.Set["photo"], b.Media = casa, map[string]Media{"casa.jpg": {SHA256: a.ID, Size: 200, Type: "image/jpeg"}}
	})
	calculated := change(t, "A", 1, nil, func(b *Body) { b.Derived[ana+"/phones/0002x/number"] = NewInteger(5) })
	return map[string][]Revision{
		"removals-kept-by-edits":   {made, removedTwice, edit, edited, knewOne},
		"removal-kept-by-edits":    {made, removal, edit, edited},
		"draft-on-top":             {first, a, onTop},
		"whole-and-decimal":        {whole, decimal},
		"files":                    {photo, another},
		"circle":                   {liar, other, third, honest},
		"instance-calculated":      {calculated},
		"conflict":                 {first, a, b, draft},
		"conflict-resolved":        {first, a, b, draft, resolved},
		"removal":                  {made, removal},
		"removal-kept-by-edit":     {made, removal, edit},
		"removal-beats-calculated": {made, removal, derived},
		"missing":                  {first, resolved},
		"fork":                     {first, a, clone},
		"fork-continued":           {first, a, clone, later},
		"fork-settled":             {first, a, clone, later, settled},
	}
}

// Each file of testdata/merge holds revisions, one a line, and beside it what they merge to.
func TestMergeVectors(t *testing.T) {
	if goldentest.Updating() {
		writeVectors(t)
	}
	files, err := filepath.Glob("testdata/merge/*.jsonl")
	if err != nil || len(files) < 16 {
		t.Fatalf("%d vectors: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var revisions []Revision
		for line := range bytes.Lines(text) {
			r, err := ParseRevision(bytes.TrimSuffix(line, []byte("\n")))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			revisions = append(revisions, r)
		}
		for range 2 { // forwards and backwards
			goldentest.SameJSON(t, strings.TrimSuffix(file, "jsonl")+"merged.json", vectorOf(historyOf(t, revisions...)))
			slices.Reverse(revisions)
		}
	}
}

func writeVectors(t *testing.T) {
	for name, revisions := range vectorStories(t) {
		var lines []byte
		for _, r := range revisions {
			lines = append(append(lines, r.Bytes()...), '\n')
		}
		goldentest.Write(t, filepath.Join("testdata/merge", name+".jsonl"), lines)
	}
}
