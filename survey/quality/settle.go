package quality

import (
	"bytes"
	"maps"
	"slices"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// Settlement is what all decisions about duplicates say together. It depends on the set of decisions alone.
type Settlement struct {
	Clusters []Cluster      // of interviews decided to be of one household, ordered by their first interviews
	Disputed [][2]uuid.UUID // pairs that coordinators decided differently, not knowing of each other: undecided until one decides again; sorted

	pairs   map[[2]uuid.UUID]record.Decision // same or different, and undecided where disputed
	cluster map[uuid.UUID]int                // in Clusters
}

// Cluster is interviews of one household.
type Cluster struct {
	Interviews []uuid.UUID // ascending, two or more
	Stands     uuid.UUID   // the one that counts; zero while the cluster is open: then all of them count
	Joined     []uuid.UUID // those whose answers it takes where it has none, in this order
	Open       Open
}

// Open says why it is not settled which interview of a cluster stands.
type Open string

// The reasons, as they travel to pages.
const (
	Settled      Open = ""
	Contradicted Open = "contradicted" // two of them are decided to be of different households, or that is disputed
	Unclear      Open = "unclear"      // the decisions together choose none, or more than one
)

// Settle computes what decisions say together; the key of each is the ID of its entry. One interview is left out only where decisions lead from
// it to the one that stands: as long as anything about a cluster is open, nobody in it is left out.
func Settle(decisions map[record.ID]record.Duplicate) Settlement {
	s := Settlement{pairs: map[[2]uuid.UUID]record.Decision{}, cluster: map[uuid.UUID]int{}}
	same := s.stand(decisions)
	households, units := forest{}, forest{}
	for _, d := range same {
		households.unite(d.A, d.B)
		if d.Keep == uuid.Nil {
			units.unite(d.A, d.B)
		}
	}
	members := map[uuid.UUID][]uuid.UUID{}
	for _, id := range slices.SortedFunc(maps.Keys(households), compareUUID) {
		root := households.root(id)
		members[root] = append(members[root], id)
	}
	chosen := map[uuid.UUID][]record.Duplicate{}
	for _, d := range same {
		root := households.root(d.A)
		chosen[root] = append(chosen[root], d)
	}
	contradicted := map[uuid.UUID]bool{}
	for pair, decision := range s.pairs {
		if decision != record.Same && households.root(pair[0]) == households.root(pair[1]) {
			contradicted[households.root(pair[0])] = true
		}
	}
	for _, root := range slices.SortedFunc(maps.Keys(members), compareUUID) {
		c := Cluster{Interviews: members[root], Open: Contradicted}
		if !contradicted[root] {
			c.choose(chosen[root], units)
		}
		for _, id := range c.Interviews {
			s.cluster[id] = len(s.Clusters)
		}
		s.Clusters = append(s.Clusters, c)
	}
	return s
}

// stand takes from each pair the decision that stands, and returns those that say same, in a fixed order.
func (s *Settlement) stand(decisions map[record.ID]record.Duplicate) []record.Duplicate {
	pairs := map[[2]uuid.UUID]map[record.ID]record.Duplicate{}
	for id, d := range decisions {
		pair := couple(d.A, d.B)
		if pair[0] == pair[1] {
			continue
		}
		if pairs[pair] == nil {
			pairs[pair] = map[record.ID]record.Duplicate{}
		}
		pairs[pair][id] = d
	}
	var same []record.Duplicate
	for _, pair := range slices.SortedFunc(maps.Keys(pairs), compareCouples) {
		d, _, disputed := record.StandingDuplicate(pairs[pair])
		switch {
		case disputed:
			s.Disputed = append(s.Disputed, pair)
			s.pairs[pair] = record.Undecided
		case d.Decision == record.Same:
			same = append(same, d)
			s.pairs[pair] = d.Decision
		case d.Decision == record.Different:
			s.pairs[pair] = d.Decision
		}
	}
	return same
}

// choose finds the interview that stands. Those joined with each other are one unit, which stands or is left out as a whole.
func (c *Cluster) choose(same []record.Duplicate, units forest) {
	over := map[uuid.UUID][]uuid.UUID{} // by unit: the units left out for it
	left := map[uuid.UUID]bool{}
	for _, d := range same {
		if d.Keep == uuid.Nil {
			continue
		}
		out := d.A
		if d.Keep == d.A {
			out = d.B
		}
		over[units.root(d.Keep)] = append(over[units.root(d.Keep)], units.root(out))
		left[units.root(out)] = true
	}
	stands := uuid.Nil
	for _, id := range c.Interviews {
		if unit := units.root(id); !left[unit] && stands == uuid.Nil {
			stands = unit
		}
	}
	if stands == uuid.Nil || !covers(c.Interviews, units, reached(stands, over)) {
		c.Open = Unclear
		return
	}
	for _, id := range c.Interviews {
		if units.root(id) == stands {
			c.Joined = append(c.Joined, id)
		}
	}
	c.Stands, c.Joined, c.Open = c.Joined[0], c.Joined[1:], Settled
}

// reached is a unit, and all that decisions lead from to it.
func reached(from uuid.UUID, over map[uuid.UUID][]uuid.UUID) map[uuid.UUID]bool {
	seen := map[uuid.UUID]bool{from: true}
	for next := []uuid.UUID{from}; len(next) > 0; next = next[1:] {
		for _, unit := range over[next[0]] {
			if !seen[unit] {
				seen[unit] = true
				next = append(next, unit)
			}
		}
	}
	return seen
}

func covers(interviews []uuid.UUID, units forest, seen map[uuid.UUID]bool) bool {
	return !slices.ContainsFunc(interviews, func(id uuid.UUID) bool { return !seen[units.root(id)] })
}

func (c *Cluster) holds(interview uuid.UUID) bool {
	_, there := slices.BinarySearchFunc(c.Interviews, interview, compareUUID)
	return there
}

// Of returns the cluster of an interview; false when it is in none.
func (s Settlement) Of(interview uuid.UUID) (Cluster, bool) {
	n, there := s.cluster[interview]
	if !there {
		return Cluster{}, false
	}
	return s.Clusters[n], true
}

// LeftOut reports whether exports and indicators leave an interview out, and which stands for it.
func (s Settlement) LeftOut(interview uuid.UUID) (stands uuid.UUID, left bool) {
	c, there := s.Of(interview)
	if !there || c.Open != Settled || c.Stands == interview {
		return uuid.Nil, false
	}
	return c.Stands, true
}

// Decided returns what is decided about two interviews, themselves or through others: same when they are in one cluster, different when somebody
// of the one's cluster is different from somebody of the other's, and undecided when nothing is, or when it is disputed or contradicted.
func (s Settlement) Decided(a, b uuid.UUID) record.Decision {
	if decision, there := s.pairs[couple(a, b)]; there && decision == record.Undecided {
		return decision
	}
	mine, yours := s.with(a), s.with(b)
	if c, there := s.Of(a); there && c.holds(b) {
		if c.Open == Contradicted {
			return record.Undecided
		}
		return record.Same
	}
	for _, x := range mine {
		for _, y := range yours {
			if s.pairs[couple(x, y)] == record.Different {
				return record.Different
			}
		}
	}
	return record.Undecided
}

func (s Settlement) with(interview uuid.UUID) []uuid.UUID {
	if c, there := s.Of(interview); there {
		return c.Interviews
	}
	return []uuid.UUID{interview}
}

// forest is sets of interviews; the root of each is its lowest.
type forest map[uuid.UUID]uuid.UUID

func (f forest) root(id uuid.UUID) uuid.UUID {
	for up, there := f[id]; there && up != id; up = f[id] {
		f[id] = f[up] // shorter next time
		id = f[id]
	}
	return id
}

func (f forest) unite(a, b uuid.UUID) {
	c := couple(f.root(a), f.root(b))
	f[c[0]], f[c[1]] = c[0], c[0]
	for _, id := range []uuid.UUID{a, b} {
		if _, there := f[id]; !there {
			f[id] = c[0]
		}
	}
}

func couple(a, b uuid.UUID) [2]uuid.UUID {
	if compareUUID(a, b) > 0 {
		a, b = b, a
	}
	return [2]uuid.UUID{a, b}
}

func compareUUID(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

func compareCouples(a, b [2]uuid.UUID) int {
	if c := compareUUID(a[0], b[0]); c != 0 {
		return c
	}
	return compareUUID(a[1], b[1])
}
