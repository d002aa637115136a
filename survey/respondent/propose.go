package respondent

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// propose makes the nth answer to be tried; zero where none comes to mind.
func (r *Respondent) propose(s *interview.Session, p record.Path, item *form.Item, n int) record.Value {
	if v, ok := r.Likely[item.Path]; ok && n < 2 && r.Random.Float64() < 0.99 {
		return v
	}
	if item.Type.Select() {
		return r.choose(s.Choices(p), item.KindOf())
	}
	text := ""
	switch item.KindOf() {
	case record.Text:
		text = r.words(item, n)
	case record.Integer:
		text = strconv.FormatFloat(math.Trunc(r.number(item, n)), 'f', -1, 64)
	case record.Decimal:
		text = strconv.FormatFloat(math.Round(r.number(item, n)*10)/10, 'f', -1, 64)
	case record.Date:
		text = r.moment().Format(time.DateOnly)
	case record.Time:
		text = r.moment().Format("15:04:05.000-07:00")
	case record.DateTime:
		text = r.moment().Format("2006-01-02T15:04:05.000-07:00")
	case record.Geopoint:
		text = r.point()
	case record.Geotrace:
		text = r.point() + ";" + r.point() + ";" + r.point()
	case record.Geoshape:
		first := r.point()
		text = strings.Join([]string{first, r.point(), r.point(), first}, ";")
	case record.File:
		if !s.Required(p) {
			return record.Value{} // it has no camera
		}
		text = fmt.Sprintf("%d.jpg", 100000+r.Random.Intn(900000))
	}
	v, err := record.New(item.KindOf(), text)
	if err != nil {
		return record.Value{}
	}
	return v
}

// choose picks one choice, or for a question of several one to four of them.
func (r *Respondent) choose(offered []form.Choice, kind record.Kind) record.Value {
	if len(offered) == 0 {
		return record.Value{}
	}
	if kind != record.Choices {
		return record.NewText(offered[r.Random.Intn(len(offered))].Name)
	}
	count := 1 + r.Random.Intn(min(4, len(offered)))
	picked := map[string]bool{}
	for _, i := range r.Random.Perm(len(offered))[:count] {
		picked[offered[i].Name] = true
	}
	var names []string
	for _, c := range offered {
		if picked[c.Name] {
			names = append(names, c.Name)
			delete(picked, c.Name)
		}
	}
	return record.NewChoices(names)
}

var numerals = regexp.MustCompile(`-?\d+(\.\d+)?`)

// number makes a number between the bounds that the constraint names, low ones more often: households are small and people young more
// often than not. After some tries it makes anything.
func (r *Respondent) number(item *form.Item, n int) float64 {
	if item.Type == form.TypeRange {
		return r.step(item.Parameters)
	}
	least, most := bounds(item.Constraint)
	if n >= 30 {
		least, most = least-10, most*2+100
	}
	u := r.Random.Float64()
	return least + (most-least)*u*u*u
}

// step makes a number that a range offers: from 0 to 10 by 1 where it does not say.
func (r *Respondent) step(parameters map[string]string) float64 {
	read := func(name string, otherwise float64) float64 {
		if f, err := strconv.ParseFloat(parameters[name], 64); err == nil {
			return f
		}
		return otherwise
	}
	first, last, step := read("start", 0), read("end", 10), math.Abs(read("step", 1))
	if step == 0 || last < first {
		return first
	}
	return first + step*float64(r.Random.Intn(int((last-first)/step)+1))
}

// bounds finds the smallest and largest number in a constraint; 0 and 20 where it names none.
func bounds(constraint *xpath.Expr) (least, most float64) {
	if constraint == nil {
		return 0, 20
	}
	least, most = math.Inf(1), math.Inf(-1)
	for _, numeral := range numerals.FindAllString(constraint.String(), -1) {
		if f, err := strconv.ParseFloat(numeral, 64); err == nil {
			least, most = min(least, f), max(most, f)
		}
	}
	switch {
	case least > most:
		return 0, 20
	case least == most && least <= 0:
		return least, least + 20
	case least == most:
		return 0, 2 * most
	}
	return least, most
}

var names = []string{"Ana", "Luis", "Rosa", "José", "Marie", "Jean", "Carmen", "Pedro", "Lucía", "João", "Mireille", "Diego", "Inés", "Raúl", "Nadège", "Beatriz"}

// words makes a text: a first name, or where there is a constraint mostly a code.
func (r *Respondent) words(item *form.Item, n int) string {
	code := fmt.Sprintf("%02d", r.Random.Intn(100))
	switch {
	case item.Type == form.TypeAcknowledge:
		return "OK"
	case item.Constraint == nil:
		return names[r.Random.Intn(len(names))]
	case n%4 == 1:
		return strconv.Itoa(r.Random.Intn(1_000_000))
	case n%4 == 2:
		return names[r.Random.Intn(len(names))]
	case n%4 == 3:
		return fmt.Sprintf("r%d@example.org", r.Random.Intn(1000))
	}
	return string(rune('A'+r.Random.Intn(26))) + code
}

// moment is some time of the last decades.
func (r *Respondent) moment() time.Time {
	return time.Date(1960+r.Random.Intn(65), time.Month(1+r.Random.Intn(12)), 1+r.Random.Intn(28), r.Random.Intn(24), r.Random.Intn(60), 0, 0, time.UTC)
}

// point is a place between Mexico and Patagonia, to a metre.
func (r *Respondent) point() string {
	return fmt.Sprintf("%.5f %.5f %d %d", -30+45*r.Random.Float64(), -75+20*r.Random.Float64(), r.Random.Intn(3000), 3+r.Random.Intn(12))
}
