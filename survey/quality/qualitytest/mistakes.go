package qualitytest

import (
	"math"
	"strconv"
	"strings"
	"time"

	"vereda/survey/quality"
)

// interview is a household's first: mostly right, with the mistakes that any interview has.
func (f *field) interview(v *village, h household) quality.Household {
	f.now = f.now.Add(time.Duration(1+f.IntN(20)) * time.Minute)
	q := quality.Household{Interview: f.id(), Form: "hh", EA: v.ea, Number: h.number, By: pick(f, v.team), At: f.now}
	q.Device = "t" + q.By
	for _, p := range f.lie(h).members(f.plan.World.FullNames) {
		if f.chance(0.03) {
			p.Name = f.mistype(p.Name)
		}
		q.Members = append(q.Members, p)
	}
	q.Position = f.position(h)
	if h.phone != "" && f.chance(0.9) {
		q.Phones = append(q.Phones, h.phone)
	}
	if f.chance(0.9) {
		q.Address = h.address
	}
	switch {
	case f.chance(0.006):
		q.Number = pick(f, v.households).number
	case f.chance(0.004):
		q.Number = f.slip(q.Number)
	}
	switch {
	case f.chance(0.004):
		q.EA = areaCode(v.number/12, 1+f.IntN(12))
	case !f.chance(f.plan.World.Areas):
		q.EA = ""
	}
	return q
}

// again is another interview of a household: by somebody who did not know, on a tablet whose first one seemed lost, on a call-back. It
// returns what was recorded otherwise.
func (f *field) again(v *village, h household) (quality.Household, string) {
	q := f.interview(v, h)
	q.At = q.At.Add(time.Duration(f.ExpFloat64() * float64(48*time.Hour)))
	var mistakes []string
	does := func(p float64, what string, how func()) {
		if f.chance(p) {
			how()
			mistakes = append(mistakes, what)
		}
	}
	does(0.04, "nobody home", func() { q.Members, q.Phones = nil, nil })
	if len(q.Members) > 0 {
		does(0.15, "other head", func() {
			n := min(1, len(q.Members)-1)
			q.Members[0], q.Members[n] = q.Members[n], q.Members[0]
		})
		does(0.20, "member left out", func() {
			if n := f.IntN(len(q.Members)); len(q.Members) > 1 {
				q.Members = append(q.Members[:n:n], q.Members[n+1:]...)
			}
		})
		does(0.05, "only the head", func() { q.Members = q.Members[:1] })
		does(0.06, "member more", func() { q.Members = append(q.Members, f.home(v, 0, 0).members(f.plan.World.FullNames)[0]) })
		for i := range q.Members {
			f.retell(&q.Members[i])
		}
	}
	does(0.10, "number", func() { q.Number = f.otherNumber(v, q.Number) })
	does(0.06, "area", func() { q.EA = f.otherArea(v) })
	if len(q.Phones) > 0 {
		does(0.25, "no telephone", func() { q.Phones = nil })
		does(0.07, "digits", func() {
			for i := range q.Phones {
				q.Phones[i] = f.slip(q.Phones[i])
			}
		})
		does(0.10, "other telephone", func() { q.Phones = []string{f.phone()} })
	}
	does(0.15, "address", func() { q.Address = f.mistype(q.Address) })
	return q, strings.Join(mistakes, ", ")
}

// lie leaves a household as it is but for the ages, which nobody knows exactly.
func (f *field) lie(h household) household {
	people := append([]human(nil), h.people...)
	for i := range people {
		if people[i].age > 15 && f.chance(0.1) {
			people[i].age += f.IntN(5) - 2
		}
	}
	h.people = people
	return h
}

