package quality

import (
	"math"
	"slices"
)

// block is a rule by which households come into one block: only those that share a key of some rule are compared.
type block uint8

// The rules. Each finds what others miss: a wrong code of the area, a wrong number, a name written otherwise, no telephone, no position.
const (
	sameArea         block = iota + 1 // EA
	sameNumber                        // EA and number
	sameHeadInArea                    // EA and how a name of the head sounds
	samePhone                         // the last six digits of a telephone
	sameCell                          // a square of the grid, or one beside it
	sameNumberName                    // number, and how the first name of the head and the second member sound, in whatever EA
	sameNumberNearby                  // number, and the code of the area but for its last two characters
	samePeople                        // how the head's whole name sounds, or those of the head and two more
)

func (b block) String() string {
	return [...]string{"", "ea", "ea and number", "ea and head", "phone", "position", "number and names", "number nearby", "names"}[b]
}

// cellDegrees is the side of a square of the grid: 133 m from south to north, and from west to east 128 m in Oaxaca, 111 m in Santiago. Positions that
// lie less than one side from each other are in the same square or in neighbours.
const cellDegrees = 0.0012

// vague is the accuracy in metres above which a position brings nobody into a block: it would be anywhere in the village.
const vague = 150

// hash is FNV-1a, 64 bits. A key is a hash with the rule in its lowest bits: two rules never share a block.
type hash uint64

func newHash() hash { return 14695981039346656037 }

func (h hash) text(s string) hash {
	for i := range len(s) {
		h = (h ^ hash(s[i])) * 1099511628211
	}
	return (h ^ 0xff) * 1099511628211 // no byte of UTF-8
}

func (h hash) number(n uint32) hash {
	for range 4 {
		h = (h ^ hash(n&0xff)) * 1099511628211
		n >>= 8
	}
	return h
}

func (h hash) of(b block) uint64 { return uint64(h)&^15 | uint64(b) }

func ruleOf(key uint64) block { return block(key & 15) }

// keys appends the keys under which a household is found.
func (c *card) keys(to []uint64) []uint64 {
	form := newHash().text(c.h.Form)
	if c.ea != "" {
		area := form.text(c.ea)
		to = append(to, area.of(sameArea))
		if c.number != "" {
			to = append(to, area.text(c.number).of(sameNumber), form.text(c.ea[:max(0, len(c.ea)-2)]).text(c.number).of(sameNumberNearby))
		}
		if len(c.people) > 0 {
			for _, w := range c.people[0].name {
				to = append(to, area.number(w.sound).of(sameHeadInArea))
			}
		}
	}
	for _, p := range c.phones {
		if p != "" {
			to = append(to, form.text(p[len(p)-6:]).of(samePhone))
		}
	}
	to = c.nameKeys(form, to)
	if c.placed() {
		row, column := cell(c.position)
		to = append(to, form.number(uint32(row)).number(uint32(column)).of(sameCell))
	}
	return to
}

// nameKeys appends those that know no EA. Who is head in one interview may stand second in the other, and somebody may be left out.
func (c *card) nameKeys(form hash, to []uint64) []uint64 {
	first := c.people[:min(3, len(c.people))]
	numbered := form.text(c.number)
	for i := range first {
		name := first[i].name
		for _, other := range name[1:] {
			if c.number != "" {
				to = append(to, together(numbered, []uint32{name[0].sound, other.sound}).of(sameNumberName))
			}
		}
		if i == 0 && len(name) > 1 {
			to = append(to, together(form, []uint32{name[0].sound, name[len(name)-1].sound}).of(samePeople))
		}
		for j := range i {
			both := []uint32{name[0].sound, first[j].name[0].sound}
			to = append(to, together(form.number(1), both).of(samePeople))
		}
	}
	if c.number != "" && len(first) > 0 {
		both := []uint32{first[0].name[0].sound, first[min(1, len(first)-1)].name[0].sound}
		to = append(to, together(numbered.number(1), both).of(sameNumberName))
	}
	return to
}

// together hashes some sounds in whatever order.
func together(h hash, said []uint32) hash {
	slices.Sort(said)
	for _, s := range said {
		h = h.number(s)
	}
	return h
}

// around calls do with the key of each square beside the household's own.
func (c *card) around(do func(key uint64)) {
	if !c.placed() {
		return
	}
	form := newHash().text(c.h.Form)
	row, column := cell(c.position)
	for r := row - 1; r <= row+1; r++ {
		for k := column - 1; k <= column+1; k++ {
			if r != row || k != column {
				do(form.number(uint32(r)).number(uint32(k)).of(sameCell))
			}
		}
	}
}

// placed reports whether a household lies in a square of the grid.
func (c *card) placed() bool {
	p := c.position
	return p.Known && p.Accuracy <= vague && math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180
}

func cell(p Position) (row, column int32) {
	return int32(math.Floor(p.Lat / cellDegrees)), int32(math.Floor(p.Lon / cellDegrees))
}
