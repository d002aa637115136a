package interview_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
)

// fill fills a form with answers in JSON.
func fill(t *testing.T, f *form.Form, answers string) interview.Result {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(answers))
	d.UseNumber()
	var given map[string]any
	if err := d.Decode(&given); err != nil {
		t.Fatal(err)
	}
	result, err := interview.Fill(f, world(1), given, "es")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range result.Problems {
		if p.Message == "" {
			t.Errorf("the problem %s %s says nothing", p.Path, p.Kind)
		}
	}
	return result
}

// kinds writes problems as "path kind".
func kinds(problems []interview.Problem) []string {
	list := []string{}
	for _, p := range problems {
		list = append(list, string(p.Path)+" "+p.Kind)
	}
	return list
}

// get reads a value out of nested answers: "grp_c/roster[2]/m_age".
func get(answers map[string]any, spoken string) any {
	var at any = answers
	for segment := range splitPath(spoken) {
		at = at.(map[string]any)[segment.name]
		if segment.n > 0 {
			at = at.([]any)[segment.n-1]
		}
	}
	return at
}

func threeMembers(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("testdata/three_members.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAHouseholdOfThreeIsInterviewed(t *testing.T) {
	r := fill(t, questionnaire.Form(), threeMembers(t))
	if !r.Complete || len(r.Problems) > 0 {
		t.Fatalf("the problems are %+v", r.Problems)
	}
	// Rosa (44) and Diego (17) are 15 or older, Luz (6) is not; the seed 7500 stands for 0.75, int(0.75 * 2) + 1 = 2: the second of the two.
	for path, want := range map[string]any{
		"hh_ok": "1", "grp_a/a_hh_id": "COL-EA042-17", "grp_a/a_visit": json.Number("1"), "deviceid": "tablet-1",
		"grp_c/n_elig": "2", "grp_c/roster[1]/m_epos": "1", "grp_c/roster[2]/m_elig": "0", "grp_c/roster[3]/m_epos": "3",
		"grp_j/j_u": "0.75", "grp_j/j_list": "1 3", "grp_j/j_k": "2", "grp_j/j_pos": "3",
		"grp_j/p_name": "Diego", "grp_j/p_sex": "m", "grp_j/p_age": "17", "grp_j/p_edu": "lsec", "grp_j/p_work": "student", "p_ok": "1",
		"grp_k/wg_disab": "0", "grp_c/roster[3]/m_age": json.Number("17"), "grp_f/f_main": "mob_hs", "end": "2026-11-23T12:00:00.000-05:00",
	} {
		if got := get(r.Answers, path); got != want {
			t.Errorf("%s is %v, not %v", path, got, want)
		}
	}
	if got := get(r.Answers, "grp_f/f_type"); !slices.Equal(got.([]string), []string{"fwa", "mob_hs"}) {
		t.Errorf("f_type is %v", got)
	}
	relevant := func(p record.Path) bool { return slices.Contains(r.Relevant, p) }
	for _, p := range []record.Path{"grp_c/roster[1]/m_work", "grp_c/roster[2]/m_edu", "grp_f/f_main", "grp_o/o_buy", "grp_h/ops[2]/o_tech", "grp_a/a_gps"} {
		if !relevant(p) {
			t.Errorf("%s should be relevant", p)
		}
	}
	for _, p := range []record.Path{"grp_c/roster[2]/m_work", "grp_g/g_barr", "grp_o/o_goods", "grp_m/m_why", "grp_h/ops[3]/o_op", "grp_h/h_sig_min"} {
		if relevant(p) {
			t.Errorf("%s should not be relevant", p)
		}
	}
	if _, there := r.Answers["grp_g"]; there {
		t.Error("a group that is not asked stands in the answers")
	}
}

func TestAnotherSeedPicksTheOtherRespondent(t *testing.T) {
	r := fill(t, questionnaire.Form(), strings.Replace(threeMembers(t), `"j_seed": 7500`, `"j_seed": 4999`, 1))
	if get(r.Answers, "grp_j/p_name") != "Rosa" || !r.Complete {
		t.Errorf("%v was picked; %+v", get(r.Answers, "grp_j/p_name"), r.Problems)
	}
}

func TestWhatIsWrongWithAnswersIsSaid(t *testing.T) {
	answers := threeMembers(t)
	for _, change := range [][2]string{
		{`"a_country": "COL"`, `"a_country": "XXX"`},
		{`"a_hh_num": 17`, `"a_hh_num": 0`},
		{`"a_ea": "EA042"`, `"a_ea": ""`},
		{`"m_age": 6`, `"m_age": "six"`},
		{`"hh_size": 3`, `"hh_size": 2`},
		{`"d_elec": "grid"`, `"d_elec": "none"`},
		{`"z_comment"`, `"z_coment"`},
		{`"f_main": "mob_hs"`, `"f_main": "sat"`},
	} {
		if !strings.Contains(answers, change[0]) {
			t.Fatalf("the answers have no %s", change[0])
		}
		answers = strings.Replace(answers, change[0], change[1], 1)
	}
	r := fill(t, questionnaire.Form(), answers)
	want := []string{"grp_a/a_country choice", "grp_c/roster[2]/m_age kind", "grp_c/roster[3] count", "grp_d/d_hours not-relevant", "grp_f/f_main choice", "grp_z/z_coment unknown",
		"grp_a/a_ea required", "grp_a/a_hh_num constraint"}
	for _, w := range want {
		if !slices.Contains(kinds(r.Problems), w) {
			t.Errorf("no problem %q among %q", w, kinds(r.Problems))
		}
	}
	for _, p := range r.Problems {
		if p.Path == "grp_a/a_hh_num" && p.Message != "Valor fuera de rango" {
			t.Errorf("the constraint says %q", p.Message)
		}
	}
	if r.Complete {
		t.Error("the interview is said to be complete")
	}
}

// Who fills a form by hand is told what can be chosen, and which rule is broken where the form itself says nothing.
func TestWhatCanBeGivenInsteadIsSaid(t *testing.T) {
	f := readForm(t, `
		| survey  | | | | | | |
		| | type | name | label | choice_filter | constraint | parameters |
		| | select_one region | region | R | | | |
		| | select_one town | town | T | region = ${region} | | |
		| | integer | rooms | N | | . > 0 | |
		| | range | scale | S | | | start=1 end=5 step=1 |
		| choices | | | | |
		| | list_name | name | label | region |
		| | region | n | North | |
		| | region | s | South | |
		| | town | a | A | n |
		| | town | b | B | s |
		| | town | c | C | s |`)
	r := fill(t, f, `{"region": "s", "town": "a", "rooms": 0, "scale": 9}`)
	var said []string
	for _, p := range r.Problems {
		said = append(said, p.Message)
	}
	want := []string{`The choice "a" of list town is not offered here, as other answers stand: offered are b, c.`,
		"The answer breaks the constraint . > 0: correct it.", "The answer must lie between 1 and 5."}
	if !slices.Equal(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
	if r := fill(t, f, `{"region": "x"}`); len(r.Problems) != 1 || !strings.HasSuffix(r.Problems[0].Message, "offered are n, s.") {
		t.Errorf("problems %v", r.Problems)
	}
}

func TestNothingAnsweredAsksForWhatIsRequired(t *testing.T) {
	r := fill(t, questionnaire.Form(), `{}`)
	want := []string{"grp_a/a_country required", "grp_a/a_adm1 required", "grp_a/a_adm2 required", "grp_a/a_ea required", "grp_a/a_area required",
		"grp_a/a_hh_num required", "grp_a/a_enum required", "grp_a/v_contact required", "grp_z/z_result required"}
	if !slices.Equal(kinds(r.Problems), want) {
		t.Errorf("the problems are %q", kinds(r.Problems))
	}
}
