package quality

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
)

// Index holds households so that those like a new one are found without looking at all. It is not safe for concurrent use. It takes about
// 1.4 kB for each household.
type Index struct {
	options Options
	cards   []*card
	at      map[uuid.UUID]uint32
	runs    [][]entry // each sorted; sizes fall by half or more
	gone    int
	scratch []uint64
	seen    []uint32 // of Candidates
	stamp   uint32
}

// entry says that a household has a key. Within a key, entries stand so that neighbours are alike.
type entry struct {
	key  uint64
	near uint32
	at   uint32 // in cards
}

// NewIndex returns an empty index.
func NewIndex(o Options) *Index {
	return &Index{options: o.filled(), at: make(map[uuid.UUID]uint32)}
}

// Len returns how many households there are.
func (x *Index) Len() int { return len(x.at) }

// Add puts a household in, in place of what the same interview said before. It keeps the household's slices.
func (x *Index) Add(h Household) {
	x.Remove(h.Interview)
	x.merge(x.insert(h))
}

// Remove takes an interview out; one that is not there does no harm.
func (x *Index) Remove(interview uuid.UUID) {
	at, there := x.at[interview]
	if !there {
		return
	}
	x.cards[at].gone = true
	delete(x.at, interview)
	if x.gone++; x.gone > 1000 && x.gone > len(x.at) {
		x.rebuild()
	}
}

// insert makes a card and its entries, which are in no run yet.
func (x *Index) insert(h Household) []entry {
	c, at := newCard(&h), uint32(len(x.cards))
	x.cards = append(x.cards, c)
	x.at[h.Interview] = at
	x.scratch = c.keys(x.scratch[:0])
	slices.Sort(x.scratch)
	var fresh []entry
	for _, key := range slices.Compact(x.scratch) {
		fresh = append(fresh, entry{key, c.near(ruleOf(key)), at})
	}
	return fresh
}

// merge puts a sorted run to the others, and melts together those of like size: n households make at most log n runs, and each entry is moved
// log n times.
func (x *Index) merge(run []entry) {
	for len(x.runs) > 0 {
		last := x.runs[len(x.runs)-1]
		if len(last) > 2*len(run) {
			break
		}
		run = x.melt(last, run)
		x.runs = x.runs[:len(x.runs)-1]
	}
	x.runs = append(x.runs, run)
}

// melt merges two sorted runs, without the entries of households that are gone.
func (x *Index) melt(a, b []entry) []entry {
	out := make([]entry, 0, len(a)+len(b))
	take := func(e entry) {
		if !x.cards[e.at].gone {
			out = append(out, e)
		}
	}
	for len(a) > 0 && len(b) > 0 {
		if x.order(a[0], b[0]) <= 0 {
			take(a[0])
			a = a[1:]
		} else {
			take(b[0])
			b = b[1:]
		}
	}
	for _, e := range a {
		take(e)
	}
	for _, e := range b {
		take(e)
	}
	return out
}

// order sorts entries by key, then nearness, then interview: so it depends on the households alone.
func (x *Index) order(a, b entry) int {
	if a.key != b.key {
		return cmp.Compare(a.key, b.key)
	}
	if a.near != b.near {
		return cmp.Compare(a.near, b.near)
	}
	return x.cards[a.at].before(x.cards[b.at])
}

// rebuild makes the index anew without what is gone.
func (x *Index) rebuild() {
	old := x.cards
	x.cards, x.runs, x.gone = nil, nil, 0
	clear(x.at)
	var all []entry
	for _, c := range old {
		if !c.gone {
			all = append(all, x.insert(*c.h)...)
		}
	}
	x.sort(all)
}

// sort makes all entries the only run.
func (x *Index) sort(all []entry) {
	slices.SortFunc(all, x.order)
	x.runs = [][]entry{all}
}
