package quality

import "bytes"

// card is a household made ready for comparing: what it says, folded once.
type card struct {
	h        *Household
	ea       string
	number   string
	phones   []string // of h.Phones, "" for what is none
	people   []person // of h.Members, those with a name
	address  []word
	gone     bool   // replaced or removed
	nearness uint32 // how head and second member sound: neighbours in a crowded block
}

type person struct {
	name   []word
	sex    string
	age    int16
	hasAge bool
}

func newCard(h *Household) *card {
	c := &card{h: h, ea: code(h.EA), number: code(h.Number)}
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
		c.nearness |= p.name[0].sound >> 15 << (15 * (1 - n))
	}
	return c
}

// before orders cards by their interviews.
func (c *card) before(d *card) int { return bytes.Compare(c.h.Interview[:], d.h.Interview[:]) }
