package record

import (
	"bytes"
	"cmp"
	"slices"
)

// writes are all writes of a history by path.
type writes struct {
	*order
	revisions []Revision
	all       []write
	last      map[Path]int32      // the newest write of a path, by index into all
	removals  map[Path][]*removal // by the path of the instance
	scratch   []write
}

// write is one write to one path: a value, or an answer taken back.
type write struct {
	value    Value // zero: taken back
	revision int
	derived  bool
	removal  bool  // a removal of an instance that the path is in, or is
	before   int32 // the write of the same path that was gathered before; -1: none
}

type removal struct {
	revision int
	void     bool // somebody edited the instance meanwhile
}

// gather lists all writes of a history, oldest first.
func gather(h *History) *writes {
	count := 0
	for _, r := range h.revisions {
		count += len(r.Set) + len(r.Derived) + len(r.Unset)
	}
	w := &writes{order: h.order, revisions: h.revisions, all: make([]write, 0, count),
		last: make(map[Path]int32, count), removals: map[Path][]*removal{}}
	for i, r := range h.revisions {
		for p, v := range r.Set {
			w.add(p, write{value: v, revision: i})
		}
		for p, v := range r.Derived {
			w.add(p, write{value: v, revision: i, derived: true})
		}
		for _, p := range r.Unset {
			if p.IsInstance() {
				w.removals[p] = append(w.removals[p], &removal{revision: i})
			} else {
				w.add(p, write{revision: i})
			}
		}
	}
	return w
}

func (w *writes) add(p Path, one write) {
	one.before = -1
	if i, ok := w.last[p]; ok {
		one.before = i
	}
	w.last[p] = int32(len(w.all))
	w.all = append(w.all, one)
}

// enclosing calls do for each repeat instance that p is or lies in, the innermost first.
func enclosing(p Path, do func(instance Path)) {
	for i, in := p.Instance(); in; i, in = i.Parent().Instance() {
		do(i)
	}
}

// voidRemovals finds the removals of instances that somebody edited meanwhile. They count for nothing, and are
// listed until a revision knows both the removal and the edit.
func (w *writes) voidRemovals(m *Merged) {
	if len(w.removals) == 0 {
		return
	}
	type pair struct {
		instance      Path
		removal, edit int
	}
	seen := map[pair]bool{}
	for p, last := range w.last {
		for i := last; i >= 0; i = w.all[i].before {
			edit := w.all[i]
			if edit.derived || edit.value.IsZero() {
				continue
			}
			enclosing(p, func(instance Path) {
				for _, r := range w.removals[instance] {
					k := pair{instance, r.revision, edit.revision}
					if seen[k] || !w.concurrent(r.revision, edit.revision) {
						continue
					}
					seen[k], r.void = true, true
					if !w.settled(r.revision, edit.revision) {
						m.Kept = append(m.Kept, Kept{instance, w.revisions[r.revision].ID, w.revisions[edit.revision].ID})
					}
				}
			})
		}
	}
	slices.SortFunc(m.Kept, func(a, b Kept) int {
		return cmp.Or(cmp.Compare(a.Instance, b.Instance), bytes.Compare(a.Removal[:], b.Removal[:]), bytes.Compare(a.Edit[:], b.Edit[:]))
	})
}

// settled reports whether some revision knew both a and b.
func (w *writes) settled(a, b int) bool {
	for c := len(w.n) - 1; c >= 0; c-- {
		if w.knows(c, a) && w.knows(c, b) {
			return true
		}
	}
	return false
}

// decide finds the answer or the conflict of each path.
func (w *writes) decide(m *Merged) {
	m.Answers, m.Derived = make(Answers, len(w.last)), map[Path]bool{}
	for p := range w.last {
		candidates := w.candidates(p)
		answer, conflict := w.answer(candidates)
		if !answer.value.IsZero() {
			m.Answers[p] = answer.value
			if answer.derived {
				m.Derived[p] = true
			}
		}
		if conflict {
			m.Conflicts = append(m.Conflicts, w.conflict(p, candidates))
		}
	}
	slices.SortFunc(m.Conflicts, func(a, b Conflict) int { return cmp.Compare(a.Path, b.Path) })
	m.completeInstances()
}

// candidates returns the writes to a path, removals included, that no other of them knew of. The slice is used again.
func (w *writes) candidates(p Path) []write {
	all := w.scratch[:0]
	for i := w.last[p]; i >= 0; i = w.all[i].before {
		all = append(all, w.all[i])
	}
	w.scratch = all
	if len(w.removals) > 0 {
		enclosing(p, func(instance Path) {
			for _, r := range w.removals[instance] {
				if r.void {
					continue
				}
				same := func(one write) bool { return one.revision == r.revision }
				if i := slices.IndexFunc(all, same); i >= 0 {
					all[i].removal = true // it took the answer back as well
				} else {
					all = append(all, write{revision: r.revision, removal: true})
				}
			}
		})
		w.scratch = all
	}
	if len(all) == 1 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(a write) bool {
		return slices.ContainsFunc(all, func(b write) bool { return w.knows(b.revision, a.revision) })
	})
}

// answer returns what stands at a path with these candidates, and whether they disagree. What people wrote goes
// before what was derived; a removal goes before what was derived meanwhile.
func (w *writes) answer(candidates []write) (best write, conflict bool) {
	people := slices.ContainsFunc(candidates, func(c write) bool { return !c.derived && !c.value.IsZero() })
	removed := slices.ContainsFunc(candidates, func(c write) bool { return c.removal })
	if removed && !people {
		return write{}, false
	}
	found := false
	for _, c := range candidates {
		if people && c.derived {
			continue
		}
		if found && c.value != best.value {
			conflict = people
		}
		if !found || w.prefers(w.revisions, c.revision, best.revision) {
			best, found = c, true
		}
	}
	return best, conflict
}

// conflict lists what people wrote, the provisional answer first.
func (w *writes) conflict(p Path, candidates []write) Conflict {
	slices.SortFunc(candidates, func(a, b write) int {
		switch {
		case a.revision == b.revision:
			return 0
		case w.prefers(w.revisions, a.revision, b.revision):
			return -1
		}
		return 1
	})
	c := Conflict{Path: p}
	for _, one := range candidates {
		if !one.derived {
			r := w.revisions[one.revision]
			c.Candidates = append(c.Candidates, Candidate{one.value, r.ID, r.Device, r.By})
		}
	}
	return c
}

// completeInstances lets an instance exist wherever anything below it has an answer, or may have one.
func (m *Merged) completeInstances() {
	var people, derived []Path
	note := func(p Path, to *[]Path) {
		enclosing(p, func(instance Path) {
			if _, there := m.Answers[instance]; !there {
				*to = append(*to, instance)
			}
		})
	}
	for p := range m.Answers {
		if m.Derived[p] {
			note(p, &derived)
		} else {
			note(p, &people)
		}
	}
	for _, c := range m.Conflicts {
		note(c.Path, &people)
	}
	for _, instance := range people {
		m.Answers[instance] = Exists()
	}
	for _, instance := range derived {
		if _, there := m.Answers[instance]; !there {
			m.Answers[instance], m.Derived[instance] = Exists(), true
		}
	}
}
