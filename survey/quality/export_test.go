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
	ea      [relations][2][agreements]float64
	number  [relations][agreements][2][agreements]float64
	place   [relations][2][agreements]float64
	phone   [2][agreements]float64
	head    [contexts][2][agreements]float64
	members [2 * contexts][4][2][agreements]float64
	address [2][agreements]float64
}

// Count compares all households that share a block.
func (t *Tally) Count(households []Household, one func(a, b uuid.UUID) bool) {
	x := NewIndex(Options{})
	x.fill(slices.Values(households))
	s := newSearcher(x, make([]uint32, len(x.cards)), 0)
	for at, c := range x.cards {
		s.against(c, uint32(at), func(d *card) {
			if d.before(c) > 0 {
				panic("the cards of an index filled at once stand in the order of interviews")
			}
			is := 0
			if one(d.h.Interview, c.h.Interview) {
				is = 1
			}
			var e evidence
			e.quick(d, c)
			e.heads(d, c)
			e.people(d, c)
			t.pairs[is]++
			t.ea[e.relation][is][e.ea]++
			t.number[e.relation][e.ea][is][e.number]++
			t.place[e.relation][is][e.place]++
			t.head[e.context()][is][e.head]++
			t.members[e.membersContext()][min(e.matched, 3)][is][e.members]++
			t.phone[is][e.phone]++
			t.address[is][e.address]++
		})
	}
}

// Source turns the counts into the source of counted.go: weights rounded to a tenth of a bit. Duplicates were planted so many times too often.
func (t *Tally) Source(measured string, oversampled float64) []byte {
	var b strings.Builder
	b.WriteString("package quality\n\n")
	b.WriteString("// measured are the weights as counted in simulated fieldwork. They are written by\n//\n//\tgo test -run TestWeightsAreThoseCounted -update ./survey/quality\n//\n")
	fmt.Fprintf(&b, "// out of %s: %.0f pairs of one household, %.0f of two.\n", measured, t.pairs[1], t.pairs[0])
	fmt.Fprintf(&b, "var measured = weights{\nprior: %g,\n", tenths(math.Log2(t.pairs[1]/oversampled/t.pairs[0])))
	fmt.Fprintf(&b, "ea: [relations][agreements]float64{\n%s},\n", rows(jointly(t.ea[:])))
	b.WriteString("number: [relations][agreements][agreements]float64{\n")
	for relation := range relations {
		b.WriteString("{\n")
		for ea := range agreements {
			if row := rows(ratios(t.number[relation][ea])); row != none {
				fmt.Fprintf(&b, "%s: %s", goName(Agreement(ea)), row)
			}
		}
		b.WriteString("},\n")
	}
	b.WriteString("},\nplace: [relations][agreements]float64{\n")
	for relation := range relations {
		b.WriteString(rows(ratios(t.place[relation])))
	}
	fmt.Fprintf(&b, "},\nphone: [agreements]float64%saddress: [agreements]float64%shead: [contexts][agreements]float64{\n", rows(ratios(t.phone)), rows(ratios(t.address)))
	for context := range t.head {
		b.WriteString(rows(ratios(t.head[context])))
	}
	b.WriteString("},\nmembers: [2 * contexts][4][agreements]float64{\n")
	for context := range t.members {
		fmt.Fprintf(&b, "{\n%s},\n", rows(jointly(t.members[context][:])))
	}
	b.WriteString("},\n}\n")
	source, err := format.Source([]byte(b.String()))
	if err != nil {
		panic(err)
	}
	return source
}

const none = "{},\n"

func rows(rows []string) string { return strings.Join(rows, "") }

// ratios are the weights of one kind.
func ratios(counts [2][agreements]float64) []string { return jointly([][2][agreements]float64{counts}) }

// jointly are the weights of agreements that come in several tables: together they are all that can be. Rare agreements are drawn towards
// weighing nothing, by so many pairs more on either side as they would be if they meant nothing.
func jointly(tables [][2][agreements]float64) []string {
	var all [2]float64
	for _, counts := range tables {
		for a := 1; a < agreements; a++ {
			all[0] += counts[0][a]
			all[1] += counts[1][a]
		}
	}
	var out []string
	for _, counts := range tables {
		var parts []string
		for a := 1; a < agreements; a++ {
			if counts[0][a]+counts[1][a] == 0 {
				continue
			}
			u, m := counts[0][a]/max(all[0], 1), counts[1][a]/max(all[1], 1)
			drawn := caution * (m + u) / 2
			bits := math.Log2((counts[1][a] + drawn) / (all[1] + caution) * (all[0] + caution) / (counts[0][a] + drawn))
			parts = append(parts, fmt.Sprintf("%s: %g", goName(Agreement(a)), tenths(bits)))
		}
		out = append(out, "{"+strings.Join(parts, ", ")+"},\n")
	}
	return out
}

// caution is how many pairs are thought to have been seen besides.
const caution = 4

// goName is the constant of an agreement.
func goName(a Agreement) string {
	if a == Differ {
		return "Differ"
	}
	return strings.ToUpper(a.String()[:1]) + a.String()[1:]
}

func tenths(x float64) float64 { return math.Round(x*10)/10 + 0 } // never -0

// What tests look at from outside.
var (
	Folded  = fold
	CodeOf  = code
	PhoneOf = phone
)

// Likeness compares two names as they are written.
func Likeness(a, b string) float64 { return likeness(words(a), words(b)) }

// Bound returns how alike two words are, and the bound that spares the work.
func Bound(a, b string) (alike, atMost float64) {
	x, y := newWord(a), newWord(b)
	return jaroWinkler(a, b), mostAlike(&x, &y)
}

// Sounds reports whether two words sound the same.
func Sounds(a, b string) bool { return newWord(fold(a)).said == newWord(fold(b)).said }

// Kept is how many households an index holds, those that are gone included.
func Kept(x *Index) int { return len(x.cards) }
