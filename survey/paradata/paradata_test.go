package paradata

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/xlsform"
)

// sitting is a recorder with a clock of its own, and the rows that it gave.
type sitting struct {
	*Recorder
	now  time.Time
	rows map[uint64]string
}

var began = time.UnixMilli(1550615022663)

func sit(o Options) *sitting {
	return &sitting{NewRecorder(o, "Ana", 0, began), began, map[uint64]string{}}
}

func (s *sitting) after(ms int) time.Time {
	s.now = s.now.Add(time.Duration(ms) * time.Millisecond)
	return s.now
}

// file keeps the rows and writes the file of all that were kept.
func (s *sitting) file(t *testing.T) string {
	t.Helper()
	for _, r := range s.Rows() {
		s.rows[r.N] = string(r.Line)
	}
	var events []Event
	for n := uint64(1); len(events) < len(s.rows); n++ {
		if line, ok := s.rows[n]; ok {
			e, err := Parse([]byte(line))
			if err != nil {
				t.Fatal(err)
			}
			events = append(events, e)
		}
	}
	var b bytes.Buffer
	if err := WriteFile(&b, s.o, events); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func question(path record.Path, value string) View {
	return View{Question, path, "/data/" + string(path), value}
}

// The example of ODK's page on its form audit log, act by act.
func TestTheLogIsAsODKWritesIt(t *testing.T) {
	s := sit(Options{Changes: true, Places: true, Age: 2 * time.Minute})
	s.Do(s.now, Start, "")
	s.Show(s.after(19), question("name", ""))
	point, err := record.New(record.Geopoint, "37.4229983 -122.084 0 14.08")
	if err != nil {
		t.Fatal(err)
	}
	s.Locate(s.after(1000), point)
	s.Answer(s.after(100), "name", "John")
	s.Show(s.after(900), question("age", ""))
	s.Answer(s.after(100), "age", "20")
	s.Show(s.after(100), question("name", "John"))
	s.Answer(s.after(100), "name", "John Smith, Jr")
	s.Show(s.after(100), question("age", "20"))
	s.Show(s.after(5), View{Kind: End})
	s.Leave(s.after(1562))
	s.Do(s.now, Save, "")
	s.Do(s.now, Exit, "")
	s.Do(s.now, Finalize, "")
	want := `event,node,start,end,latitude,longitude,accuracy,old-value,new-value
form start,,1550615022663,,,,,,
question,/data/name,1550615022682,1550615024682,37.4229983,-122.084,14.08,,John
question,/data/age,1550615024682,1550615024882,37.4229983,-122.084,14.08,,20
question,/data/name,1550615024882,1550615025082,37.4229983,-122.084,14.08,John,"John Smith, Jr"
question,/data/age,1550615025082,1550615025087,37.4229983,-122.084,14.08,,
end screen,,1550615025087,1550615026649,37.4229983,-122.084,14.08,,
form save,,1550615026649,,37.4229983,-122.084,14.08,,
form exit,,1550615026649,,37.4229983,-122.084,14.08,,
form finalize,,1550615026649,,37.4229983,-122.084,14.08,,
`
	if got := s.file(t); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestOnlyWhatTheFormAsksFor(t *testing.T) {
	for parameters, header := range map[string]string{
		"":                   "event,node,start,end",
		"identify-user=true": "event,node,start,end,user",
		"track-changes=true track-changes-reasons=on-form-edit":                    "event,node,start,end,old-value,new-value,change-reason",
		"location-priority=balanced location-min-interval=60 location-max-age=120": "event,node,start,end,latitude,longitude,accuracy",
		"location-priority=no-power location-min-interval=60 location-max-age=120": "event,node,start,end",
	} {
		f, problems := xlsform.Read("form.md", []byte("| survey |\n| | type | name | label | parameters |\n| | audit | audit | | "+parameters+" |\n| | text | a | A | |\n"))
		if f == nil {
			t.Fatal(problems)
		}
		o, ok := Of(f)
		s := sit(o)
		s.Do(s.now, Start, "")
		if got, _, _ := strings.Cut(s.file(t), "\n"); !ok || got != header {
			t.Errorf("%s: %v, %s", parameters, ok, got)
		}
	}
	f, _ := xlsform.Read("form.md", []byte("| survey |\n| | type | name | label |\n| | text | a | A |\n"))
	if _, ok := Of(f); ok {
		t.Error("a form without an audit is recorded")
	}
	if o, ok := Of(questionnaire.Form()); !ok || !o.Changes || !o.Places || o.Interval != time.Minute || o.Age != 2*time.Minute {
		t.Errorf("the built-in questionnaire: %+v", o)
	}
}

// What is on the screen is kept with each answer, as far as it has come, so that a battery that dies takes nothing with it.
func TestAnAnswerIsKeptWithItsTime(t *testing.T) {
	s := sit(Options{Changes: true})
	s.Show(s.now, question("a", ""), question("b", "old"))
	s.Answer(s.after(500), "b", "new")
	want := "event,node,start,end,old-value,new-value\nquestion,/data/b,1550615022663,1550615023163,old,new\n"
	s.rows[1] = string(Event{Kind: Jump}.Line()) // the place of a, which was not kept yet
	if got := s.file(t); got != strings.Replace(want, "question", "jump,,0,,,\nquestion", 1) {
		t.Errorf("got\n%s", got)
	}
	if rows := s.Rows(); len(rows) != 0 {
		t.Errorf("kept twice: %v", rows)
	}
	s.Leave(s.after(500))
	if rows := s.Rows(); len(rows) != 2 || rows[0].N != 1 || rows[1].N != 2 {
		t.Errorf("%v", rows)
	}
}

func TestRowsThatCouldNotBeKeptComeAgain(t *testing.T) {
	s := sit(Options{})
	s.Do(s.now, Start, "")
	rows := s.Rows()
	s.Do(s.now, Jump, "")
	s.Again(rows)
	if got := s.Rows(); len(got) != 2 || got[0].N != 1 {
		t.Errorf("%v", got)
	}
}

func TestThePageThatIsShownAlreadyGoesOn(t *testing.T) {
	s := sit(Options{})
	s.Show(s.now, question("a", ""))
	s.Show(s.after(10), question("a", "x"))
	s.Leave(s.after(10))
	if got := s.file(t); strings.Count(got, "question") != 1 || !strings.Contains(got, "1550615022683") {
		t.Errorf("got\n%s", got)
	}
}

// Questions that come and go on a page leave the others as they are.
func TestAPageWhoseQuestionsChange(t *testing.T) {
	s := sit(Options{})
	group := View{Group, "g", "/data/g", ""}
	s.Show(s.now, group, question("g/a", ""), question("g/b", ""))
	s.Show(s.after(10), group, question("g/a", "x"), question("g/c", ""))
	s.Leave(s.after(10))
	want := "event,node,start,end\ngroup questions,/data/g,1550615022663,1550615022683\nquestion,/data/g/a,1550615022663,1550615022683\n" +
		"question,/data/g/b,1550615022663,1550615022673\nquestion,/data/g/c,1550615022673,1550615022683\n"
	if got := s.file(t); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestAddingTellsSinceWhenTheListWasShown(t *testing.T) {
	s := sit(Options{})
	s.Show(s.now, View{Kind: Listing, Path: "r"})
	s.Do(s.after(10), AddRepeat, "/data/r[1]")
	s.Show(s.after(5), question("r/0001aaaaaa/a", ""))
	s.Leave(s.after(5))
	want := "event,node,start,end\nadd repeat,/data/r[1],1550615022663,1550615022673\nquestion,/data/r/0001aaaaaa/a,1550615022678,1550615022683\n"
	if got := s.file(t); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestTheDevicesClockMayBeSet(t *testing.T) {
	start := time.Now() // with a monotonic reading
	r := NewRecorder(Options{}, "", 0, start)
	r.Show(start, question("a", ""))
	r.Leave(start.Add(-time.Hour)) // a clock without one, set back
	e, err := Parse(r.Rows()[0].Line)
	if err != nil || e.End != e.Start {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestNodes(t *testing.T) {
	f, _ := xlsform.Read("form.md", []byte("| survey |\n| | type | name | label |\n| | begin repeat | r | R |\n| | begin group | g | G |\n| | text | a | A |\n| | end group |\n| | end repeat |\n"))
	instances := func(record.Path) []record.Path { return []record.Path{"r/0001aaaaaa", "r/0002bbbbbb"} }
	if got := Node(f, "r/0002bbbbbb/g/a", instances); got != "/data/r[2]/g/a" || Generic(got) != "r/g/a" {
		t.Errorf("%s, %s", got, Generic(got))
	}
	for node, want := range map[string]record.Path{"/data/a": "a", "/data": "", "": "", "a/b": "", "/data/m[1]/n[12]/x": "m/n/x"} {
		if got := Generic(node); got != want {
			t.Errorf("%q: %q", node, got)
		}
	}
}

func TestTotals(t *testing.T) {
	got := Totals([]Event{
		{Kind: Start, Start: 1}, {Kind: Question, Node: "/data/a", Start: 1000, End: 3500, New: "x"},
		{Kind: Question, Node: "/data/r[1]/b", Start: 3500, End: 4000}, {Kind: Question, Node: "/data/r[2]/b", Start: 4000, End: 4500},
		{Kind: Constraint, Node: "/data/a", Start: 5000}, {Kind: Question, Node: "/data/a", Start: 5000, End: 5000 + 9*3600*1000, Old: "x", New: "y"},
		{Kind: Question, Node: "/data/c", Start: 9, End: 1},
	})
	want := []Total{{"a", 2.5 + 1800, 2, 1, 1}, {"r/b", 1, 2, 0, 0}, {"c", 0, 1, 0, 0}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

func TestFilesOfOthers(t *testing.T) {
	collect := "node,event,start,end,strange,old-value\n/data/a,question,1550615022663.5,1550615022664,?,\"a \"\"b\"\", c\"\n,form exit,1550615022664\n"
	events, err := ReadFile(strings.NewReader(collect))
	if err != nil || len(events) != 2 || events[0].Old != `a "b", c` || events[0].Start != 1550615022663 || events[1].Kind != Exit {
		t.Errorf("%+v, %v", events, err)
	}
	bare := "event,node,start,end,new-value\nquestion,/data/a,1,2,the \"big\" one\n"
	if events, err := ReadFile(strings.NewReader(bare)); err != nil || events[0].New != `the "big" one` {
		t.Errorf("%+v, %v", events, err)
	}
	for text, line := range map[string]int{"": 1, "a,b\n": 1, "event,node,start\nquestion,/data/a,soon\n": 2, "event,node,start\n,/data/a,1\n": 2} {
		var e *Error
		if _, err := ReadFile(strings.NewReader(text)); !errors.As(err, &e) || e.Line != line {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestFilesThatAreTooLarge(t *testing.T) {
	line := "question,/data/a,1,2\n"
	var e *Error
	events, err := ReadFile(strings.NewReader("event,node,start,end\n" + strings.Repeat(line, MaxEvents+1)))
	if !errors.As(err, &e) || len(events) != MaxEvents {
		t.Errorf("%d, %v", len(events), err)
	}
	events, err = ReadFile(strings.NewReader("event,node,start,end\n" + line + "\"" + strings.Repeat("x", MaxFile)))
	if !errors.As(err, &e) || len(events) > 1 {
		t.Errorf("%d, %v", len(events), err)
	}
}

func anyEvent(rt *rapid.T) Event {
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("a,\"\n\r é"))))
	return Event{Kind: Question, Node: text.Draw(rt, "node"), Start: rapid.Int64Range(0, 1<<52).Draw(rt, "start"), End: rapid.Int64Range(0, 1<<52).Draw(rt, "end"),
		Latitude: text.Draw(rt, "latitude"), Old: text.Draw(rt, "old"), New: text.Draw(rt, "new"), User: text.Draw(rt, "user"), Reason: text.Draw(rt, "reason")}
}

// A line is read as it was written, and so is a file; but for line breaks, which are line feeds.
func TestWrittenAndReadAgain(t *testing.T) {
	all := Options{Changes: true, Reasons: true, User: true, Places: true}
	rapid.Check(t, func(rt *rapid.T) {
		var events, tidied []Event
		for range rapid.IntRange(0, 4).Draw(rt, "events") {
			e := anyEvent(rt)
			back, err := Parse(e.Line())
			if err != nil {
				rt.Fatal(err)
			}
			e.Node, e.Latitude, e.Old, e.New, e.User, e.Reason = tidy(e.Node), tidy(e.Latitude), tidy(e.Old), tidy(e.New), tidy(e.User), tidy(e.Reason)
			if back != e {
				rt.Fatalf("%+v, want %+v", back, e)
			}
			events, tidied = append(events, e), append(tidied, back)
		}
		var b bytes.Buffer
		if err := WriteFile(&b, all, events); err != nil {
			rt.Fatal(err)
		}
		got, err := ReadFile(&b)
		if err != nil || len(got) != len(tidied) {
			rt.Fatal(got, err)
		}
		for i := range got {
			if got[i] != tidied[i] {
				rt.Fatalf("%+v, want %+v", got[i], tidied[i])
			}
		}
	})
}

func FuzzReadFile(f *testing.F) {
	f.Add([]byte("event,node,start,end\nquestion,/data/a,1,2\n"))
	f.Add([]byte("event,node,start,end,old-value,new-value\nquestion,/data/r[1]/a,1,2,\"a\nb\",\"\"\"\"\n"))
	f.Add([]byte("\uFEFFnode,event,start\n\"x"))
	f.Fuzz(func(t *testing.T, file []byte) {
		events, err := ReadFile(bytes.NewReader(file))
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Fatal(err)
		}
		Totals(events)
		var b bytes.Buffer
		if err := WriteFile(&b, Options{Changes: true, Reasons: true, User: true, Places: true}, events); err != nil {
			t.Fatal(err)
		}
		again, err := ReadFile(&b)
		if err != nil || len(again) != len(events) {
			t.Fatal(len(again), err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(Event{Kind: Question, Node: "/data/a", Start: 1, End: 2, Old: "a\n\"b\""}.Line())
	f.Add([]byte("question,,,,,,,,,,"))
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := Parse(line)
		var bad *Error
		if err != nil && !errors.As(err, &bad) {
			t.Fatal(err)
		}
		if again, fault := Parse(e.Line()); err == nil && (fault != nil || again != e) {
			t.Fatalf("%+v, want %+v, %v", again, e, fault)
		}
	})
}
