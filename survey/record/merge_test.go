package record

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// The paths that random histories write to: few, so that writes meet.
var (
	questionPaths = []Path{"q1", "q2", "g/r/0001a/x", "g/r/0001a/s/0001b/y", "g/r/0002c/x"}
	instancePaths = []Path{"g/r/0001a", "g/r/0001a/s/0001b", "g/r/0002c"}
	derivedPaths  = []Path{"d", "g/r/0001a/d", "q1"}
)

// drawBody draws what one device writes knowing after.
func drawBody(t *rapid.T, device string, n uint64, after Vector) Body {
	b := Body{V: 1, Interview: testInterview, Form: "f", Version: fmt.Sprint(rapid.IntRange(1, 3).Draw(t, "version")),
		Device: device, N: n, After: after, Set: Answers{}, Derived: Answers{},
		At: time.Unix(rapid.Int64Range(0, 1<<31).Draw(t, "at"), 0).UTC(), Final: rapid.Bool().Draw(t, "final")}
	for _, p := range rapid.SliceOfNDistinct(rapid.SampledFrom(questionPaths), 0, 3, rapid.ID).Draw(t, "set") {
		b.Set[p] = NewInteger(rapid.Int64Range(1, 3).Draw(t, "value"))
	}
	for _, p := range rapid.SliceOfNDistinct(rapid.SampledFrom(instancePaths), 0, 2, rapid.ID).Draw(t, "made") {
		b.Set[p] = Exists()
	}
	for _, p := range rapid.SliceOfNDistinct(rapid.SampledFrom(derivedPaths), 0, 2, rapid.ID).Draw(t, "derived") {
		if _, set := b.Set[p]; !set {
			b.Derived[p] = NewInteger(rapid.Int64Range(4, 6).Draw(t, "value"))
		}
	}
	paths := append(append(slices.Clone(questionPaths), instancePaths...), derivedPaths[:2]...)
	for _, p := range rapid.SliceOfNDistinct(rapid.SampledFrom(paths), 0, 2, rapid.ID).Draw(t, "unset") {
		mentioned := func(q Path) bool { return q == p || p.IsInstance() && q.Under(p) }
		maps.DeleteFunc(b.Set, func(q Path, _ Value) bool { return mentioned(q) })
		maps.DeleteFunc(b.Derived, func(q Path, _ Value) bool { return mentioned(q) })
		b.Unset = append(b.Unset, p)
	}
	return b
}

// drawRevisions plays up to 5 devices that write up to 30 revisions and sometimes hear of each other's, in any order
// and with gaps; sometimes one loses its memory and writes a place twice; with lies, some claim to know anything.
func drawRevisions(t *rapid.T, lies bool) []Revision {
	devices := rapid.IntRange(1, 5).Draw(t, "devices")
	known := make([]*History, devices)
	next := make([]uint64, devices)
	for i := range known {
		known[i], next[i] = NewHistory(testInterview), 1
	}
	var all []Revision
	for range rapid.IntRange(1, 30).Draw(t, "revisions") {
		d := rapid.IntRange(0, devices-1).Draw(t, "device")
		for range rapid.IntRange(0, 4).Draw(t, "hears") {
			if len(all) > 0 {
				_, _ = known[d].Add(all[rapid.IntRange(0, len(all)-1).Draw(t, "heard")])
			}
		}
		if next[d] > 1 && rapid.IntRange(0, 19).Draw(t, "forgets") == 0 {
			next[d]--
		}
		device := string(rune('A' + d))
		after := known[d].Vector()
		if lies {
			after[string(rune('A'+rapid.IntRange(0, devices-1).Draw(t, "about")))] = rapid.Uint64Range(0, 6).Draw(t, "lie")
		}
		after[device] = next[d] - 1
		body := drawBody(t, device, next[d], after)
		if !lies && rapid.IntRange(0, 5).Draw(t, "resolves") == 0 {
			resolve(known[d], &body)
		}
		r, err := Seal(body)
		if err != nil {
			t.Fatal(err)
		}
		next[d]++
		_, _ = known[d].Add(r)
		all = append(all, r)
	}
	return shuffled(t, all)[rapid.IntRange(0, len(all)/4).Draw(t, "lost"):]
}

// resolve makes of a body one that settles every conflict that its author knows, and nothing else.
func resolve(known *History, b *Body) {
	b.Set, b.Derived, b.Unset = Answers{}, Answers{}, nil
	for _, c := range known.Merge().Conflicts {
		if last := c.Candidates[len(c.Candidates)-1].Value; last.IsZero() {
			b.Unset = append(b.Unset, c.Path)
		} else {
			b.Set[c.Path] = last
		}
	}
}

