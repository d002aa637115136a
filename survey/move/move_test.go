package move

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"vereda/survey/change"
	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/xlsform"
)

func world() interview.Env {
	return interview.Env{Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }, Random: rand.New(rand.NewSource(1)), Device: "tablet-1", Enumerator: "Ana"}
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

func read(t fataler, tables string) *form.Form {
	t.Helper()
	f, problems := xlsform.Read("form.md", []byte(tables))
	if f == nil {
		t.Fatalf("%v in\n%s", problems, tables)
	}
	return f
}

func all(change.Fate) bool { return true }

const before = `
| survey |
| | type | name | label | calculation |
| | start | start | | |
| | text | head | Name of the head of the household | |
| | integer | rooms | How many rooms are there? | |
| | text | size | How large is the plot? | |
| | select_one yn | net | Is there Internet? | |
| | text | swap | Is there a swap? | |
| | calculate | twice | | ${rooms} * 2 |
| | begin repeat | member | Member of the household | |
| | integer | age | How old is the person? | |
| | text | job | What work does the person do? | |
| | end repeat | | | |
| | begin group | g | Group | |
| | text | b | What is below? | |
| | end group | | | |
| choices |
| | list_name | name | label |
| | yn | 1 | Yes |
| | yn | 9 | Unknown |
| settings |
| | form_id | version |
| | household | 1 |
`

const after = `
| survey |
| | type | name | label | calculation | default |
| | start | start | | | |
| | text | head_name | Name of the head of the household | | |
| | integer | rooms | How many rooms are there? | | |
| | date | size | On which day was the plot measured? | | |
| | select_one yn | net | Is there Internet? | | |
| | text | country | Which country is it? | | Colombia |
| | text | town | Which town is it? | | |
| | calculate | twice | | ${rooms} * 20 | |
| | begin repeat | member | Member of the household | | |
| | integer | age | How old is the person? | | |
| | end repeat | | | | |
| | text | g | What is g now? | | |
| choices |
| | list_name | name | label |
| | yn | 1 | Yes |
| | yn | 2 | No |
| settings |
| | form_id | version |
| | household | 2 |
`

func text(s string) record.Value  { return record.NewText(s) }
func number(n int64) record.Value { return record.NewInteger(n) }

// begun returns a draft of the old version.
func begun(t *testing.T) (answers record.Answers, derived map[record.Path]bool) {
	t.Helper()
	s, err := interview.Resume(read(t, before), world(), record.Answers{"head": text("Luz"), "rooms": number(3), "size": text("large"), "net": text("9"), "swap": text("no"),
		"member/0001aaaaaa": record.Exists(), "member/0001aaaaaa/age": number(40), "member/0001aaaaaa/job": text("baker"), "g/b": text("deep"), "stranger": text("from before")})
	if err != nil {
		t.Fatal(err)
	}
	return s.Answers(false)
}

