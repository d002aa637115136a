package record

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// This is docs/merge.md once more, as plainly as it can be said and as slowly: every rule is a sentence about
// all pairs of revisions. merge_test.go holds Merge against it.

type plain struct {
	all   []Revision
	reach map[[2]ID]bool // b claims to know a, or knows one who does, and so on
}

func newPlain(h *History) plain {
	p := plain{all: slices.Clone(h.revisions), reach: map[[2]ID]bool{}}
	for _, b := range p.all {
		for _, a := range p.all {
			if p.covers(b, a) {
				p.reach[[2]ID{b.ID, a.ID}] = true
			}
		}
	}
	for _, over := range p.all {
		for _, b := range p.all {
			for _, a := range p.all {
				if p.reach[[2]ID{b.ID, over.ID}] && p.reach[[2]ID{over.ID, a.ID}] {
					p.reach[[2]ID{b.ID, a.ID}] = true
				}
			}
		}
	}
	return p
}

// covers: b names a, and it is not a place where the device of both wrote two revisions.
func (p plain) covers(b, a Revision) bool {
	forked := slices.ContainsFunc(p.all, func(r Revision) bool { return r.ID != a.ID && r.Dot() == a.Dot() })
	return b.ID != a.ID && b.After.Covers(a.Dot()) && !(forked && b.Device == a.Device)
}

// knows: b covers a, and a does not in any way cover b.
func (p plain) knows(b, a Revision) bool {
	return p.covers(b, a) && !p.reach[[2]ID{a.ID, b.ID}]
}

func (p plain) concurrent(a, b Revision) bool {
	return a.ID != b.ID && !p.knows(a, b) && !p.knows(b, a)
}

// removes lists the instances that a revision removes and that hold path (or are it).
func removes(r Revision, path Path) (instances []Path) {
	for _, u := range r.Unset {
		if last := u[strings.LastIndex(string(u), "/")+1:]; last[0] >= '0' && last[0] <= '9' && (path == u || strings.HasPrefix(string(path), string(u)+"/")) {
			instances = append(instances, u)
		}
	}
	return instances
}

// void: somebody set something in the instance, and neither knew the other.
func (p plain) void(removal Revision, instance Path) bool {
	return slices.ContainsFunc(p.all, func(r Revision) bool {
		return p.concurrent(r, removal) && slices.ContainsFunc(slices.Collect(maps.Keys(r.Set)), func(path Path) bool {
			return path == instance || strings.HasPrefix(string(path), string(instance)+"/")
		})
	})
}

type plainWrite struct {
	Revision
	value             Value
	derived, removing bool
}

func (p plain) candidates(path Path) []plainWrite {
	var all []plainWrite
	for _, r := range p.all {
		if v, ok := r.Set[path]; ok {
			all = append(all, plainWrite{Revision: r, value: v})
		}
		if v, ok := r.Derived[path]; ok {
			all = append(all, plainWrite{Revision: r, value: v, derived: true})
		}
		removing := slices.ContainsFunc(removes(r, path), func(i Path) bool { return !p.void(r, i) })
		if removing || slices.Contains(r.Unset, path) && !slices.Contains(removes(r, path), path) {
			all = append(all, plainWrite{Revision: r, removing: removing})
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(a plainWrite) bool {
		return slices.ContainsFunc(all, func(b plainWrite) bool { return p.knows(b.Revision, a.Revision) })
	})
}

func sum(v Vector) (s uint64) {
	for _, n := range v {
		s += n
	}
	return s
}

func prefer(a, b Revision) int {
	final := func(r Revision) int {
		if r.Final {
			return 1
		}
		return 0
	}
	return -cmp.Or(cmp.Compare(final(a), final(b)), cmp.Compare(sum(a.After), sum(b.After)), strings.Compare(string(a.ID[:]), string(b.ID[:])))
}

// answer: see docs/merge.md, "The answer".
func (p plain) answer(path Path) (value Value, derived bool, conflict []Candidate) {
	candidates := p.candidates(path)
	slices.SortFunc(candidates, func(a, b plainWrite) int { return prefer(a.Revision, b.Revision) })
	byPeople := slices.DeleteFunc(slices.Clone(candidates), func(w plainWrite) bool { return w.derived })
	if slices.ContainsFunc(byPeople, func(w plainWrite) bool { return !w.value.IsZero() }) {
		for _, w := range byPeople {
			conflict = append(conflict, Candidate{w.value, w.ID, w.Device, w.By})
		}
		if !slices.ContainsFunc(byPeople, func(w plainWrite) bool { return w.value != byPeople[0].value }) {
			conflict = nil
		}
		return byPeople[0].value, false, conflict
	}
	if len(candidates) == 0 || slices.ContainsFunc(candidates, func(w plainWrite) bool { return w.removing }) {
		return Value{}, false, nil
	}
	return candidates[0].value, candidates[0].derived, nil
}

func (p plain) merge() Merged {
	m := Merged{Answers: Answers{}, Derived: map[Path]bool{}}
	paths := map[Path]bool{}
	for _, r := range p.all {
		for path := range r.Set {
			paths[path] = true
		}
		for path := range r.Derived {
			paths[path] = true
		}
		for _, path := range r.Unset {
			paths[path] = true
		}
	}
	var present []Path
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		value, derived, conflict := p.answer(path)
		if !value.IsZero() {
			m.Answers[path] = value
		}
		if derived && !value.IsZero() {
			m.Derived[path] = true
		}
		if conflict != nil {
			m.Conflicts = append(m.Conflicts, Conflict{path, conflict})
		}
		if !value.IsZero() || conflict != nil {
			present = append(present, path)
		}
	}
	p.complete(&m, present)
	m.Kept = p.kept(paths)
	return m
}

// complete: an instance exists when anything in it does; it is derived when all in it is.
func (p plain) complete(m *Merged, present []Path) {
	own := maps.Clone(m.Answers)
	conflicts := map[Path]bool{}
	for _, c := range m.Conflicts {
		conflicts[c.Path] = true
	}
	for _, path := range present {
		segments := strings.Split(string(path), "/")
		for i, s := range segments {
			instance := Path(strings.Join(segments[:i+1], "/"))
			if s[0] < '0' || s[0] > '9' || own[instance] == Exists() {
				continue
			}
			byPeople := conflicts[path] || !m.Derived[path]
			_, there := m.Answers[instance]
			m.Answers[instance] = Exists()
			if byPeople {
				delete(m.Derived, instance)
			} else if !there {
				m.Derived[instance] = true
			}
		}
	}
}

func (p plain) kept(paths map[Path]bool) (kept []Kept) {
	for _, removal := range p.all {
		for _, edit := range p.all {
			knewBoth := slices.ContainsFunc(p.all, func(r Revision) bool { return p.knows(r, removal) && p.knows(r, edit) })
			if !p.concurrent(removal, edit) || knewBoth {
				continue
			}
			for instance := range paths {
				in := slices.Contains(removes(removal, instance), instance)
				edits := slices.ContainsFunc(slices.Collect(maps.Keys(edit.Set)), func(path Path) bool {
					return path == instance || strings.HasPrefix(string(path), string(instance)+"/")
				})
				if in && edits {
					kept = append(kept, Kept{instance, removal.ID, edit.ID})
				}
			}
		}
	}
	slices.SortFunc(kept, func(a, b Kept) int {
		return cmp.Or(cmp.Compare(a.Instance, b.Instance), strings.Compare(string(a.Removal[:]), string(b.Removal[:])), strings.Compare(string(a.Edit[:]), string(b.Edit[:])))
	})
	return kept
}
