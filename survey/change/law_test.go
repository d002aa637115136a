package change

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sheet is a form as rows of cells, so that one cell can be changed.
type sheet struct {
	survey, choices []map[string]string
}

var (
	surveyColumns = []string{"type", "name", "label::English (en)", "label::Español (es)", "hint", "relevant", "constraint", "constraint_message", "required",
		"calculation", "default", "appearance", "read_only", "repeat_count", "choice_filter", "parameters", "media::image", "indicator"}
	choiceColumns = []string{"list_name", "name", "label::English (en)", "label::Español (es)", "region", "media::image"}
)

func (s sheet) String() string {
	var b strings.Builder
	write := func(name string, columns []string, rows []map[string]string) {
		fmt.Fprintf(&b, "| %s |\n| | %s |\n", name, strings.Join(columns, " | "))
		for _, r := range rows {
			b.WriteString("| |")
			for _, c := range columns {
				b.WriteString(" " + r[c] + " |")
			}
			b.WriteString("\n")
		}
	}
	write("survey", surveyColumns, s.survey)
	write("choices", choiceColumns, s.choices)
	b.WriteString("| settings |\n| | form_id | version |\n| | law | 1 |\n")
	return b.String()
}

func (s sheet) clone() sheet {
	copied := sheet{}
	for _, r := range s.survey {
		copied.survey = append(copied.survey, cloned(r))
	}
	for _, r := range s.choices {
		copied.choices = append(copied.choices, cloned(r))
	}
	return copied
}

func cloned(r map[string]string) map[string]string {
	c := map[string]string{}
	for k, v := range r {
		c[k] = v
	}
	return c
}

var things = []string{"water", "roads", "radio", "school", "market", "clinic", "bridge", "forest", "harvest", "cattle", "fishing", "mine", "river", "solar", "tower"}

// randomSheet draws a form: groups, a repeat, questions of several types, each with a label of its own.
func randomSheet(rt *rapid.T) sheet {
	s := sheet{}
	for n, name := range []string{"yes", "no", "unknown", "refused"} {
		s.choices = append(s.choices, map[string]string{"list_name": "l", "name": name, "label::English (en)": "About " + things[n], "label::Español (es)": "Sobre " + things[n], "region": "r" + fmt.Sprint(n)})
	}
	depth := 0
	for n := range rapid.IntRange(3, 12).Draw(rt, "questions") {
		if rapid.IntRange(0, 4).Draw(rt, "section") == 0 && depth < 2 {
			kind := rapid.SampledFrom([]string{"group", "repeat"}).Draw(rt, "kind")
			s.survey = append(s.survey, map[string]string{"type": "begin " + kind, "name": fmt.Sprintf("s%d", n), "label::English (en)": "Part " + things[n]})
			depth++
		}
		s.survey = append(s.survey, question(n, rapid.SampledFrom([]string{"text", "integer", "decimal", "select_one l", "select_multiple l", "date"}).Draw(rt, "type")))
		if depth > 0 && rapid.Bool().Draw(rt, "close") {
			s.close(&depth)
		}
	}
	for depth > 0 {
		s.close(&depth)
	}
	return s
}

func (s *sheet) close(depth *int) {
	var open []string
	for _, r := range s.survey {
		if kind, ok := strings.CutPrefix(r["type"], "begin "); ok {
			open = append(open, kind)
		} else if strings.HasPrefix(r["type"], "end ") {
			open = open[:len(open)-1]
		}
	}
	s.survey = append(s.survey, map[string]string{"type": "end " + open[len(open)-1]})
	*depth--
}

func question(n int, kind string) map[string]string {
	return map[string]string{"type": kind, "name": fmt.Sprintf("q%d", n), "label::English (en)": "How far is it to the " + things[n] + "?", "label::Español (es)": "¿Cuánto hay hasta " + things[n] + "?",
		"hint": "Think of " + things[n]}
}

// mutation changes one thing and says as what it must be found.
type mutation struct {
	name string
	want Kind
	do   func(rt *rapid.T, s *sheet) bool // false: the form has nothing to do it to
}

// cell sets a cell of a random question of some type.
func cell(column, value string, types ...string) func(*rapid.T, *sheet) bool {
	return func(rt *rapid.T, s *sheet) bool {
		n := pick(rt, s, types...)
		if n < 0 {
			return false
		}
		s.survey[n][column] = value
		return true
	}
}

func pick(rt *rapid.T, s *sheet, types ...string) int {
	var fitting []int
	for n, r := range s.survey {
		section := strings.HasPrefix(r["type"], "begin ") || strings.HasPrefix(r["type"], "end ")
		if len(types) == 0 && !section || slices.Contains(types, r["type"]) {
			fitting = append(fitting, n)
		}
	}
	if len(fitting) == 0 {
		return -1
	}
	return rapid.SampledFrom(fitting).Draw(rt, "row")
}

func always(do func(s *sheet)) func(*rapid.T, *sheet) bool {
	return func(_ *rapid.T, s *sheet) bool {
		do(s)
		return true
	}
}

