package desk_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
)

var bogota = time.FixedZone("-05", -5*3600)

// office is what a collector has, in memory: what is put in is what counts.
type office struct {
	desk.Archive
	assignments map[uuid.UUID]map[record.ID]record.Assignment
	puts        int
}

func (o *office) Devices(context.Context) ([]fieldwork.Device, error) {
	return []fieldwork.Device{{ID: "tab-1", Name: "Ana", Role: "enumerator"}, {ID: "tab-2", Name: "Luis", Role: "enumerator"}, {ID: "tab-3", Name: "luis", Role: "enumerator"},
		{ID: "tab-4", Name: "Eva", Role: "enumerator", Revoked: true}, {ID: "hub", Name: "Ana", Role: "collector"}}, nil
}

type notFound struct{}

func (notFound) Error() string { return "not there" }
func (notFound) Code() string  { return "not-found" }

func (o *office) Assignment(_ context.Context, id uuid.UUID) (a fieldwork.Assignment, err error) {
	if o.assignments[id] == nil {
		return a, notFound{}
	}
	a.Assignment, a.Stands, a.Disputed = record.StandingAssignment(o.assignments[id])
	return a, nil
}

func (o *office) Put(_ context.Context, entries ...record.Entry) error {
	for _, e := range entries {
		a, err := record.ParseAssignment(e.Body)
		if err != nil {
			return err
		}
		if o.assignments == nil {
			o.assignments = map[uuid.UUID]map[record.ID]record.Assignment{}
		}
		if o.assignments[a.Assignment] == nil {
			o.assignments[a.Assignment] = map[record.ID]record.Assignment{}
		}
		o.assignments[a.Assignment][e.ID()] = a
		o.puts++
	}
	return nil
}

func newDesk() (*desk.Desk, *office) {
	o := &office{}
	minute := 0
	return &desk.Desk{Archive: o, Device: "hub", Forms: func(context.Context) ([]*form.Form, error) { return []*form.Form{questionnaire.Form()}, nil },
		Now: func() time.Time { minute++; return time.Date(2026, 11, 23, 9, minute, 0, 0, bogota) }}, o
}

const good = "\ufeffea;household;enumerator;due;call;note;z_comment;grp_a/a_hh_num\n" +
	"CO-05-001;12;ana;2026-11-30;2026-11-28 15:30;perro bravo;;12\n" +
	"CO-05-001;13;tab-2;30/11/2026;;;\"casa azul; junto\nal puente\";13\n" +
	";;;;;;;\n" +
	"CO-05-001;14;Marta Ruiz;;;;;\n"

func TestATableIsRead(t *testing.T) {
	d, _ := newDesk()
	tasks, faults, err := d.ReadTasks(t.Context(), strings.NewReader(good), bogota)
	if err != nil || len(faults) > 0 || len(tasks) != 3 {
		t.Fatal(err, faults, tasks)
	}
	one, two, three := tasks[0], tasks[1], tasks[2]
	if one.Form != questionnaire.Form().ID || one.EA != "CO-05-001" || one.Number != "12" || one.Device != "tab-1" || one.Due != "2026-11-30" ||
		!one.Call.Equal(time.Date(2026, 11, 28, 15, 30, 0, 0, bogota)) || one.Note != "perro bravo" {
		t.Errorf("%+v", one)
	}
	if two.Device != "tab-2" || two.Due != "2026-11-30" || two.Answers["grp_z/z_comment"] != "casa azul; junto\nal puente" {
		t.Errorf("%+v", two)
	}
	if three.Device != "" || three.Person != "Marta Ruiz" || len(three.Answers) != 0 {
		t.Errorf("%+v", three)
	}
}

