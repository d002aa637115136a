package interview_test

import (
	"encoding/json"
	"slices"
	"testing"

	"vereda/survey/interview"
)

const edges = `
	| survey  |                   |       |         |                |              |
	|         | type              | name  | label   | relevant       | calculation  |
	|         | start             | start |         |                |              |
	|         | text              | early | Early?  | ${late} = 'y' |              |
	|         | select_multiple c | many  | Many?   |                |              |
	|         | geopoint          | where | Where?  |                |              |
	|         | decimal           | cost  | Cost?   |                |              |
	|         | note              | hint  | Hint    |                |              |
	|         | calculate         | twice |         |                | ${cost} * 2 |
	|         | calculate         | luck  |         |                | once(random()) |
	|         | begin group       | g     | Group   |                |              |
	|         | text              | in    | In?     |                |              |
	|         | end group         |       |         |                |              |
	|         | begin repeat      | visit | Visit   | ${cost} > 0   |              |
	|         | text              | what  | What?   |                |              |
	|         | end repeat        |       |         |                |              |
	|         | text              | late  | Late?   |                |              |
	| choices |                   |       |         |                |              |
	|         | list_name         | name  | label   |                |              |
	|         | c                 | 1     | One     |                |              |
	|         | c                 | 2     | Two     |                |              |
`

func TestAnswersComeInManyShapes(t *testing.T) {
	r := fill(t, readForm(t, edges), `{"many": [1, "2"], "where": [11.5, -72, 3, 4], "cost": "2.50", "late": "y", "early": "now", "luck": "0.5",
		"start": "2026-01-02T03:04:05.000-05:00", "visit": [{"what": "a"}, {"what": "b"}, {}]}`)
	if !r.Complete {
		t.Fatalf("the problems are %+v", r.Problems)
	}
	for path, want := range map[string]any{"where": "11.5 -72 3 4", "early": "now", "luck": "0.5", "twice": "5", "start": "2026-01-02T03:04:05.000-05:00", "visit[2]/what": "b"} {
		if got := get(r.Answers, path); got != want {
			t.Errorf("%s is %v, not %v", path, got, want)
		}
	}
	if many := r.Answers["many"].([]string); !slices.Equal(many, []string{"1", "2"}) {
		t.Errorf("many is %v", many)
	}
	if visits := r.Answers["visit"].([]any); len(visits) != 3 {
		t.Errorf("there are %d visits", len(visits))
	}
	again := refill(t, r)
	first, _ := json.Marshal(r)
	second, _ := json.Marshal(again)
	if string(first) != string(second) {
		t.Errorf("filled with its own answers it gives\n%s\nnot\n%s", second, first)
	}
}

// refill fills the form with the answers that a filling gave.
func refill(t *testing.T, r interview.Result) interview.Result {
	t.Helper()
	b, err := json.Marshal(r.Answers)
	if err != nil {
		t.Fatal(err)
	}
	return fill(t, readForm(t, edges), string(b))
}

func TestAnswersOfTheWrongShapeAreNamed(t *testing.T) {
	for answers, want := range map[string][]string{
		`{"many": ["1 2"]}`:                        {"many kind"},
		`{"many": "1 3"}`:                          {"many choice"},
		`{"many": true}`:                           {"many kind"},
		`{"where": "north"}`:                       {"where kind"},
		`{"cost": {"x": 1}}`:                       {"cost kind"},
		`{"cost": [1]}`:                            {"cost kind"},
		`{"hint": "x"}`:                            {"hint kind"},
		`{"g": "x"}`:                               {"g kind"},
		`{"g": {"out": 1}, "in": 2}`:               {"g/out unknown", "in unknown"},
		`{"visit": [{"what": "x"}]}`:               {"visit[1]/what not-relevant"},
		`{"visit": {"what": "x"}}`:                 {"visit kind"},
		`{"cost": 1, "visit": [3]}`:                {"visit[1] kind"},
		`{"cost": 1, "twice": 3}`:                  {"twice read-only"},
		`{"cost": 1, "visit": [], "twice": 2}`:     {},
		`{"early": "x", "g": {}, "many": []}`:      {"early not-relevant"},
		`{"start": null, "g": null, "cost": null}`: {},
	} {
		r := fill(t, readForm(t, edges), answers)
		if got := kinds(r.Problems); !slices.Equal(got, want) {
			t.Errorf("%s has the problems %q, not %q", answers, got, want)
		}
	}
}
