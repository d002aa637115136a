package quality

import (
	"bytes"
	"cmp"
	"iter"
	"runtime"
	"slices"
	"sort"
	"sync"

	"github.com/google/uuid"
)

// Found is what a search found.
type Found struct {
	Pairs    []Pair  // the most likely first, then by A and B
	Compared int     // pairs that shared a block
	Crowded  []Crowd // blocks in which not every household was compared with every other, the largest first
}

// Crowd is a block with more households than Options.Block: everybody in an area "1", say. In it, each household was compared
// with its neighbours by name alone.
type Crowd struct {
	Block      string // "ea", "phone", ...
	Households int
	Example    uuid.UUID // an interview of the block
}

// Find compares all households that share a block and returns the pairs that are likely one household. The result depends on the set of
// households alone, not on their order; of two with the same interview the later counts. It holds all households in memory, about 1.4 kB
// each, and uses all processors.
func Find(households iter.Seq[Household], o Options) Found {
	x := NewIndex(o)
	x.fill(households)
	found := Found{Crowded: x.crowds()}
	var all sync.WaitGroup
	var lock sync.Mutex
	workers := runtime.GOMAXPROCS(0)
	for n := range workers {
		all.Go(func() {
			s := newSearcher(x, make([]uint32, len(x.cards)), 0)
			for at := n; at < len(x.cards); at += workers {
				c := x.cards[at]
				s.against(c, uint32(at), func(d *card) { s.compare(c, d) })
			}
			lock.Lock()
			defer lock.Unlock()
			found.Pairs = append(found.Pairs, s.pairs...)
			found.Compared += s.compared
		})
	}
	all.Wait()
	sortPairs(found.Pairs)
	return found
}

// Candidates returns the pairs that a household makes with those of the index, itself left out: the most likely first, then by A and B. Where no
// block is crowded, the pairs found on adding household after household are those that Find returns.
func (x *Index) Candidates(h Household) []Pair {
	if len(x.seen) < len(x.cards) {
		x.seen = make([]uint32, 2*len(x.cards))
		x.stamp = 0
	}
	s := newSearcher(x, x.seen, x.stamp)
	c := newCard(&h)
	s.against(c, uint32(len(x.cards)), func(d *card) { s.compare(c, d) })
	x.stamp = s.stamp
	sortPairs(s.pairs)
	return s.pairs
}

// fill puts many households into an empty index at once, in the order of their interviews.
func (x *Index) fill(households iter.Seq[Household]) {
	last := map[uuid.UUID]int{}
	var in []Household
	for h := range households {
		if n, there := last[h.Interview]; there {
			in[n] = h
			continue
		}
		last[h.Interview] = len(in)
		in = append(in, h)
	}
	slices.SortFunc(in, func(a, b Household) int { return bytes.Compare(a.Interview[:], b.Interview[:]) })
	var all []entry
	for _, h := range in {
		all = append(all, x.insert(h)...)
	}
	x.sort(all)
}

// crowds finds the blocks that are too large.
func (x *Index) crowds() []Crowd {
	var out []Crowd
	for _, run := range x.runs {
		for from := 0; from < len(run); {
			to := from + 1
			for to < len(run) && run[to].key == run[from].key {
				to++
			}
			if to-from > x.options.Block {
				out = append(out, Crowd{ruleOf(run[from].key).String(), to - from, x.cards[run[from].at].id})
			}
			from = to
		}
	}
	slices.SortFunc(out, func(a, b Crowd) int {
		return cmp.Or(cmp.Compare(b.Households, a.Households), cmp.Compare(a.Block, b.Block), bytes.Compare(a.Example[:], b.Example[:]))
	})
	return out
}

// searcher looks for pairs in an index that nobody changes.
type searcher struct {
	x        *Index
	seen     []uint32 // by place in x.cards: the last stamp that met it
	stamp    uint32
	keys     []uint64
	least    float64 // score below which a pair is not kept
	most     most
	pairs    []Pair
	compared int
}

func newSearcher(x *Index, seen []uint32, stamp uint32) *searcher {
	return &searcher{x: x, seen: seen, stamp: stamp, least: bitsOf(x.options.Least) - measured.prior, most: measured.most()}
}

// against meets those cards before limit that share a block with c, each once.
func (s *searcher) against(c *card, limit uint32, meet func(d *card)) {
	s.stamp++
	s.keys = c.keys(s.keys[:0])
	c.around(func(key uint64) { s.keys = append(s.keys, key) })
	for _, key := range s.keys {
		for _, run := range s.x.runs {
			for _, e := range s.block(run, key, c) {
				if e.at >= limit || s.seen[e.at] == s.stamp {
					continue
				}
				s.seen[e.at] = s.stamp
				if d := s.x.cards[e.at]; !d.gone && d.id != c.id {
					s.compared++
					meet(d)
				}
			}
		}
	}
}

// block returns the entries of a key; of a crowded block those around where the card stands.
func (s *searcher) block(run []entry, key uint64, c *card) []entry {
	from := sort.Search(len(run), func(i int) bool { return run[i].key >= key })
	if from == len(run) || run[from].key != key {
		return nil
	}
	rest := run[from:]
	o := s.x.options
	if len(rest) <= o.Block || rest[o.Block].key != key {
		to := 0
		for to < len(rest) && rest[to].key == key {
			to++
		}
		return rest[:to]
	}
	rest = rest[:sort.Search(len(rest), func(i int) bool { return rest[i].key > key })]
	near := c.near(ruleOf(key))
	place := sort.Search(len(rest), func(i int) bool {
		return cmp.Or(cmp.Compare(rest[i].near, near), s.x.cards[rest[i].at].before(c)) >= 0
	})
	return rest[max(0, place-o.Window):min(len(rest), place+o.Window+1)]
}

// compare weighs two households and keeps them as a pair when they are likely one. What costs time is compared last, and only as long as
// they can still be.
func (s *searcher) compare(a, b *card) {
	if a.before(b) > 0 {
		a, b = b, a
	}
	w := &measured
	var e evidence
	e.quick(a, b)
	c := e.context()
	if w.score(&e)+s.most.head[c]+max(s.most.members[c], s.most.members[c+contexts])+s.most.address < s.least {
		return
	}
	e.heads(a, b)
	if w.score(&e)+s.most.members[e.membersContext()]+s.most.address < s.least {
		return
	}
	e.people(a, b)
	score := w.score(&e)
	if score < s.least || a.h.Form != b.h.Form { // keys of two forms differ, but for the chance of a hash
		return
	}
	s.pairs = append(s.pairs, Pair{A: a.id, B: b.id, Score: score, Probability: probability(w.prior + score), Reasons: w.reasons(&e, a.h, b.h)})
}

func sortPairs(pairs []Pair) {
	slices.SortFunc(pairs, func(p, q Pair) int {
		return cmp.Or(cmp.Compare(q.Score, p.Score), bytes.Compare(p.A[:], q.A[:]), bytes.Compare(p.B[:], q.B[:]))
	})
}
