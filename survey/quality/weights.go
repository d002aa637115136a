package quality

import (
	"math"
	"slices"
)

// weights are bits of evidence: the logarithm to base 2 of how much more often an agreement is seen between two interviews of one
// household than between those of two households that share a block (Fellegi and Sunter 1969, "A Theory for Record Linkage"). What
// depends on each other among strangers is weighed together: all of it by how they came to be compared, the number by the EA, members by
// whether the heads are the same.
type weights struct {
	prior   float64 // bits: how rare duplicates are among the pairs compared
	ea      [relations][agreements]float64
	number  [relations][agreements][agreements]float64 // by the agreement of the EA
	place   [relations][agreements]float64
	phone   [agreements]float64
	address [agreements]float64
	head    [contexts][agreements]float64
	members [2 * contexts][4][agreements]float64 // by how many members are in both, 3 for more
}

// score adds up what has been compared so far. EA, number and people tell households apart, also those of one dwelling. Position,
// telephone and address, which relatives in one dwelling share, weigh together never more than dwellingMost.
func (w *weights) score(e *evidence) float64 {
	dwelling := w.place[e.relation][e.place] + w.phone[e.phone] + w.address[e.address]
	return w.ea[e.relation][e.ea] + w.number[e.relation][e.ea][e.number] + w.head[e.context()][e.head] +
		w.members[e.membersContext()][min(e.matched, 3)][e.members] + min(dwelling, dwellingMost)
}

// dwellingMost is in bits.
const dwellingMost = 8

// most is the most that the kinds that cost time can weigh, so that they are not compared where they cannot decide.
type most struct {
	head    [contexts]float64
	members [2 * contexts]float64
	address float64
}

func (w *weights) most() most {
	m := most{address: slices.Max(w.address[:])}
	for c := range w.head {
		m.head[c] = slices.Max(w.head[c][:])
	}
	for c := range w.members {
		for n := range w.members[c] {
			m.members[c] = max(m.members[c], slices.Max(w.members[c][n][:]))
		}
	}
	return m
}

// relation is how two households came to share a block.
type relation uint8

const (
	neighbours relation = iota // they have one EA
	near                       // they have not, but positions close to each other or one telephone
	elsewhere                  // nothing but their names, or their names and number
	relations  = iota
)

// relate says how two households came to share a block.
func (e *evidence) relate() relation {
	switch {
	case e.ea == Same:
		return neighbours
	case e.place == Same || e.place == Similar || e.phone == Same:
		return near
	}
	return elsewhere
}

// contexts are the circumstances in which names agree: how the households came to share a block, and whether names have several words. "Rosa"
// says less than "Rosa Quispe Mamani", and both say less where the names brought the households together.
const contexts = 2 * relations

func (e *evidence) context() int {
	if e.full {
		return int(e.relation) + relations
	}
	return int(e.relation)
}

// membersContext is the context, and whether heads found somebody.
func (e *evidence) membersContext() int {
	if e.inA >= 0 {
		return e.context() + contexts
	}
	return e.context()
}

// probability turns bits into a probability, and bitsOf turns it back.
func probability(bits float64) float64 { return 1 / (1 + math.Exp2(-bits)) }

func bitsOf(probability float64) float64 { return math.Log2(probability / (1 - probability)) }