var mutations = []mutation{
	{"a question more", Added, always(func(s *sheet) { s.survey = append(s.survey, question(14, "text")) })},
	{"a question less", Removed, func(rt *rapid.T, s *sheet) bool {
		n := pick(rt, s)
		before, after := s.survey[n-min(n, 1)]["type"], s.survey[min(n+1, len(s.survey)-1)]["type"]
		if n > 0 && strings.HasPrefix(before, "begin ") && strings.HasPrefix(after, "end ") { // an empty section is no form
			return false
		}
		s.survey = slices.Delete(s.survey, n, n+1)
		return len(s.survey) > 0
	}},
	{"a new name", Renamed, cell("name", "other_name")},
	{"the last question first", Moved, func(rt *rapid.T, s *sheet) bool {
		n := len(s.survey) - 1
		if n < 1 || strings.HasPrefix(s.survey[n]["type"], "end ") {
			return false
		}
		last := s.survey[n]
		s.survey = append([]map[string]string{last}, s.survey[:n]...)
		return true
	}},
	{"text to integer", TypeChanged, cell("type", "integer", "text")},
	{"one to several", TypeChanged, cell("type", "select_multiple l", "select_one l")},
	{"a label", Label, cell("label::English (en)", "What is the colour of the sky today?")},
	{"a label gone", Label, cell("label::Español (es)", "")},
	{"a hint", Hint, cell("hint", "Ask twice")},
	{"a condition", Relevant, cell("relevant", "true() and 1 = 2")},
	{"a section's condition", Relevant, cell("relevant", "1 = 2", "begin group", "begin repeat")},
	{"a constraint", Constraint, cell("constraint", ". > 3", "integer", "decimal")},
	{"a message", Message, cell("constraint_message", "No!")},
	{"required", Required, cell("required", "yes")},
	{"read only", ReadOnly, cell("read_only", "yes")},
	{"a calculation", Calculation, cell("calculation", "'x'", "text")},
	{"a default", Default, cell("default", "5", "integer", "text", "decimal")},
	{"a dynamic default", Default, cell("default", "today()", "date")},
	{"an appearance", Appearance, cell("appearance", "multiline", "text")},
	{"a filter", Filter, cell("choice_filter", "region = 'r1'", "select_one l", "select_multiple l")},
	{"a parameter", Parameter, cell("parameters", "randomize=true", "select_one l", "select_multiple l")},
	{"a count", RepeatCount, cell("repeat_count", "3", "begin repeat")},
	{"a picture", Media, cell("media::image", "a.png")},
	{"a column", Column, cell("indicator", "2.1")},
	{"a choice more", ChoiceAdded, always(func(s *sheet) {
		s.choices = append(s.choices, map[string]string{"list_name": "l", "name": "new", "label::English (en)": "Something new", "label::Español (es)": "Algo nuevo"})
	})},
	{"a choice less", ChoiceRemoved, always(func(s *sheet) { s.choices = s.choices[1:] })},
	{"choices in another order", ChoiceOrder, always(func(s *sheet) { s.choices[0], s.choices[1] = s.choices[1], s.choices[0] })},
	{"a choice's label", ChoiceLabel, always(func(s *sheet) { s.choices[0]["label::English (en)"] = "About the water" })},
	{"a choice for another", ChoiceReused, always(func(s *sheet) {
		s.choices[0]["label::English (en)"], s.choices[0]["label::Español (es)"] = "Elephants", "Elefantes"
	})},
	{"two choices swapped", ChoiceReused, always(func(s *sheet) { s.choices[0]["name"], s.choices[1]["name"] = "no", "yes" })},
	{"a choice's code", ChoiceRecoded, always(func(s *sheet) { s.choices[0]["name"] = "y" })},
	{"a choice's picture", ChoiceMedia, always(func(s *sheet) { s.choices[0]["media::image"] = "a.png" })},
	{"a choice's column", ChoiceColumn, always(func(s *sheet) { s.choices[0]["region"] = "elsewhere" })},
}

// TestNothingIsNothing: a form compared with itself, read anew, is the same, and every answer stays where it is.
func TestNothingIsNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := randomSheet(rt)
		r := Compare(readTables(t, s.String()), readTables(t, s.String()))
		if len(r.Changes) > 0 || r.Worst() != Comparable {
			rt.Fatalf("%+v in\n%s", r.Changes, s)
		}
		for _, f := range r.Fates {
			if f.Outcome != Kept || f.Old != f.New || f.Guess || len(f.Recoded) > 0 {
				rt.Fatalf("%+v in\n%s", f, s)
			}
		}
	})
}

// TestEveryMutationIsFound changes one thing at random in a random form, each sort of thing in turn.
func TestEveryMutationIsFound(t *testing.T) {
	done := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		s := randomSheet(rt)
		old := readTables(t, s.String())
		for _, m := range mutations {
			changed := s.clone()
			if !m.do(rt, &changed) || s.String() == changed.String() || strings.HasPrefix(string(m.want), "choice") && !usesList(s) {
				continue
			}
			done[m.name]++
			new := readTables(t, changed.String())
			if r := Compare(old, new); !slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Kind == m.want }) {
				rt.Fatalf("%s is not found: %+v\nfrom\n%s\nto\n%s", m.name, r.Changes, s, changed)
			}
			if back := Compare(new, old); len(back.Changes) == 0 {
				rt.Fatalf("back again nothing is found from\n%s\nto\n%s", changed, s)
			}
		}
	})
	for _, m := range mutations {
		if done[m.name] == 0 {
			t.Errorf("no form had anything to do this to: %s", m.name)
		}
	}
}

func usesList(s sheet) bool {
	return slices.ContainsFunc(s.survey, func(r map[string]string) bool { return strings.HasSuffix(r["type"], " l") })
}
