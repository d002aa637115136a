package quality

import (
	"fmt"
	"go/format"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Tally counts agreements between interviews of one household (1) and between others that share a block (0).
type Tally struct {
	pairs   [2]float64
	ea      [2][agreements]float64
	number  [2][agreements][agreements]float64
	place   [2][2][agreements]float64
	phone   [2][agreements]float64
	head    [contexts][2][agreements]float64
	members [contexts][4][2][agreements]float64
	address [2][agreements]float64
}

// Count compares all households that share a block.
func (t *Tally) Count(households []Household, one func(a, b uuid.UUID) bool) {
	x := NewIndex(Options{})
	x.fill(slices.Values(households))
	s := searcher{x: x, seen: make([]uint32, len(x.cards))}
	for at, c := range x.cards {
		s.against(c, uint32(at), func(d *card) {
			is := 0
			if one(d.h.Interview, c.h.Interview) {
				is = 1
			}
			var e evidence
			e.quick(d, c)
			e.slow(d, c)
			t.pairs[is]++
			t.ea[is][e.ea]++
			t.number[is][e.ea][e.number]++
			t.place[is][sameEA(&e)][e.place]++
			t.phone[is][e.phone]++
			t.head[e.context][is][e.head]++
			t.members[e.context][min(e.matched, 3)][is][e.members]++
			t.address[is][e.address]++
		})
	}
}

// Source turns the counts into the source of counted.go: weights rounded to a tenth of a bit.
func (t *Tally) Source(measured string) []byte {
	var b strings.Builder
	b.WriteString("package quality\n\n")
	b.WriteString("// measured are the weights as counted in simulated fieldwork. They are written by\n//\n//\tgo test -run TestWeightsAreThoseCounted -update ./survey/quality\n//\n")
	fmt.Fprintf(&b, "// out of %s: %.0f pairs of one household, %.0f of two.\n", measured, t.pairs[1], t.pairs[0])
	fmt.Fprintf(&b, "var measured = weights{\nprior: %g,\nea: %s,\n", tenths(math.Log2(t.pairs[1]/t.pairs[0])), ratios(t.ea))
	b.WriteString("number: [agreements][agreements]float64{\n")
	for ea := range agreements {
		if row := ratios([2][agreements]float64{t.number[0][ea], t.number[1][ea]}); row != none {
			fmt.Fprintf(&b, "%s: %s,\n", goName(Agreement(ea)), strings.TrimPrefix(row, kind))
		}
	}
	b.WriteString("},\nplace: [2][agreements]float64{\n")
	for same := range 2 {
		fmt.Fprintf(&b, "%s,\n", strings.TrimPrefix(ratios([2][agreements]float64{t.place[0][same], t.place[1][same]}), kind))
	}
	fmt.Fprintf(&b, "},\nphone: %s,\naddress: %s,\nhead: [contexts][agreements]float64{\n", ratios(t.phone), ratios(t.address))
	for context := range contexts {
		fmt.Fprintf(&b, "%s,\n", strings.TrimPrefix(ratios(t.head[context]), kind))
	}
	b.WriteString("},\nmembers: [contexts][4][agreements]float64{\n")
	for context := range contexts {
		b.WriteString("{\n")
		for _, row := range jointly(t.members[context]) {
			fmt.Fprintf(&b, "%s,\n", strings.TrimPrefix(row, kind))
		}
		b.WriteString("},\n")
	}
	b.WriteString("},\n}\n")
	source, err := format.Source([]byte(b.String()))
	if err != nil {
		panic(err)
	}
	return source
}

const (
	kind = "[agreements]float64"
	none = kind + "{}"
)

// ratios is the source of the weights of one kind.
func ratios(counts [2][agreements]float64) string {
	return jointly([4][2][agreements]float64{counts})[0]
}

// against is the source of the weights of some agreements out of all. Half a pair more of each keeps what never happened from being impossible.
func against(counts [2][agreements]float64, all [2]float64) string {
	var parts []string
	for a := 1; a < agreements; a++ {
		if counts[0][a]+counts[1][a] > 0 {
			bits := math.Log2((counts[1][a] + 0.5) / all[1] / ((counts[0][a] + 0.5) / all[0]))
			parts = append(parts, fmt.Sprintf("%s: %g", goName(Agreement(a)), tenths(bits)))
		}
	}
	return kind + "{" + strings.Join(parts, ", ") + "}"
}

// jointly are the sources of the weights of agreements that come in several tables: together they are all that can be.
func jointly(tables [4][2][agreements]float64) [4]string {
	var all [2]float64
	for _, counts := range tables {
		for a := 1; a < agreements; a++ {
			if counts[0][a]+counts[1][a] > 0 {
				all[0] += counts[0][a] + 0.5
				all[1] += counts[1][a] + 0.5
			}
		}
	}
	var out [4]string
	for n, counts := range tables {
		out[n] = against(counts, all)
	}
	return out
}

// goName is the constant of an agreement.
func goName(a Agreement) string {
	if a == Differ {
		return "Differ"
	}
	return strings.ToUpper(a.String()[:1]) + a.String()[1:]
}

func tenths(x float64) float64 { return math.Round(x*10)/10 + 0 } // never -0
