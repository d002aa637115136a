// Package qualitytest does fieldwork by chance: villages with households that resemble each other, interviews with the mistakes people
// make, and some households interviewed twice, of which it knows. Duplicate detection is measured on it, and its weights are counted in it.
package qualitytest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"vereda/survey/quality"
)

// Plan says what fieldwork to do.
type Plan struct {
	Seed       uint64
	Interviews int     // about how many, duplicates included
	Duplicates float64 // share of the interviews that repeat a household
	World      World
}

// World says what interviews record.
type World struct {
	Name      string
	FullNames bool    // given names and surnames; else one name or nickname for each member
	Phones    float64 // share of households that give a telephone
	Addresses float64 // share that have an address
	Positions float64 // share of interviews with a position
	Areas     float64 // share of interviews with the code of the area; the others leave it out
}

// Worlds returns the kinds of forms that detection is measured with: one that asks for all there is, the built-in questionnaire (first names,
// no telephone), and one without positions.
func Worlds() []World {
	return []World{
		{Name: "full", FullNames: true, Phones: 0.65, Addresses: 0.5, Positions: 0.95, Areas: 1},
		{Name: "built-in", Positions: 0.95, Areas: 1},
		{Name: "no positions", FullNames: true, Phones: 0.65, Addresses: 0.5, Areas: 0.97},
	}
}

// Couple is two interviews of one household, the lower ID first.
type Couple [2]uuid.UUID

// Fieldwork is interviews and the truth about them.
type Fieldwork struct {
	Interviews []quality.Household
	Truth      map[Couple]string // what went wrong in the second of two interviews of one household
}

// NewCouple orders two interviews.
func NewCouple(a, b uuid.UUID) Couple {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	return Couple{a, b}
}

// Do does the fieldwork of a plan: the same from the same plan.
func Do(p Plan) Fieldwork {
	f := &field{Rand: rand.New(rand.NewPCG(p.Seed, 0x7665726564612121)), plan: p, work: Fieldwork{Truth: map[Couple]string{}},
		now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.FixedZone("", -5*3600))}
	for n := 0; len(f.work.Interviews) < p.Interviews; n++ {
		f.village(n)
	}
	f.Shuffle(len(f.work.Interviews), func(i, j int) {
		f.work.Interviews[i], f.work.Interviews[j] = f.work.Interviews[j], f.work.Interviews[i]
	})
	return f.work
}

type field struct {
	*rand.Rand
	plan Plan
	work Fieldwork
	now  time.Time
}

// chance reports whether something of the given probability happens.
func (f *field) chance(p float64) bool { return f.Float64() < p }

// near is a number around 0, most of them within one spread.
func (f *field) near(spread float64) float64 { return f.NormFloat64() * spread }

func pick[T any](f *field, of []T) T { return of[f.IntN(len(of))] }

// village is an enumeration area whose sampled households are all visited.
func (f *field) village(n int) {
	v := f.settle(n)
	for _, h := range v.households {
		first := f.interview(v, h)
		interviews := []quality.Household{first}
		again := f.plan.Duplicates
		for f.chance(again) {
			repeated, mistakes := f.again(v, h)
			for _, other := range interviews {
				f.work.Truth[NewCouple(other.Interview, repeated.Interview)] = mistakes
			}
			interviews = append(interviews, repeated)
			again = 0.05 // a third time
		}
		f.work.Interviews = append(f.work.Interviews, interviews...)
	}
}

// id is a new interview's: as a tablet makes it, in the order of time.
func (f *field) id() uuid.UUID {
	var b [16]byte
	ms := uint64(f.now.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (8 * (5 - i)))
	}
	for i := 6; i < 16; i++ {
		b[i] = byte(f.Uint32())
	}
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	return b
}

func areaCode(municipality, area int) string {
	return fmt.Sprintf("co-05-%03d-%04d", municipality, area)
}