func shuffled(t *rapid.T, revisions []Revision) []Revision {
	index := make([]int, len(revisions))
	for i := range index {
		index[i] = i
	}
	return pick(revisions, rapid.Permutation(index).Draw(t, "order"))
}

func historyOf(t interface{ Fatal(...any) }, revisions ...Revision) *History {
	h := NewHistory(testInterview)
	for _, r := range revisions {
		if _, err := h.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func TestMergeDependsOnTheSetAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		revisions := drawRevisions(t, rapid.Bool().Draw(t, "lies"))
		one := historyOf(t, revisions...)
		twice := historyOf(t, shuffled(t, append(slices.Clone(revisions), revisions...))...)
		cut := rapid.IntRange(0, len(revisions)).Draw(t, "cut")
		joined := historyOf(t, revisions[cut:]...)
		joined.Merge() // what was computed on the way changes nothing
		for _, r := range historyOf(t, revisions[:cut]...).Revisions() {
			_, _ = joined.Add(r)
		}
		for _, other := range []*History{twice, joined} {
			if a, b := one.Merge(), other.Merge(); !reflect.DeepEqual(a, b) {
				t.Fatalf("merged differently:\n%+v\n%+v", a, b)
			}
			if !reflect.DeepEqual(one.Revisions(), other.Revisions()) {
				t.Fatal("revisions are in another order")
			}
		}
	})
}

// TestConcludingIsMerging holds that who gives a history up gets the same from it.
func TestConcludingIsMerging(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		revisions := drawRevisions(t, true)
		given := NewHistory(revisions[0].Interview)
		for _, r := range revisions {
			own, err := ParseRevision(r.Bytes())
			if err == nil {
				_, err = given.Add(own)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if want, got := historyOf(t, revisions...).Merge(), given.Conclude(); !reflect.DeepEqual(got, want) {
			t.Fatalf("concluded\n%v\nmerged\n%v", got, want)
		}
	})
}

func TestMergeIsThePlainMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := historyOf(t, drawRevisions(t, rapid.Bool().Draw(t, "lies"))...)
		got, want := h.Merge(), newPlain(h).merge()
		if !reflect.DeepEqual(got.Answers, want.Answers) || !maps.Equal(got.Derived, want.Derived) {
			t.Fatalf("answers:\n%v %v\nplainly:\n%v %v", got.Answers, got.Derived, want.Answers, want.Derived)
		}
		if !reflect.DeepEqual(got.Conflicts, want.Conflicts) {
			t.Fatalf("conflicts:\n%v\nplainly:\n%v", got.Conflicts, want.Conflicts)
		}
		if !reflect.DeepEqual(got.Kept, want.Kept) {
			t.Fatalf("kept:\n%v\nplainly:\n%v", got.Kept, want.Kept)
		}
	})
}

// What is finished stays what it is, whatever is being written on top of it, and whatever a final revision knew is part of it.
func TestFinishedIsWhatFinalRevisionsKnew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawRevisions(t, false)
		h, p := historyOf(t, all...), newPlain(historyOf(t, all...))
		var part []Revision
		for _, r := range all {
			if slices.ContainsFunc(all, func(f Revision) bool { return f.Final && (f.ID == r.ID || p.covers(f, r)) }) {
				part = append(part, r)
			}
		}
		if len(part) == 0 {
			part = all
		}
		if got, want := h.Finished().Merge(), historyOf(t, part...).Merge(); !reflect.DeepEqual(got, want) {
			t.Fatalf("finished:\n%+v\nplainly:\n%+v", got, want)
		}
	})
}

// Every value that a person wrote is the answer, or a candidate in a conflict, or somebody wrote to the path, or
// removed an instance around it, knowing of it.
func TestMergeLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := historyOf(t, drawRevisions(t, rapid.Bool().Draw(t, "lies"))...)
		m, p := h.Merge(), newPlain(h)
		for _, r := range h.Revisions() {
			for path, v := range r.Set {
				superseded := slices.ContainsFunc(p.all, func(later Revision) bool {
					_, set := later.Set[path]
					_, derived := later.Derived[path]
					unset := slices.Contains(later.Unset, path) || len(removes(later, path)) > 0
					return (set || derived || unset) && later.After.Covers(r.Dot())
				})
				inConflict := slices.ContainsFunc(m.Conflicts, func(c Conflict) bool {
					return c.Path == path && slices.ContainsFunc(c.Candidates, func(c Candidate) bool { return c.Value == v && c.Revision == r.ID })
				})
				if m.Answers[path] != v && !inConflict && !superseded {
					t.Fatalf("%v at %s of %s%d is lost", v, path, r.Device, r.N)
				}
			}
		}
	})
}

