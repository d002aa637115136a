package quality

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)

// evidence is what comparing two households says, kind by kind.
type evidence struct {
	ea, number, place, phone, head, members, address Agreement

	metres         float64
	phoneA, phoneB int // the telephones that agree best
	inA, inB       int // the person that is head in one household, and where it is in the other; -1: none
	matched, of    int // members
	relation       relation
	full           bool // both heads have names of several words
}

// quick compares what costs little.
func (e *evidence) quick(a, b *card) {
	e.ea, e.number = codes(a.ea, b.ea), numbers(a.number, b.number)
	e.phone, e.phoneA, e.phoneB = phones(a.phones, b.phones)
	e.place, e.metres = places(a.position, b.position)
	e.relation = e.relate()
	e.full = len(a.people) > 0 && len(b.people) > 0 && min(len(a.people[0].name), len(b.people[0].name)) > 1
	e.inA, e.inB = -1, -1
}

// heads compares who the heads are, and people who else there is.
func (e *evidence) heads(a, b *card) { e.head, e.inA, e.inB = heads(a, b) }

func (e *evidence) people(a, b *card) {
	e.members, e.matched, e.of = members(a.people, b.people, e.inA, e.inB)
	e.address = addresses(a.address, b.address)
}

// unsure is the accuracy taken for a position that does not say its own, and the least that is believed: a door has two sides.
const (
	unsure    = 30.0 // metres
	leastSure = 8.0
	far       = 1000.0
)

// places compares positions by their distance against both accuracies.
func places(a, b Position) (Agreement, float64) {
	if !a.Known || !b.Known {
		return Unknown, 0
	}
	metres := geo.Distance(orb.Point{a.Lon, a.Lat}, orb.Point{b.Lon, b.Lat})
	both := math.Hypot(spread(a.Accuracy), spread(b.Accuracy))
	switch {
	case metres <= 1.5*both:
		return Same, metres
	case metres <= 3.5*both:
		return Similar, metres
	case metres < far:
		return Apart, metres
	}
	return Differ, metres
}

func spread(accuracy float64) float64 {
	if accuracy <= 0 {
		return unsure
	}
	return max(accuracy, leastSure)
}

// From what likeness on names are the same, similar, or partly so.
const (
	sameName    = 0.93
	similarName = 0.83
	partlyName  = 0.66
)

// heads compares the heads of two households; when these are other people, it looks whether one of them is a member of the other
// household. It returns which two people are one, -1 for none.
func heads(a, b *card) (level Agreement, inA, inB int) {
	if len(a.people) == 0 || len(b.people) == 0 {
		return Unknown, -1, -1
	}
	level = persons(&a.people[0], &b.people[0])
	if level == Same || level == Similar {
		return level, 0, 0
	}
	for i := range a.people[1:] {
		if likely(&a.people[i+1], &b.people[0]) {
			return Swapped, i + 1, 0
		}
	}
	for j := range b.people[1:] {
		if likely(&a.people[0], &b.people[j+1]) {
			return Swapped, 0, j + 1
		}
	}
	return level, -1, -1
}

// persons compares two people by name, age and sex. A sex that is not the same, under the same name and at the same age, is taken for a slip.
func persons(a, b *person) Agreement {
	alike := likeness(a.name, b.name)
	aged, sexed := sameAge(a, b), a.sex == "" || b.sex == "" || a.sex == b.sex
	switch {
	case alike >= sameName && aged && sexed:
		return Same
	case alike >= sameName && aged, alike >= similarName && aged && sexed:
		return Similar
	case alike >= similarName:
		return Namesake
	case alike >= partlyName && aged && sexed:
		return Partly
	}
	return Differ
}

// likely reports whether two people are one.
func likely(a, b *person) bool {
	if !sameAge(a, b) {
		return false
	}
	level := persons(a, b)
	return level == Same || level == Similar
}

// sameAge reports whether two ages may be one: those who tell them round them, so that two years, or a tenth of the age, are no difference.
func sameAge(a, b *person) bool {
	if !a.hasAge || !b.hasAge {
		return true
	}
	older, younger := max(a.age, b.age), min(a.age, b.age)
	return older-younger <= max(2, older/10)
}

// mostPeople is how many members of a household are compared with each other.
const mostPeople = 16

// members counts how many people are in both households, the one left out that heads found.
func members(a, b []person, inA, inB int) (level Agreement, matched, of int) {
	others := 0
	if inA >= 0 {
		others = 1
	}
	a, b = a[:min(len(a), mostPeople)], b[:min(len(b), mostPeople)]
	n, m := len(a)-others, len(b)-others
	if of = max(n, m); of <= 0 {
		return Unknown, 0, 0
	}
	if min(n, m) == 0 || others == 0 && min(n, m) == 1 {
		return Unlisted, 0, of
	}
	var used uint
	for i := range a {
		for j := range b {
			if i != inA && j != inB && used&(1<<j) == 0 && likely(&a[i], &b[j]) {
				used |= 1 << j
				matched++
				break
			}
		}
	}
	switch share := 2 * float64(matched) / float64(n+m); {
	case share >= 0.8:
		return Same, matched, of
	case share >= 0.5:
		return Partly, matched, of
	case matched > 0:
		return Few, matched, of
	}
	return Differ, matched, of
}

// addresses compares two addresses word by word, as names.
func addresses(a, b []word) Agreement {
	if len(a) == 0 || len(b) == 0 {
		return Unknown
	}
	switch alike := likeness(a, b); {
	case alike >= sameName:
		return Same
	case alike >= similarName:
		return Similar
	case alike >= partlyName:
		return Partly
	}
	return Differ
}
