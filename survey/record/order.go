package record

import (
	"bytes"
	"cmp"
	"slices"
)

// order says which revision of a history knew which. All is by index into History.revisions.
type order struct {
	device  []int      // whose revision it is, as a column of after
	n       []uint64   // the revision's counter
	after   [][]uint64 // what it knew, a column for each device that wrote a known revision
	forked  []bool     // whether its device wrote another revision at the same place
	sum     []uint64   // of the whole After, devices without a known revision too
	circle  []int      // revisions that claim to know each other in a circle have the same
	depth   []int      // longest chain of revisions known
	circles bool       // whether any circle has two members
}

// sort orders the revisions: by the longest chain of revisions each knew, then by how much it knew, then by ID.
func (h *History) sort() {
	if h.order != nil {
		return
	}
	slices.SortFunc(h.revisions, func(a, b Revision) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	o := newOrder(h.revisions)
	index := make([]int, len(h.revisions))
	for i := range index {
		index[i] = i
	}
	slices.SortStableFunc(index, func(a, b int) int {
		return cmp.Or(cmp.Compare(o.depth[a], o.depth[b]), cmp.Compare(o.sum[a], o.sum[b]))
	})
	h.order = o
	if slices.IsSorted(index) {
		return
	}
	h.revisions = pick(h.revisions, index)
	o.device, o.n, o.after = pick(o.device, index), pick(o.n, index), pick(o.after, index)
	o.forked, o.sum, o.circle, o.depth = pick(o.forked, index), pick(o.sum, index), pick(o.circle, index), pick(o.depth, index)
}

func pick[T any](s []T, index []int) []T {
	out := make([]T, len(index))
	for to, from := range index {
		out[to] = s[from]
	}
	return out
}

func newOrder(revisions []Revision) *order {
	count := len(revisions)
	o := &order{device: make([]int, count), n: make([]uint64, count), after: make([][]uint64, count),
		forked: make([]bool, count), sum: make([]uint64, count), circle: make([]int, count), depth: make([]int, count)}
	columns, places := map[string]int{}, make(map[Dot]int, count)
	for i, r := range revisions {
		if other, taken := places[r.Dot()]; taken {
			o.forked[i], o.forked[other] = true, true
		}
		places[r.Dot()] = i
		if _, ok := columns[r.Device]; !ok {
			columns[r.Device] = len(columns)
		}
		o.device[i], o.n[i] = columns[r.Device], r.N
	}
	cells := make([]uint64, count*len(columns))
	for i, r := range revisions {
		o.after[i] = cells[i*len(columns) : (i+1)*len(columns)]
		for device, n := range r.After {
			o.sum[i] += n
			if column, ok := columns[device]; ok {
				o.after[i][column] = n
			}
		}
	}
	o.findCircles()
	return o
}

// covers reports whether the vector of b names a. Where a device wrote two revisions at one place, its own later ones say nothing of
// which of the two they follow: a tablet and its clone number alike, and know nothing of each other.
func (o *order) covers(b, a int) bool {
	return o.after[b][o.device[a]] >= o.n[a] && !(o.forked[a] && o.device[a] == o.device[b])
}

// knows reports whether b was written in knowledge of a. Revisions that claim to know each other in a circle lie:
// none of them counts as known to another, so that each of their answers stays a candidate.
func (o *order) knows(b, a int) bool {
	return o.covers(b, a) && (!o.circles || o.circle[a] != o.circle[b])
}

// straight reports whether each revision knew all before it, and there is one.
func (o *order) straight() bool {
	for b := range o.n {
		for a := range b {
			if !o.knows(b, a) {
				return false
			}
		}
	}
	return len(o.n) > 0
}

// concurrent reports whether neither of two revisions knew the other.
func (o *order) concurrent(a, b int) bool { return a != b && !o.knows(a, b) && !o.knows(b, a) }

// findCircles fills circle and depth. It is Tarjan's algorithm for strongly connected components, which finishes a
// component only after all that are known to it.
func (o *order) findCircles() {
	t := tarjan{order: o, number: make([]int, len(o.n)), low: make([]int, len(o.n))}
	for i := range o.n {
		o.circle[i] = -1
	}
	for i := range o.n {
		if t.number[i] == 0 {
			t.visit(i)
		}
	}
}

type tarjan struct {
	*order
	number, low []int // 0: not visited
	visited     int
	stack       []int
	finished    int
}

func (t *tarjan) visit(b int) {
	t.visited++
	t.number[b], t.low[b] = t.visited, t.visited
	t.stack = append(t.stack, b)
	for a := range t.n {
		if a == b || !t.covers(b, a) {
			continue
		}
		if t.number[a] == 0 {
			t.visit(a)
			t.low[b] = min(t.low[b], t.low[a])
		} else if t.circle[a] < 0 {
			t.low[b] = min(t.low[b], t.number[a])
		}
	}
	if t.low[b] == t.number[b] {
		from := len(t.stack) - 1
		for t.stack[from] != b {
			from--
		}
		t.finish(from)
	}
}

// finish makes a circle of the top of the stack and measures its depth.
func (t *tarjan) finish(from int) {
	members := t.stack[from:]
	t.stack = t.stack[:from]
	t.circles = t.circles || len(members) > 1
	depth := 0
	for _, b := range members {
		t.circle[b] = t.finished
	}
	for _, b := range members {
		for a := range t.n {
			if t.covers(b, a) && t.circle[a] != t.finished {
				depth = max(depth, t.depth[a]+1)
			}
		}
	}
	for _, b := range members {
		t.depth[b] = depth
	}
	t.finished++
}

// prefers reports whether a goes before b as provisional answer: final before draft, then who knew more, then the greater ID.
func (o *order) prefers(revisions []Revision, a, b int) bool {
	if revisions[a].Final != revisions[b].Final {
		return revisions[a].Final
	}
	if o.sum[a] != o.sum[b] {
		return o.sum[a] > o.sum[b]
	}
	return bytes.Compare(revisions[a].ID[:], revisions[b].ID[:]) > 0
}

// head returns the preferred one of the revisions that no other knew of; false for an empty history.
func (o *order) head(revisions []Revision) (int, bool) {
	best := -1
	for a := range revisions {
		if !o.known(a) && (best < 0 || o.prefers(revisions, a, best)) {
			best = a
		}
	}
	return best, best >= 0
}

// known reports whether any revision was written in knowledge of a. The newest are asked first.
func (o *order) known(a int) bool {
	for b := len(o.n) - 1; b >= 0; b-- {
		if o.knows(b, a) {
			return true
		}
	}
	return false
}
