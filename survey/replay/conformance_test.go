package replay

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/xform"
)

const scenarios = "../../../shared/data/conformance/form_scenarios.jsonl"

// recording is what JavaRosa did in one of its own tests.
type recording struct {
	ID, Test  string
	Form      string
	LoadError *string `json:"load_error"`
	Init      *recordedState
	Ops       []json.RawMessage

	resumed bool // it begins with what the recording before it saved
}

// recordedAct is an act with what it gave.
type recordedAct struct {
	Op, Event string
	Ref       *string
	Value     *string
	Result    *string
	Error     string
	Choices   []string
	State     *recordedState
}

type recordedState struct {
	Set  map[string]Node
	Gone []string
}

// apart are the recordings that docs/xform.md lists with the reason why Vereda differs.
func apart(t *testing.T) map[string]bool {
	t.Helper()
	page, err := os.ReadFile("../../docs/xform.md")
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| (s\d{3}(?:, s\d{3})*) \|`).FindAllStringSubmatch(string(page), -1) {
		for _, id := range strings.Split(m[1], ", ") {
			list[id] = true
		}
	}
	return list
}

// TestStatesOfJavaRosa runs the forms and acts of JavaRosa's own tests and finds its states: once finding its own way on, once with the very lines of the recording as
// events, as the command reads them.
func TestStatesOfJavaRosa(t *testing.T) {
	for _, asEvents := range []bool{false, true} {
		playRecordings(t, asEvents)
	}
}

func playRecordings(t *testing.T, asEvents bool) {
	file, err := os.Open(scenarios)
	if err != nil {
		t.Skip("left out: the conformance data are not beside the checkout")
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	listed := apart(t)
	agree, all := 0, 0
	var before recording
	for lines.Scan() {
		var r recording
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		all++
		r.resumed = r.Test == before.Test && r.Form == before.Form || r.ID == "s134"
		before = r
		differences := r.compare(asEvents)
		switch {
		case len(differences) == 0:
			agree++
			if listed[r.ID] {
				t.Errorf("%s is listed as different in docs/xform.md, and is not", r.ID)
			}
		case !listed[r.ID]:
			t.Errorf("%s: %s", r.ID, strings.Join(differences[:min(4, len(differences))], "\n\t"))
		}
		delete(listed, r.ID)
	}
	for id := range listed {
		t.Errorf("docs/xform.md lists %s, which is not among the recordings", id)
	}
	t.Logf("%d of %d recordings agree", agree, all)
}

// compare returns what is different, in sentences.
func (r *recording) compare(asEvents bool) []string {
	f, problems := xform.Read(r.ID+".xml", []byte(r.Form))
	if f == nil {
		if r.LoadError != nil {
			return nil
		}
		return []string{fmt.Sprint("the form is refused: ", problems)}
	}
	p, first, err := Start(f, r.world(), false)
	if err != nil {
		return []string{err.Error()}
	}
	switch {
	case r.LoadError != nil && first.Error == "":
		return []string{"the form is read; JavaRosa says " + *r.LoadError}
	case r.LoadError != nil:
		return nil
	case first.Error != "":
		return []string{"the form is not opened: " + first.Error}
	case r.resumed:
		first = p.Do(Act{Op: "load", State: &State{Set: r.Init.Set}})
	}
	known := map[string]Node{}
	show := func(what string, s *recordedState, got *State) []string {
		if s == nil {
			return nil
		}
		for ref, n := range s.Set {
			known[ref] = n
		}
		for _, ref := range s.Gone {
			delete(known, ref)
		}
		return differ(f, what, known, got)
	}
	list := show("load", r.Init, first.State)
	for n, line := range r.Ops {
		var op recordedAct
		if err := json.Unmarshal(line, &op); err != nil {
			return []string{err.Error()}
		}
		act, err := ReadAct(line)
		if err != nil {
			return []string{err.Error()}
		}
		what := fmt.Sprintf("%d. %s", n+1, op.Op)
		if op.Op == "next" && !asEvents && (n == 0 || act.Ref != p.stops()[0].ref) {
			act.Ref = "" // a step to the first place: the test went back, which is no act of its own
		}
		got := p.Do(act)
		if got.Error != "" && op.Error == "" {
			return append(list, what+": "+got.Error)
		}
		list = append(list, show(what, op.State, got.State)...)
		list = append(list, op.answers(what, got)...)
	}
	return list
}

// world is the device that a recording was made on. Files are no part of the recordings: where choices show what was in them, something like it is given.
func (r *recording) world() interview.Env {
	var acts []Act
	for _, line := range r.Ops {
		act, _ := ReadAct(line)
		acts = append(acts, act)
	}
	return interview.Env{
		Now:      func() time.Time { return time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC) },
		Random:   rand.New(rand.NewSource(1)),
		Position: func() record.Value { return record.NewText("no client implementation") },
		Walked:   Walks(acts),
		Files:    files[r.ID],
	}
}

var (
	geojson = map[string][]byte{"external-data.geojson": []byte(`{"type": "FeatureCollection", "features": [
		{"type": "Feature", "id": "fs87b", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {"name": "one"}},
		{"type": "Feature", "id": 67, "geometry": {"type": "Point", "coordinates": [3, 4]}, "properties": {"name": "two"}}]}`)}
	csv   = map[string][]byte{"external-data.csv": []byte("name,label,first\na,A,\nb,B,\nc,C,\naa,AA,a\n")}
	plug  = map[string][]byte{"fake-instance.fake": []byte("<root><item><value>0</value><label>zero</label></item><item><value>1</value><label>one</label></item></root>")}
	saved = map[string][]byte{"issue_449_last_saved.xml": []byte("<data><aggregated>a b</aggregated></data>")}

	files = map[string]map[string][]byte{"s060": geojson, "s063": geojson, "s257": geojson, "s252": csv, "s256": csv, "s227": plug, "s228": plug,
		"s239": saved, "s240": saved}
)

// answers compares what an act gives back.
func (op *recordedAct) answers(what string, got Outcome) (list []string) {
	switch op.Op {
	case "choicesOf":
		if !slices.Equal(op.Choices, got.Choices) {
			list = append(list, fmt.Sprintf("%s %s offers %v, not %v", what, *op.Ref, got.Choices, op.Choices))
		}
	case "answerOf":
		if !sameValue(op.Value, got.Value) {
			list = append(list, fmt.Sprintf("%s %s is %s, not %s", what, *op.Ref, show(got.Value), show(op.Value)))
		}
	case "next":
		ref := ""
		if got.Ref != nil {
			ref = *got.Ref
		}
		want := ""
		if op.Ref != nil {
			want = *op.Ref
		}
		if op.Event != got.Event || leaf(op.Event, want) != leaf(op.Event, ref) {
			list = append(list, fmt.Sprintf("%s leads to %s %s, not %s %s", what, got.Event, ref, op.Event, want))
		}
	case "answer":
		if op.Result != nil && *op.Result != got.Result {
			list = append(list, fmt.Sprintf("%s gives %s, not %s", what, got.Result, *op.Result))
		}
	}
	return list
}

var lastPosition = regexp.MustCompile(`\[1\]$`)

// leaf leaves the number away that the recorder writes behind some questions.
func leaf(event, ref string) string {
	if event == "question" {
		return lastPosition.ReplaceAllString(ref, "")
	}
	return ref
}

func show(v *string) string {
	if v == nil {
		return "nothing"
	}
	return fmt.Sprintf("%q", *v)
}

// differ compares whole states.
func differ(f *form.Form, what string, want map[string]Node, got *State) (list []string) {
	for ref, w := range want {
		g, ok := got.Set[ref]
		if i, found := f.Item(generic(ref)); found && i.Type.Metadata() {
			continue // what the clock of the recording said
		}
		switch {
		case !ok:
			list = append(list, fmt.Sprintf("%s: %s is missing", what, ref))
		case !sameValue(w.V, g.V):
			list = append(list, fmt.Sprintf("%s: %s is %s, not %s", what, ref, show(g.V), show(w.V)))
		case w.Relevant != g.Relevant || w.Required != g.Required || w.Enabled != g.Enabled:
			list = append(list, fmt.Sprintf("%s: %s is relevant %v, required %v, enabled %v; not %v, %v, %v", what, ref,
				g.Relevant, g.Required, g.Enabled, w.Relevant, w.Required, w.Enabled))
		}
	}
	for ref := range got.Set {
		if _, ok := want[ref]; !ok {
			list = append(list, fmt.Sprintf("%s: %s is there, and should not be", what, ref))
		}
	}
	slices.Sort(list)
	return list
}

var positions = regexp.MustCompile(`\[\d+\]`)

func generic(ref string) record.Path {
	_, path, _ := strings.Cut(positions.ReplaceAllString(ref, "")[1:], "/")
	return record.Path(path)
}

var uuids = regexp.MustCompile(`^(uuid:)?[0-9a-f]{8}-[0-9a-f-]{27}$`)

// samePoints compares places by their numbers: "0 1 0 0;0 91 0 0" and "0.0 1.0 0.0 0.0; 0.0 91.0 0.0 0.0".
func samePoints(x, y string) bool {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ';' })
	}
	a, b := split(x), split(y)
	return len(a) > 1 && slices.EqualFunc(a, b, func(v, w string) bool {
		n, err1 := strconv.ParseFloat(v, 64)
		m, err2 := strconv.ParseFloat(w, 64)
		return err1 == nil && err2 == nil && n == m
	})
}

// sameNumber compares numbers, however they are written: "10018696.05" and "1.001869605E7". JavaRosa's formula for distances loses digits.
func sameNumber(x, y string) bool {
	n, err1 := strconv.ParseFloat(x, 64)
	m, err2 := strconv.ParseFloat(y, 64)
	return err1 == nil && err2 == nil && strings.Contains(x+y, ".") && math.Abs(n-m) <= 1e-5*math.Abs(m)/1000
}

// sameValue compares values as ODK writes them: times by the moment they name, places by their numbers, chance by its shape; nothing and "" are the same.
func sameValue(a, b *string) bool {
	var x, y string
	if a != nil {
		x = *a
	}
	if b != nil {
		y = *b
	}
	if x == y || uuids.MatchString(x) && uuids.MatchString(y) {
		return true
	}
	if samePoints(x, y) || sameNumber(x, y) {
		return true
	}
	for _, layout := range []string{"15:04:05.000Z07:00", "2006-01-02T15:04:05.000Z07:00"} {
		s, err1 := time.Parse(layout, x)
		u, err2 := time.Parse(layout, y)
		if err1 == nil && err2 == nil && s.Equal(u) {
			return true
		}
	}
	return false
}
