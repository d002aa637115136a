package qualitytest

import (
	"fmt"
	"math"
	"strings"

	"vereda/survey/quality"
)

// village is one enumeration area: dwellings along paths around a centre, few surnames, sometimes one telephone for many.
type village struct {
	number     int
	ea         string
	lat, lon   float64 // of its centre
	radius     float64 // metres
	surnames   []string
	shop       string // the shop's telephone; "" where each has his own or none
	team       []string
	households []household
	places     []string
}

// household is the truth that interviews try to record.
type household struct {
	number   string
	lat, lon float64
	people   []human
	phone    string
	address  string
}

type human struct {
	given    []string
	surnames []string
	sex      string
	age      int
}

func (f *field) settle(n int) *village {
	municipality := n / 12
	v := &village{number: n, ea: areaCode(municipality, n%12+1), radius: 150 + 1200*f.Float64()*f.Float64()}
	v.lat, v.lon = 4+float64(municipality%40)*0.11+f.near(0.03), -75+float64(municipality/40)*0.11+f.near(0.03)
	for range 5 + f.IntN(6) {
		v.surnames = append(v.surnames, common(f, surnames))
	}
	if f.chance(0.15) {
		v.shop = f.phone()
	}
	for range 2 + f.IntN(2) {
		v.team = append(v.team, fmt.Sprintf("e%02d", f.IntN(60)))
	}
	v.places = []string{"Vereda " + pick(f, surnames), "Camino a " + pick(f, surnames), "Barrio " + pick(f, surnames), "Finca La " + pick(f, surnames)}
	number := 1
	for size := 10 + f.IntN(25); number <= size; {
		lat, lon := f.around(v.lat, v.lon, v.radius)
		h := f.home(v, lat, lon)
		h.number = fmt.Sprint(number)
		v.households = append(v.households, h)
		if f.chance(0.08) {
			v.households = append(v.households, f.relatives(v, h, number))
		}
		number++
	}
	return v
}

// around moves a position by chance, the spread in metres.
func (f *field) around(lat, lon, spread float64) (float64, float64) {
	const degree = 111_200 // metres
	return lat + f.near(spread*0.7)/degree, lon + f.near(spread*0.7)/(degree*math.Cos(lat*math.Pi/180))
}

func (f *field) home(v *village, lat, lon float64) household {
	h := household{lat: lat, lon: lon}
	head := f.adult(v, 20+f.IntN(60))
	h.people = append(h.people, head)
	if f.chance(0.65) {
		spouse := f.adult(v, max(18, head.age+f.IntN(11)-5))
		spouse.sex = map[string]string{"1": "2", "2": "1"}[head.sex]
		spouse.given = f.given(spouse.sex)
		h.people = append(h.people, spouse)
	}
	for range min(f.IntN(5), f.IntN(6)) {
		h.people = append(h.people, f.child(v, h.people))
	}
	if f.chance(0.12) {
		h.people = append(h.people, f.adult(v, 60+f.IntN(30)))
	}
	if f.chance(f.plan.World.Phones) {
		h.phone = f.phone()
		if v.shop != "" && f.chance(0.4) {
			h.phone = v.shop
		}
	}
	if f.chance(f.plan.World.Addresses) {
		h.address = pick(f, v.places)
		if f.chance(0.3) {
			h.address += fmt.Sprintf(" %d-%02d", 1+f.IntN(30), f.IntN(99))
		}
	}
	return h
}

// relatives are a second household in the dwelling: a son or daughter with a family, often under the same telephone, sometimes of the
// head's name.
func (f *field) relatives(v *village, h household, number int) household {
	second := f.home(v, h.lat, h.lon)
	second.number = fmt.Sprint(number, pick(f, []string{"A", "B", "-2"}))
	second.address = h.address
	heir := &second.people[0]
	heir.surnames = []string{h.people[0].surnames[0], common(f, surnames)}
	heir.age = max(18, h.people[0].age-20-f.IntN(15))
	if f.chance(0.3) {
		heir.given, heir.sex = h.people[0].given, h.people[0].sex
	}
	if f.chance(0.4) {
		second.phone = h.phone
	}
	return second
}

func (f *field) adult(v *village, age int) human {
	sex := pick(f, []string{"1", "2"})
	return human{given: f.given(sex), surnames: []string{pick(f, v.surnames), pick(f, v.surnames)}, sex: sex, age: age}
}

func (f *field) child(v *village, parents []human) human {
	sex := pick(f, []string{"1", "2"})
	c := human{given: f.given(sex), sex: sex, age: f.IntN(22), surnames: []string{parents[0].surnames[0], pick(f, v.surnames)}}
	for _, p := range parents {
		if p.sex == sex && f.chance(0.12) {
			c.given = p.given
		}
	}
	return c
}

func (f *field) given(sex string) []string {
	from := men
	if sex == "2" {
		from = women
	}
	names := []string{common(f, from)}
	if f.chance(0.5) {
		names = append(names, common(f, from))
	}
	return names
}

// common picks from a list whose first names are the most frequent, as in life.
func common(f *field, names []string) string {
	return names[int(float64(len(names))*math.Pow(f.Float64(), 1.6))]
}

func (f *field) phone() string { return fmt.Sprintf("3%02d%07d", f.IntN(30), f.IntN(10_000_000)) }

// written is a person's name as one says it.
func (h human) written(full bool) string {
	if !full {
		return h.given[0]
	}
	return strings.Join(append(append([]string{}, h.given...), h.surnames...), " ")
}

func (h household) members(full bool) []quality.Member {
	var out []quality.Member
	for _, p := range h.people {
		out = append(out, quality.Member{Name: p.written(full), Sex: p.sex, Age: p.age, HasAge: true})
	}
	return out
}