// retell says a person again: the name otherwise, the age from memory.
func (f *field) retell(m *quality.Member) {
	parts := strings.Fields(m.Name)
	switch {
	case f.chance(0.03) && nicknames[parts[0]] != "":
		parts[0] = nicknames[parts[0]]
	case len(parts) > 2 && f.chance(0.35): // a second given name or surname left out
		n := 1 + f.IntN(len(parts)-1)
		parts = append(parts[:n:n], parts[n+1:]...)
	case len(parts) > 1 && f.chance(0.06): // surnames first
		parts = append(append([]string{}, parts[len(parts)/2:]...), parts[:len(parts)/2]...)
	case len(parts) > 1 && f.chance(0.05):
		parts = append(parts[:1:1], append([]string{pick(f, []string{"de", "de la", "del"})}, parts[1:]...)...)
	}
	m.Name = strings.Join(parts, " ")
	if f.chance(0.15) {
		m.Name = f.mistype(m.Name)
	}
	switch f.IntN(8) {
	case 0:
		m.Name = strings.ToUpper(m.Name)
	case 1:
		m.Name = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ñ", "n", "Á", "A", "É", "E", "ê", "e").Replace(m.Name)
	case 2:
		m.Name = strings.NewReplacer("z", "s", "v", "b", "ll", "y", "Y", "J", "qu", "k").Replace(m.Name)
	}
	switch {
	case f.chance(0.25):
		m.Age = max(0, m.Age+f.IntN(3)-1)
	case m.Age > 20 && f.chance(0.15): // rounded
		m.Age = (m.Age + 2) / 5 * 5
	case f.chance(0.02):
		m.Age = f.IntN(80)
	case f.chance(0.03):
		m.HasAge = false
	}
	if f.chance(0.01) {
		m.Sex = map[string]string{"1": "2", "2": "1"}[m.Sex]
	}
}

// mistype makes one slip of the fingers, or none in a text too short.
func (f *field) mistype(s string) string {
	r := []rune(s)
	if len(r) < 3 {
		return s
	}
	i := 1 + f.IntN(len(r)-2)
	switch f.IntN(4) {
	case 0:
		r[i], r[i+1] = r[i+1], r[i]
	case 1:
		r[i] = rune('a' + f.IntN(26))
	case 2:
		r = append(r[:i:i], r[i+1:]...)
	default:
		r = append(r[:i:i], append([]rune{rune('a' + f.IntN(26))}, r[i:]...)...)
	}
	return string(r)
}

// slip swaps two digits, or changes one.
func (f *field) slip(s string) string {
	b := []byte(s)
	i := f.IntN(len(b))
	if len(b) > 1 && f.chance(0.5) {
		i = min(i, len(b)-2)
		b[i], b[i+1] = b[i+1], b[i]
		return string(b)
	}
	b[i] = byte('0' + f.IntN(10))
	return string(b)
}

func (f *field) otherNumber(v *village, number string) string {
	switch f.IntN(4) {
	case 0:
		return f.slip(number)
	case 1:
		return pick(f, v.households).number
	case 2:
		return ""
	}
	return strconv.Itoa(len(v.households) + f.IntN(20))
}

func (f *field) otherArea(v *village) string {
	if f.chance(0.5) {
		return areaCode(v.number/12, 1+f.IntN(12))
	}
	return v.ea[:len(v.ea)-4] + f.slip(v.ea[len(v.ea)-4:])
}

// position is what a tablet found out about where it was: the error mostly within the accuracy it says, sometimes far from it, now and then of
// another place altogether (taken at the last door, or in the evening at the inn).
func (f *field) position(h household) quality.Position {
	if !f.chance(f.plan.World.Positions) {
		return quality.Position{}
	}
	p := quality.Position{Known: true, Accuracy: 4 + f.ExpFloat64()*10}
	p.Accuracy = float64(int(min(p.Accuracy, 50)))
	spread := max(p.Accuracy, 5)
	switch {
	case f.chance(0.01):
		spread = 3000
	case f.chance(0.04):
		spread = 150
	}
	p.Lat, p.Lon = f.around(h.lat, h.lon, spread)
	p.Lat, p.Lon = math.Round(p.Lat*1e6)/1e6, math.Round(p.Lon*1e6)/1e6
	return p
}