func TestADraftGoesOnUnderTheNewVersion(t *testing.T) {
	answers, derived := begun(t)
	p, err := Draft(read(t, before), read(t, after), world(), answers, derived, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := record.Answers{"rooms": number(3), "twice": number(60), "country": text("Colombia"), "member/0001aaaaaa": record.Exists(), "member/0001aaaaaa/age": number(40),
		"head": text("Luz"), "aside/size": text("large"), "aside/net": text("9"), "swap": text("no"), "aside/member/0001aaaaaa": record.Exists(), "aside/member/0001aaaaaa/job": text("baker"),
		"aside/g/b": text("deep"), "stranger": text("from before")}
	for path, v := range want {
		if got := p.Answers[path]; got.String() != v.String() {
			t.Errorf("%s: %v, want %v", path, got, v)
		}
	}
	if len(p.Answers) != len(want) || !p.Derived["twice"] || p.Derived["rooms"] {
		t.Errorf("%v", p.Answers)
	}
	if len(p.Guesses) != 1 || p.Guesses[0].Old != "head" || p.Guesses[0].New != "head_name" {
		t.Errorf("%+v", p.Guesses)
	}
	if got := fmt.Sprint(p.Asked); got != "[head_name size net town g]" {
		t.Errorf("asked are %s", got)
	}
	if len(p.Carried) != 2 || len(p.Aside) != 7 {
		t.Errorf("%+v\n%+v", p.Carried, p.Aside)
	}
	for _, item := range p.Aside {
		if item.Why == "" || p.Answers[item.New] != item.Value {
			t.Errorf("%+v", item)
		}
	}
}

func TestAGuessThatAPersonAgreesTo(t *testing.T) {
	answers, derived := begun(t)
	p, err := Draft(read(t, before), read(t, after), world(), answers, derived, all)
	if err != nil || p.Answers["head_name"] != text("Luz") || len(p.Guesses) != 1 {
		t.Fatalf("%v, %+v, %v", p.Answers, p.Guesses, err)
	}
	if _, still := p.Answers["head"]; still {
		t.Error("the answer is there twice")
	}
}

// What is done in the form under the new version never touches what is aside.
func TestWhatIsAsideStays(t *testing.T) {
	answers, derived := begun(t)
	p, err := Draft(read(t, before), read(t, after), world(), answers, derived, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := interview.Resume(read(t, after), world(), p.Answers)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Set("g", text("x")); err != nil {
		t.Fatal(err)
	}
	if c, err := s.RemoveInstance("member/0001aaaaaa"); err != nil || len(c.Unset) == 0 {
		t.Fatal(c, err)
	}
	final, _ := s.Answers(true)
	for _, item := range p.Aside {
		if final[item.New] != item.Value {
			t.Errorf("%s is lost: %v", item.New, final)
		}
	}
}

// sheet is a form that can be changed.
type sheet struct{ rows []row }

type row struct{ kind, name, label, relevant string }

var topics = []string{"water", "roads", "radio", "school", "market", "clinic", "bridge", "forest", "harvest", "cattle"}

func (s sheet) String() string {
	var b strings.Builder
	b.WriteString("| survey |\n| | type | name | label | relevant |\n")
	for _, r := range s.rows {
		fmt.Fprintf(&b, "| | %s | %s | %s | %s |\n", r.kind, r.name, r.label, r.relevant)
	}
	b.WriteString("| choices |\n| | list_name | name | label |\n| | c | a | A |\n| | c | b | B |\n| | d | a | A |\n| | d | z | Z |\n| settings |\n| | form_id | version |\n| | f | 1 |\n")
	return b.String()
}

var kinds = []string{"text", "integer", "decimal", "select_one c", "select_one d", "select_multiple c", "date"}

func randomSheet(rt *rapid.T) (s sheet) {
	for n := range rapid.IntRange(1, 4).Draw(rt, "sections") {
		section := rapid.SampledFrom([]string{"", "group", "repeat"}).Draw(rt, "section")
		if section != "" {
			s.rows = append(s.rows, row{"begin " + section, fmt.Sprintf("s%d", n), "Part " + topics[n], ""})
		}
		for m := range rapid.IntRange(1, 4).Draw(rt, "questions") {
			s.rows = append(s.rows, row{rapid.SampledFrom(kinds).Draw(rt, "type"), fmt.Sprintf("q%d_%d", n, m), "What about " + topics[(4*n+m)%10] + "?", ""})
		}
		if section != "" {
			s.rows = append(s.rows, row{"end " + section, "", "", ""})
		}
	}
	return s
}

// changed returns the form after some changes of a kind that people make.
func (s sheet) changed(rt *rapid.T) sheet {
	rows := append([]row(nil), s.rows...)
	for range rapid.IntRange(0, 5).Draw(rt, "changes") {
		i := rapid.IntRange(0, len(rows)-1).Draw(rt, "row")
		if r := &rows[i]; strings.Contains(r.kind, "begin ") {
			switch rapid.IntRange(0, 2).Draw(rt, "what") {
			case 0:
				r.name += "x"
			case 1: // a group repeats now, or the other way round
				other := map[string]string{"group": "repeat", "repeat": "group"}
				kind := strings.TrimPrefix(r.kind, "begin ")
				for j := i; j < len(rows); j++ {
					if rows[j].kind == "end "+kind {
						r.kind, rows[j].kind = "begin "+other[kind], "end "+other[kind]
						break
					}
				}
			}
			continue
		} else if strings.HasPrefix(r.kind, "end ") {
			continue
		}
		switch r := &rows[i]; rapid.IntRange(0, 5).Draw(rt, "what") {
		case 0:
			r.kind = rapid.SampledFrom(kinds).Draw(rt, "type")
		case 1:
			r.name += "x"
		case 2:
			r.label = "Something else altogether " + r.name
		case 3: // to another name that was there, or is
			r.name = rows[rapid.IntRange(0, len(rows)-1).Draw(rt, "named")].name + "y"
		case 4:
			rows = append(rows, row{r.kind, r.name + "z", r.label, ""})
		case 5: // to the front, out of its section
			moved := *r
			rows = append([]row{moved}, append(append([]row(nil), rows[:i]...), rows[i+1:]...)...)
			if section := rows[max(i, 1)-1]; strings.HasPrefix(section.kind, "begin ") && i+1 < len(rows) && strings.HasPrefix(rows[i+1].kind, "end ") {
				rows = append(append(append([]row(nil), rows[:i+1]...), row{"text", moved.name + "w", "Instead", ""}), rows[i+1:]...)
			}
		}
	}
	return sheet{rows}
}

// fill answers some of what is asked.
func fill(rt *rapid.T, s *interview.Session) {
	for range 2 {
		for _, p := range s.Pages() {
			if p.Lists() && rapid.Bool().Draw(rt, "add") {
				_, _, _ = s.AddInstance(p.Path)
			}
			for _, path := range p.Items {
				if !rapid.Bool().Draw(rt, "answer") {
					continue
				}
				given := map[record.Kind]string{record.Text: "some words", record.Integer: "7", record.Decimal: "2.5", record.Choices: "a b", record.Date: "2026-11-23"}[p.Item.KindOf()]
				if p.Item.Type.Select() {
					given = rapid.SampledFrom([]string{"a", "a", "b", "z"}).Draw(rt, "choice")
				}
				if v, err := record.New(p.Item.KindOf(), given); err == nil {
					_, _ = s.Set(path, v)
				}
			}
		}
	}
}

// No answer that somebody gave is lost by moving, however the form was changed, whatever a person agrees to, and however often it is moved on: it is at its
// question or aside. Answers to unchanged questions are the same. What was moved survives being sent, merged and opened again.
func TestNothingIsLostByMoving(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		sheets := []sheet{randomSheet(rt)}
		from, problems := xlsform.Read("form.md", []byte(sheets[0].String()))
		if from == nil {
			rt.Fatalf("%v in\n%s", problems, sheets[0])
		}
		s, err := interview.Start(from, world())
		if err != nil {
			rt.Fatal(err)
		}
		fill(rt, s)
		answers, derived := s.Answers(false)
		for range 2 {
			next := sheets[len(sheets)-1].changed(rt)
			to, _ := xlsform.Read("form.md", []byte(next.String()))
			if to == nil {
				continue // a name twice, or an empty section
			}
			sheets = append(sheets, next)
			agreement := rapid.Bool().Draw(rt, "agreed")
			p, err := Draft(from, to, world(), answers, derived, func(change.Fate) bool { return agreement })
			if err != nil {
				rt.Fatal(err)
			}
			checkPlan(rt, change.Compare(from, to), p, answers, derived)
			checkSent(rt, to, p)
			from, answers, derived = to, p.Answers, p.Derived
		}
	})
}

