package record

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Standing returns which of the statements about one subject stand: those that no other of them names in After; ascending. It
// depends on the set alone. Several stand when they were said without knowledge of each other.
func Standing(said map[ID]Said) []ID {
	known := map[ID]bool{}
	for _, s := range said {
		for _, id := range s.After {
			known[id] = true
		}
	}
	var standing []ID
	for id := range said {
		if !known[id] {
			standing = append(standing, id)
		}
	}
	slices.SortFunc(standing, compareIDs)
	return standing
}

// standing is Standing for statements of one kind.
func standing[T interface{ said() Said }](all map[ID]T) []ID {
	list := make(map[ID]Said, len(all))
	for id, one := range all {
		list[id] = one.said()
	}
	return Standing(list)
}

func (s Said) said() Said { return s }

// StandingVerdict returns what the verdicts on one interview say together: Returned when one that stands does, else Approved; "" when
// there are none. standing is what the next verdict, and the next revision, names.
func StandingVerdict(all map[ID]Verdict) (decision Decision, stands []ID) {
	stands = standing(all)
	for _, id := range stands {
		if decision != Returned {
			decision = all[id].Decision
		}
	}
	return decision, stands
}

// StandingAssignment returns the one of an assignment's statements that counts: of several that stand, the one with the greatest ID.
// disputed when those differ. all is not empty.
func StandingAssignment(all map[ID]Assignment) (counts Assignment, stands []ID, disputed bool) {
	return standingLast(all, func(a, b Assignment) bool {
		a.Said, b.Said = Said{}, Said{}
		one, err1 := json.Marshal(a)
		other, err2 := json.Marshal(b)
		return err1 == nil && err2 == nil && bytes.Equal(one, other)
	})
}

// StandingSetting returns the one of a setting's statements that counts, as StandingAssignment does.
func StandingSetting(all map[ID]Setting) (counts Setting, stands []ID, disputed bool) {
	return standingLast(all, func(a, b Setting) bool { return bytes.Equal(a.Value, b.Value) })
}

func standingLast[T interface{ said() Said }](all map[ID]T, same func(a, b T) bool) (counts T, stands []ID, disputed bool) {
	stands = standing(all)
	if len(stands) == 0 {
		return counts, nil, false
	}
	counts = all[stands[len(stands)-1]]
	for _, id := range stands {
		disputed = disputed || !same(all[id], counts)
	}
	return counts, stands, disputed
}

// StandingDuplicate returns what the decisions about one pair say together: where those that stand differ, Undecided, and disputed.
// all is not empty.
func StandingDuplicate(all map[ID]Duplicate) (counts Duplicate, stands []ID, disputed bool) {
	counts, stands, disputed = standingLast(all, func(a, b Duplicate) bool { return a.Decision == b.Decision && a.Keep == b.Keep })
	if disputed {
		counts.Decision, counts.Keep = Undecided, [16]byte{}
	}
	return counts, stands, disputed
}

// State is where an interview stands with the coordinators.
type State string

// The states. The zero State: nobody has judged it.
const (
	StateApproved  State = "approved"
	StateReturned  State = "returned"
	StateCorrected State = "corrected" // returned, and finalized again since, in knowledge of that
	StateChanged   State = "changed"   // approved, and changed since, or by somebody the approval did not know of
)

// Judge returns where an interview stands: what all verdicts on it say together, seen beside all its revisions.
func Judge(revisions []Revision, verdicts map[ID]Verdict) State {
	decision, stands := StandingVerdict(verdicts)
	switch decision {
	case "":
		return ""
	case Approved:
		for _, id := range stands {
			if knowsAll(verdicts[id].Knows, revisions) {
				return StateApproved
			}
		}
		return StateChanged
	}
	for _, id := range stands {
		if verdicts[id].Decision == Returned && !answered(id, revisions) {
			return StateReturned
		}
	}
	return StateCorrected
}

func knowsAll(v Vector, revisions []Revision) bool {
	return !slices.ContainsFunc(revisions, func(r Revision) bool { return !v.Covers(r.Dot()) })
}

// answered reports whether somebody finalized the interview in knowledge of a verdict.
func answered(verdict ID, revisions []Revision) bool {
	return slices.ContainsFunc(revisions, func(r Revision) bool { return r.Final && slices.Contains(r.Verdicts, verdict) })
}
