package quality

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// card is a household made ready for comparing: what it says, folded once.
type card struct {
	id       uuid.UUID // h.Interview
	h        *Household
	position Position // h.Position
	ea       string
	number   string
	phones   []string // of h.Phones, "" for what is none
	people   []person // of h.Members, those with a name
	address  []word
	gone     bool   // replaced or removed
	pair     uint32 // how head and second member sound, three letters of each
}

type person struct {
	name   []word
	sex    string
	age    int16
	hasAge bool
}

func newCard(h *Household) *card {
	c := &card{id: h.Interview, h: h, position: h.Position, ea: code(h.EA), number: code(h.Number)}
	if h.Address != "" {
		c.address = words(h.Address)
	}
	for _, p := range h.Phones {
		c.phones = append(c.phones, phone(p))
	}
	c.people = make([]person, 0, len(h.Members))
	for _, m := range h.Members {
		if name := words(m.Name); len(name) > 0 {
			c.people = append(c.people, person{name, m.Sex, int16(min(max(m.Age, 0), 1000)), m.HasAge})
		}
	}
	for n, p := range c.people[:min(2, len(c.people))] {
		c.pair |= p.name[0].sound >> 15 << (15 * (1 - n))
	}
	return c
}

// before orders cards by their interviews.
func (c *card) before(d *card) int { return bytes.Compare(c.id[:], d.id[:]) }

// near is the order in a block of a rule: in a crowded one only neighbours are compared. Where names brought the households together, they
// stand in the order of their numbers, else in that of the names.
func (c *card) near(rule block) uint32 {
	if rule != samePeople && rule != sameNumberName {
		return c.pair
	}
	digits := strings.TrimRight(c.number, "abcdefghijklmnopqrstuvwxyz")
	n, _ := strconv.ParseUint(digits[max(0, len(digits)-6):], 10, 32) // 0 where it is no number
	age := uint32(0)
	if len(c.people) > 0 {
		age = uint32(min(c.people[0].age, 127))
	}
	return uint32(n)<<7 | age
}
