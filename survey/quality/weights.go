package quality

import "math"

// weights are bits of evidence: the logarithm to base 2 of how much more often an agreement is seen between two interviews of one
// household than between those of two households that share a block (Fellegi and Sunter 1969, "A Theory for Record Linkage"). What
// depends on each other among strangers is weighed together: the number within the same area, the position within the same area.
type weights struct {
	prior   float64 // bits: how rare duplicates are among the pairs compared
	ea      [agreements]float64
	number  [agreements][agreements]float64 // by the agreement of the EA
	place   [2][agreements]float64          // by whether the EA is the same
	phone   [agreements]float64
	head    [contexts][agreements]float64
	members [contexts][4][agreements]float64 // by how many members are in both, 3 for more
	address [agreements]float64
}

// household is what the comparisons weigh that tell households apart, also those of one dwelling.
func (w *weights) household(e *evidence) float64 {
	return w.ea[e.ea] + w.number[e.ea][e.number] + w.head[e.context][e.head] + w.members[e.context][min(e.matched, 3)][e.members]
}

// dwelling is what position, telephone and address weigh, which relatives in one dwelling share: together never more than dwellingMost.
func (w *weights) dwelling(e *evidence) float64 {
	return min(w.place[sameEA(e)][e.place]+w.phone[e.phone]+w.address[e.address], dwellingMost)
}

// dwellingMost is in bits.
const dwellingMost = 8

// hope is the most that the slow comparisons of two households can weigh.
func (w *weights) hope(e *evidence, a, b *card) float64 {
	best := 0.0
	if len(a.people) > 0 && len(b.people) > 0 {
		m := &w.members[e.context]
		best += highest(w.head[e.context]) + max(highest(m[0]), highest(m[1]), highest(m[2]), highest(m[3]))
	}
	if len(a.address) > 0 && len(b.address) > 0 {
		best += highest(w.address)
	}
	return best
}

func highest(of [agreements]float64) float64 {
	best := 0.0
	for _, bits := range of {
		best = max(best, bits)
	}
	return best
}

// context says in what circumstances names agree. "Rosa" says less than "Rosa Quispe Mamani", and both say less of households that share a
// block for no other reason than their names.
func context(e *evidence, a, b *card) int {
	n := 0
	if len(a.people) > 0 && len(b.people) > 0 && min(len(a.people[0].name), len(b.people[0].name)) > 1 {
		n |= 1
	}
	if e.ea != Same && e.place != Same && e.place != Similar && e.phone != Same {
		n |= 2
	}
	return n
}

const contexts = 4

func sameEA(e *evidence) int {
	if e.ea == Same {
		return 1
	}
	return 0
}

// probability turns bits into a probability, and bits back.
func probability(bits float64) float64 { return 1 / (1 + math.Exp2(-bits)) }

func bits(probability float64) float64 { return math.Log2(probability / (1 - probability)) }
