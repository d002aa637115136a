package main

import (
	"fmt"
	"math/rand"

	"vereda/survey/record"
	"vereda/survey/respondent"
)

// village is where a simulated enumerator works: one enumeration area, whose households are like one another. It makes answers of
// the built-in questionnaire plausible; other forms have no such questions and are not touched by it.
type village struct {
	random     *rand.Rand
	enumerator string
	country    string
	adm1, adm2 string
	area       string
	lat, lon   float64
	visited    int
}

// countries are where simulated fieldwork happens, each with a point on its land.
var countries = []struct {
	code     string
	lat, lon float64
}{
	{"COL", 6.25, -75.10}, {"HTI", 18.95, -72.15}, {"BRA", -7.20, -39.30}, {"PER", -13.50, -72.00},
	{"GTM", 14.80, -91.50}, {"BOL", -17.80, -65.20}, {"DOM", 18.80, -70.60}, {"PRY", -25.50, -56.40},
}

func newVillage(random *rand.Rand, enumerator string) *village {
	c := countries[random.Intn(len(countries))]
	adm1 := 1 + random.Intn(20)
	return &village{
		random: random, enumerator: enumerator, country: c.code,
		adm1: fmt.Sprintf("%02d", adm1), adm2: fmt.Sprintf("%02d%03d", adm1, 1+random.Intn(120)),
		area: []string{"rural", "rural", "remote"}[random.Intn(3)],
		lat:  c.lat + random.Float64(), lon: c.lon + random.Float64(),
	}
}

// householdsPerArea is how many households of an enumeration area are in the sample.
const householdsPerArea = 12

// next returns what the next household is likely to answer.
func (v *village) next() map[record.Path]record.Value {
	likely := respondent.Household()
	area, household := v.visited/householdsPerArea, v.visited%householdsPerArea
	v.visited++
	text := func(p record.Path, s string) { likely[p] = record.NewText(s) }
	number := func(p record.Path, n int) { likely[p] = record.NewInteger(int64(n)) }
	text("grp_a/a_country", v.country)
	text("grp_a/a_adm1", v.adm1)
	text("grp_a/a_adm2", v.adm2)
	text("grp_a/a_ea", fmt.Sprintf("%s%04d", v.adm2, 1+area))
	text("grp_a/a_area", v.area)
	text("grp_a/a_enum", v.enumerator)
	number("grp_a/a_hh_num", 1+household*7+v.random.Intn(7))
	number("grp_a/a_visit", 1)
	number("grp_c/hh_size", []int{1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 7, 9}[v.random.Intn(14)])
	v.put(likely, "grp_a/a_gps", record.Geopoint, fmt.Sprintf("%.5f %.5f %d %d",
		v.lat+v.random.Float64()/50, v.lon+v.random.Float64()/50, 900+v.random.Intn(90), 4+v.random.Intn(9)))
	v.put(likely, "grp_f2/f_cost", record.Decimal, fmt.Sprint(1000*(5+v.random.Intn(60))))
	v.put(likely, "grp_f2/f_ict_exp", record.Decimal, fmt.Sprint(1000*(10+v.random.Intn(90))))
	v.put(likely, "grp_f2/f_income", record.Decimal, fmt.Sprint(10000*(20+v.random.Intn(200))))
	return likely
}

// put adds a value; a text that is no value of its kind is left to chance.
func (v *village) put(likely map[record.Path]record.Value, p record.Path, k record.Kind, text string) {
	if value, err := record.New(k, text); err == nil {
		likely[p] = value
	}
}
