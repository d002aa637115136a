package export

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/paradata"
	"vereda/survey/xlsform"
)

// logs are logs in memory.
type logs map[uuid.UUID][]paradata.Event

func (l logs) Events(_ context.Context, interview uuid.UUID) ([]paradata.Event, error) {
	if l == nil {
		return nil, errCut
	}
	return l[interview], nil
}

func TestParadata(t *testing.T) {
	f, problems := xlsform.Read("form.md", []byte("| survey |\n| | type | name | label | personal |\n| | audit | audit | | |\n| | text | a | A | yes |\n| | text | b | B | |\n"))
	if f == nil {
		t.Fatal(problems)
	}
	one, two := uuid.UUID{1}, uuid.UUID{2}
	held := logs{one: {
		{Kind: paradata.Start, Start: 1000},
		{Kind: paradata.Question, Node: "/data/a", Start: 1000, End: 3000, New: "=Ana, \"the\" one", Latitude: "-4.5", User: "E1"},
		{Kind: paradata.Question, Node: "/data/b", Start: 3000, End: 4000},
	}, two: {
		{Kind: paradata.Question, Node: "/data/a", Start: 1, End: 1001, Old: "x", New: "y"},
		{Kind: paradata.Constraint, Node: "/data/a", Start: 900},
	}}
	src := rows{"": {fieldwork.Row{Interview: one, Device: "D1", Final: true}, fieldwork.Row{Interview: two, Device: "D2", Final: true}, fieldwork.Row{Interview: uuid.UUID{3}, Final: true}}}
	folder := t.TempDir()
	write := func(o Options, l Logs) ([]string, error) {
		o.Forms = append(o.Forms, f)
		e, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		return e.WriteParadata(context.Background(), filepath.Join(folder, "all.csv"), src, l)
	}
	want := func(name, text string) {
		t.Helper()
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || string(got) != text {
			t.Errorf("%s, %v", got, err)
		}
	}

	if _, err := write(Options{}, logs(nil)); !errors.Is(err, errCut) {
		t.Error(err)
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("a failure leaves %v", left)
	}
	names, err := write(Options{Guard: true}, held)
	if err != nil || len(names) != 2 {
		t.Fatal(names, err)
	}
	want("all-paradata.csv", "KEY,DEVICE,question,event,node,start,end,latitude,longitude,accuracy,old-value,new-value,user,change-reason\r\n"+
		one.String()+",D1,,form start,,1000,,,,,,,,\r\n"+
		one.String()+",D1,a,question,/data/a,1000,3000,-4.5,,,,\"'=Ana, \"\"the\"\" one\",E1,\r\n"+
		one.String()+",D1,b,question,/data/b,3000,4000,,,,,,,\r\n"+
		two.String()+",D2,a,question,/data/a,1,1001,,,,x,y,,\r\n"+
		two.String()+",D2,a,constraint error,/data/a,900,,,,,,,,\r\n")
	want("all-paradata-questions.csv", "question,interviews,visits,seconds,seconds_per_interview,corrections,constraint_errors\r\n"+
		"a,2,2,3.0,1.5,1,1\r\nb,1,1,1.0,1.0,0,0\r\n")

	if _, err := write(Options{WithoutPersonal: true}, logs{two: held[two]}); err != nil {
		t.Fatal(err)
	}
	want("all-paradata.csv", "KEY,DEVICE,question,event,node,start,end\r\n"+two.String()+",D2,a,question,/data/a,1,1001\r\n"+two.String()+",D2,a,constraint error,/data/a,900,\r\n")
}