func checkPlan(rt *rapid.T, r change.Report, p Plan, answers record.Answers, derived map[record.Path]bool) {
	rt.Helper()
	where := map[record.Path]Item{}
	for _, item := range append(append([]Item(nil), p.Carried...), p.Aside...) {
		where[item.Old] = item
		if p.Answers[item.New] != item.Moved || answers[item.Old] != item.Value {
			rt.Fatalf("%+v, but there is %v", item, p.Answers[item.New])
		}
	}
	for path, v := range answers {
		if item, told := where[path]; !told && !derived[path] && v.Kind() != record.Instance {
			rt.Fatalf("%s is lost: %v", path, item)
		}
		fate, known := r.Fate(path.Generic())
		if known && fate.Outcome == change.Kept && !fate.Guess && fate.Old == fate.New && fate.Recoded == nil && !derived[path] && where[path].New != path && v.Kind() != record.Instance {
			if to, moved, _, ok := r.Move(path, v); ok && to == path && moved == v {
				rt.Fatalf("%s did not change, and went to %+v", path, where[path])
			}
		}
	}
}

func checkSent(rt *rapid.T, f *form.Form, p Plan) {
	rt.Helper()
	s, err := interview.Resume(f, world(), p.Answers)
	if err != nil {
		rt.Fatal(err)
	}
	answers, derived := s.Answers(false)
	same(rt, "reopened", answers, p.Answers)
	body := record.Body{V: record.Version, Interview: uuid.UUID{1}, Form: "f", Version: "2", Device: "d", N: 1, At: time.Unix(0, 0).UTC(), Set: record.Answers{}, Derived: record.Answers{}}
	for path, v := range answers {
		if derived[path] {
			body.Derived[path] = v
		} else {
			body.Set[path] = v
		}
	}
	revision, err := record.Seal(body)
	if err != nil {
		rt.Fatal(err)
	}
	h := record.NewHistory(body.Interview)
	if _, err := h.Add(revision); err != nil {
		rt.Fatal(err)
	}
	merged := h.Merge()
	again, err := interview.Resume(f, world(), merged.Answers)
	if err != nil {
		rt.Fatal(err)
	}
	answers, _ = again.Answers(false)
	same(rt, "merged", answers, p.Answers)
}

func same(rt *rapid.T, what string, got, want record.Answers) {
	rt.Helper()
	for path, v := range want {
		if got[path] != v {
			rt.Fatalf("%s: %s is %v, not %v", what, path, got[path], v)
		}
	}
	if len(got) != len(want) {
		rt.Fatalf("%s: %v, want %v", what, got, want)
	}
}