func TestAllFaultsAtOnceWithLineAndColumn(t *testing.T) {
	d, _ := newDesk()
	const bad = "form,ea,household,device,due,call,m_age,nonsense,a_country\n" +
		"other,1,2,,,,,,\n" +
		",,,,,,,,\"\"\n" +
		",1,3,Luis,31/02/2026,soon,5,x,XX\n" +
		",1,4,Eva,,,,,\n" +
		",1,5,Nobody,,,,,\n" +
		",1,5,,,,,,,more\n" +
		",1,4,,,,,,\n" +
		",,,,2026-11-30,,,,\n"
	tasks, faults, err := d.ReadTasks(t.Context(), strings.NewReader(bad), bogota)
	if err != nil || tasks != nil {
		t.Fatal(err, tasks)
	}
	want := []string{"2 form unknown-form", "4 device several-devices", "4 due day", "4 call time", "4 m_age repeat", "4 nonsense question", "4 a_country answer",
		"5 device revoked", "6 device unknown-device", "7  fields", "8 household twice", "9 household no-household"}
	var got []string
	for _, f := range faults {
		got = append(got, strings.Join([]string{string(rune('0' + f.Line)), f.Column, f.Code}, " "))
		if f.String() == "" || strings.Contains(f.String(), "%!") {
			t.Errorf("%+v says %q", f, f)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for text, code := range map[string]string{"ea,ea\n1,2\n": "twice", "ea,\"b\nc": "csv", "": "csv", "ea\nDep\xf3sito\n": "utf-8", "ea,,household\n": "heading"} {
		if _, faults, _ := d.ReadTasks(t.Context(), strings.NewReader(text), bogota); len(faults) != 1 || faults[0].Code != code {
			t.Errorf("%q: %v", text, faults)
		}
	}
}

func TestAssigningAgainChangesNothing(t *testing.T) {
	d, o := newDesk()
	tasks, _, _ := d.ReadTasks(t.Context(), strings.NewReader(good), bogota)
	want := func(n desk.Assigned, err error, wanted desk.Assigned) {
		t.Helper()
		if err != nil || n != wanted {
			t.Fatalf("%+v %v, want %+v", n, err, wanted)
		}
	}
	n, err := d.Assign(t.Context(), "Inés", tasks)
	want(n, err, desk.Assigned{New: 3})
	n, err = d.Assign(t.Context(), "Inés", tasks)
	want(n, err, desk.Assigned{Same: 3})
	tasks[0].Due = "2026-12-05"
	n, err = d.Assign(t.Context(), "Rosa", tasks)
	want(n, err, desk.Assigned{Changed: 1, Same: 2})
	id := tasks[0].ID()
	n, err = d.HandOver(t.Context(), "Rosa", "tab-2", id, tasks[1].ID())
	want(n, err, desk.Assigned{Changed: 1, Same: 1})
	n, err = d.Schedule(t.Context(), "Rosa", "2026-12-06", time.Time{}, id)
	want(n, err, desk.Assigned{Changed: 1})
	n, err = d.Withdraw(t.Context(), "Rosa", id, uuid.New())
	want(n, err, desk.Assigned{Changed: 1, Same: 1})
	a, err := o.Assignment(t.Context(), id)
	if err != nil || !a.Withdrawn || a.Assignee != "tab-2" || a.Due != "2026-12-06" || a.Note != "perro bravo" || len(a.Stands) != 1 || o.puts != 7 || a.Disputed {
		t.Errorf("%+v after %d puts: %v", a, o.puts, err)
	}
	n, err = d.Assign(t.Context(), "Rosa", tasks[:1])
	want(n, err, desk.Assigned{Changed: 1}) // there again
	if a, _ := o.Assignment(t.Context(), id); a.Withdrawn || a.By != "Rosa" || a.Device != "hub" {
		t.Errorf("%+v", a)
	}
}

func FuzzReadTasks(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("ea\t\"x\n"))
	d, _ := newDesk()
	f.Fuzz(func(t *testing.T, b []byte) {
		tasks, faults, err := d.ReadTasks(t.Context(), strings.NewReader(string(b)), bogota)
		if err != nil || len(tasks) > 0 && len(faults) > 0 {
			t.Error(err, len(tasks), faults)
		}
	})
}
