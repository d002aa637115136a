package record

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// gaps is the part of docs/merge.md about what is missing, forked and known, by looking at every dot.
func (p plain) gaps() (missing, forked map[Dot]bool, vector Vector) {
	missing, forked, vector = map[Dot]bool{}, map[Dot]bool{}, Vector{}
	there := map[Dot]int{}
	for _, r := range p.all {
		there[r.Dot()]++
	}
	for dot, n := range there {
		if n > 1 {
			forked[dot] = true
		}
		for k := uint64(1); there[Dot{dot.Device, k}] > 0; k++ {
			vector[dot.Device] = k
		}
	}
	for _, r := range p.all {
		for device, n := range r.After {
			for k := uint64(1); k <= n; k++ {
				if there[Dot{device, k}] == 0 {
					missing[Dot{device, k}] = true
				}
			}
		}
	}
	return missing, forked, vector
}

func setOf(dots []Dot) map[Dot]bool {
	m := map[Dot]bool{}
	for _, d := range dots {
		m[d] = true
	}
	return m
}

// What is missing, what is forked, what is known, and the form, version and state of the preferred newest revision, as the page says.
func TestMergeNamesGapsAsThePageSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := historyOf(t, drawRevisions(t, rapid.Bool().Draw(t, "lies"))...)
		got, p := h.Merge(), newPlain(h)
		missing, forked, vector := p.gaps()
		if !maps.Equal(setOf(got.Missing), missing) || !maps.Equal(setOf(got.Forked), forked) || !maps.Equal(h.Vector(), vector) {
			t.Fatalf("missing %v, forked %v, vector %v\nplainly %v, %v, %v", got.Missing, got.Forked, h.Vector(), missing, forked, vector)
		}
		newest := slices.DeleteFunc(slices.Clone(p.all), func(a Revision) bool {
			return slices.ContainsFunc(p.all, func(b Revision) bool { return p.knows(b, a) })
		})
		first := newest[0]
		for _, r := range newest {
			if better(r, first) {
				first = r
			}
		}
		if got.Form != first.Form || got.Version != first.Version || got.Final != first.Final {
			t.Fatalf("%s %s %v, plainly %s %s %v", got.Form, got.Version, got.Final, first.Form, first.Version, first.Final)
		}
	})
}

// better is preference: final before draft, then who knew more, then the ID.
func better(a, b Revision) bool {
	sum := func(r Revision) (n uint64) {
		for _, k := range r.After {
			n += k
		}
		return n
	}
	switch {
	case a.Final != b.Final:
		return a.Final
	case sum(a) != sum(b):
		return sum(a) > sum(b)
	}
	return slices.Compare(a.ID[:], b.ID[:]) > 0
}

// The random histories hold what the laws are about: conflicts and settled ones, removals against edits, gaps, forks, many devices and long ones.
func TestRandomHistoriesHoldEverything(t *testing.T) {
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		h := historyOf(t, drawRevisions(t, false)...)
		all := h.Revisions()
		m, devices := h.Merge(), map[string]bool{}
		for i, r := range all {
			devices[r.Device] = true
			if before := historyOf(t, all[:i]...).Merge(); len(before.Conflicts) > 0 && len(historyOf(t, all[:i+1]...).Merge().Conflicts) < len(before.Conflicts) {
				seen["a conflict that was settled"]++
			}
		}
		for what, is := range map[string]bool{"a conflict": len(m.Conflicts) > 0, "an edit against a removal": len(m.Kept) > 0, "a gap": len(m.Missing) > 0,
			"a fork": len(m.Forked) > 0, "five devices": len(devices) == 5, "twenty revisions": len(all) >= 20} {
			if is {
				seen[what]++
			}
		}
	})
	for _, what := range []string{"a conflict", "a conflict that was settled", "an edit against a removal", "a gap", "a fork", "five devices"} {
		if seen[what] == 0 {
			t.Errorf("no history held %s: %v", what, seen)
		}
	}
	if reflect.DeepEqual(seen, map[string]int{}) {
		t.Error("nothing was drawn")
	}
}