func TestRevisionsComeAfterThoseTheyKnow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := historyOf(t, drawRevisions(t, false)...)
		p, seen := newPlain(h), map[ID]bool{}
		for _, r := range h.Revisions() {
			for _, a := range p.all {
				if p.knows(r, a) && !seen[a.ID] {
					t.Fatalf("%v before %v, which it knows", r.Dot(), a.Dot())
				}
			}
			seen[r.ID] = true
		}
	})
}

// change is one revision in a story: who, knowing what, does what.
func change(t *testing.T, device string, n uint64, after Vector, edit func(b *Body)) Revision {
	t.Helper()
	b := Body{V: 1, Interview: testInterview, Form: "f", Version: "1", Device: device, N: n, After: after, Final: true,
		By: "by " + device, At: time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC), Set: Answers{}, Derived: Answers{}}
	edit(&b)
	r, err := Seal(b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTwoAnswersAreAConflictUntilSomebodyWhoKnewBothAnswers(t *testing.T) {
	first := change(t, "A", 1, nil, func(b *Body) { b.Set["age"] = NewInteger(30) })
	a := change(t, "A", 2, Vector{"A": 1}, func(b *Body) { b.Set["age"] = NewInteger(31) })
	b := change(t, "B", 1, Vector{"A": 1}, func(b *Body) { b.Set["age"] = NewInteger(32) })
	m := historyOf(t, b, a, first).Merge()
	if len(m.Conflicts) != 1 || len(m.Conflicts[0].Candidates) != 2 || m.Answers["age"] != m.Conflicts[0].Candidates[0].Value {
		t.Fatalf("%+v", m)
	}
	if by := m.Conflicts[0].Candidates[0].By; by != "by A" && by != "by B" {
		t.Fatalf("by %q", by)
	}
	c := change(t, "C", 1, Vector{"A": 2, "B": 1}, func(b *Body) { b.Set["age"] = NewInteger(32) })
	m = historyOf(t, c, b, a, first).Merge()
	if len(m.Conflicts) != 0 || m.Answers["age"] != NewInteger(32) || !m.Final {
		t.Fatalf("%+v", m)
	}
	d := change(t, "D", 1, Vector{"A": 2, "B": 1}, func(b *Body) { b.Set["age"] = NewInteger(31) })
	if m = historyOf(t, d, c, b, a, first).Merge(); len(m.Conflicts) != 1 {
		t.Fatalf("two resolutions that differ: %+v", m.Conflicts)
	}
}

func TestAnEditKeepsAnInstanceFromItsConcurrentRemoval(t *testing.T) {
	const ana = Path("roster/0001ana")
	made := change(t, "A", 1, nil, func(b *Body) {
		b.Set[ana], b.Set[ana+"/age"], b.Set[ana+"/sex"] = Exists(), NewInteger(7), NewText("f")
	})
	removal := change(t, "A", 2, Vector{"A": 1}, func(b *Body) { b.Unset = []Path{ana} })
	edit := change(t, "B", 1, Vector{"A": 1}, func(b *Body) { b.Set[ana+"/age"] = NewInteger(8) })

	m := historyOf(t, made, removal).Merge()
	if len(m.Answers) != 0 || len(m.Kept) != 0 {
		t.Fatalf("removed: %+v", m)
	}
	m = historyOf(t, made, removal, edit).Merge()
	want := Answers{ana: Exists(), ana + "/age": NewInteger(8), ana + "/sex": NewText("f")}
	if !maps.Equal(m.Answers, want) || len(m.Conflicts) != 0 || !slices.Equal(m.Kept, []Kept{{ana, removal.ID, edit.ID}}) {
		t.Fatalf("kept: %+v", m)
	}
	seen := change(t, "C", 1, Vector{"A": 2, "B": 1}, func(b *Body) { b.Set["q"] = NewText("seen") })
	if m = historyOf(t, made, removal, edit, seen).Merge(); len(m.Kept) != 0 || m.Answers[ana] != Exists() {
		t.Fatalf("seen: %+v", m)
	}
	again := change(t, "C", 1, Vector{"A": 2, "B": 1}, func(b *Body) { b.Unset = []Path{ana} })
	if m = historyOf(t, made, removal, edit, again).Merge(); len(m.Answers) != 0 || len(m.Kept) != 0 {
		t.Fatalf("removed by one who knew the edit: %+v", m)
	}
}

func TestMissingRevisionsAreNamedWithinBounds(t *testing.T) {
	far := change(t, "A", 4, Vector{"A": 3, "B": 1 << 40}, func(b *Body) {})
	known := change(t, "A", 2, Vector{"A": 1}, func(b *Body) {})
	m := historyOf(t, far, known).Merge()
	if len(m.Missing) != MaxMissing || !slices.Equal(m.Missing[:3], []Dot{{"A", 1}, {"A", 3}, {"B", 1}}) {
		t.Fatalf("%d: %v", len(m.Missing), m.Missing[:3])
	}
	if len(m.Vector) != 0 {
		t.Fatalf("nothing is known without gaps: %v", m.Vector)
	}
}

func TestAForkKeepsBothAndIsNamed(t *testing.T) {
	one := change(t, "A", 1, nil, func(b *Body) { b.Set["q"] = NewText("one") })
	two := change(t, "A", 1, nil, func(b *Body) { b.Set["q"] = NewText("two") })
	m := historyOf(t, one, two).Merge()
	if len(m.Conflicts) != 1 || !slices.Equal(m.Forked, []Dot{{"A", 1}}) || m.Vector["A"] != 1 {
		t.Fatalf("%+v", m)
	}
}

// A tablet and its clone number their revisions alike. What one writes later does not hide what the other wrote; who has seen all,
// settles it.
func TestACloneHidesNothing(t *testing.T) {
	tablet := change(t, "A", 1, nil, func(b *Body) { b.Set["q"] = NewText("tablet") })
	clone := change(t, "A", 1, nil, func(b *Body) { b.Set["q"] = NewText("clone") })
	later := change(t, "A", 2, Vector{"A": 1}, func(b *Body) { b.Set["q"] = NewText("tablet, later") })
	m := historyOf(t, tablet, clone, later).Merge()
	if len(m.Conflicts) != 1 || !slices.ContainsFunc(m.Conflicts[0].Candidates, func(c Candidate) bool { return c.Revision == clone.ID }) {
		t.Fatalf("the clone's answer is hidden: %+v", m)
	}
	settled := change(t, "C", 1, Vector{"A": 2}, func(b *Body) { b.Set["q"] = NewText("clone") })
	m = historyOf(t, tablet, clone, later, settled).Merge()
	if len(m.Conflicts) != 0 || m.Answers["q"] != NewText("clone") {
		t.Fatalf("it stays unsettled: %+v", m)
	}
}

func TestPeopleGoBeforeTheForm(t *testing.T) {
	derived := change(t, "A", 1, nil, func(b *Body) { b.Derived["q"] = NewText("calculated") })
	other := change(t, "C", 1, nil, func(b *Body) { b.Derived["q"] = NewText("calculated elsewhere") })
	set := change(t, "B", 1, nil, func(b *Body) { b.Set["q"] = NewText("said") })
	if m := historyOf(t, derived, other).Merge(); len(m.Conflicts) != 0 || !m.Derived["q"] {
		t.Fatalf("%+v", m)
	}
	if m := historyOf(t, derived, other, set).Merge(); m.Answers["q"] != NewText("said") || m.Derived["q"] || len(m.Conflicts) != 0 {
		t.Fatalf("%+v", m)
	}
}

func TestAddRefusesAnotherInterview(t *testing.T) {
	r := change(t, "A", 1, nil, func(b *Body) {})
	if _, err := NewHistory(uuid.Nil).Add(r); err == nil {
		t.Fatal("taken")
	}
	h := historyOf(t, r)
	if added, err := h.Add(r); added || err != nil || h.Len() != 1 {
		t.Fatalf("%v %v", added, err)
	}
}

// One who removes a member also takes back what was calculated of it; another device calculated it again meanwhile.
func TestWhatIsCalculatedDoesNotBringARemovedInstanceBack(t *testing.T) {
	const ana = Path("roster/0001ana")
	made := change(t, "A", 1, nil, func(b *Body) { b.Set[ana], b.Derived[ana+"/adult"] = Exists(), NewInteger(0) })
	removal := change(t, "A", 2, Vector{"A": 1}, func(b *Body) { b.Unset = []Path{ana, ana + "/adult"} })
	again := change(t, "B", 1, Vector{"A": 1}, func(b *Body) { b.Derived[ana+"/adult"] = NewInteger(1) })
	if m := historyOf(t, made, removal, again).Merge(); len(m.Answers) != 0 || len(m.Kept) != 0 || len(m.Conflicts) != 0 {
		t.Fatalf("%+v", m)
	}
}

// Revisions that claim to know each other in a circle must not make each other's answers disappear.
func TestACircleOfLiesLosesNothing(t *testing.T) {
	a := change(t, "A", 1, Vector{"C": 1}, func(b *Body) { b.Set["q"] = NewText("a") })
	b := change(t, "B", 1, Vector{"A": 1}, func(b *Body) { b.Set["q"] = NewText("b") })
	c := change(t, "C", 1, Vector{"B": 1}, func(b *Body) { b.Set["q"] = NewText("c") })
	if m := historyOf(t, a, b, c).Merge(); len(m.Conflicts) != 1 || len(m.Conflicts[0].Candidates) != 3 {
		t.Fatalf("%+v", m)
	}
}
