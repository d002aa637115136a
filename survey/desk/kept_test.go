package desk_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// tables are interviews in memory, laid out as an archive does.
type tables struct {
	merged    []record.Merged // IDs ascending
	decisions []fieldwork.Decision
}

func interviewID(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("01935000-0000-7000-8000-%012d", n))
}

func (x *tables) add(n int, answers string) {
	m := record.Merged{Interview: interviewID(n), Form: "hh", Version: "1", Final: true, Answers: record.Answers{}}
	for pair := range strings.FieldsSeq(answers) {
		path, value, _ := strings.Cut(pair, "=")
		p := record.Path(path)
		m.Answers[p] = record.NewText(value)
		if instance, in := p.Instance(); in {
			m.Answers[instance] = record.Exists()
		}
	}
	x.merged = append(x.merged, m)
}

func (x *tables) decide(a, b int, decision record.Decision, keep uuid.UUID) {
	id := record.ID{byte(len(x.decisions) + 1)}
	d := record.Duplicate{A: interviewID(a), B: interviewID(b), Decision: decision, Keep: keep}
	x.decisions = append(x.decisions, fieldwork.Decision{Duplicate: d, Stands: []record.ID{id}, Said: []fieldwork.Said{{ID: id, Decision: decision, Keep: keep}}})
}

func (x *tables) Decisions(context.Context) ([]fieldwork.Decision, error) { return x.decisions, nil }

func (x *tables) Merged(_ context.Context, ids ...uuid.UUID) (list []record.Merged, err error) {
	for _, id := range ids {
		for _, m := range x.merged {
			if m.Interview == id {
				list = append(list, m)
			}
		}
	}
	return list, nil
}

func (x *tables) Rows(_ context.Context, _ string, repeat record.Path) iter.Seq2[fieldwork.Row, error] {
	return func(yield func(fieldwork.Row, error) bool) {
		for _, m := range x.merged {
			rows := map[record.Path]record.Answers{}
			if repeat == "" {
				rows[""] = record.Answers{}
			}
			for p, v := range m.Answers {
				instance, _ := p.Instance()
				if instance.Parent().Generic() != repeat {
					continue
				}
				if rows[instance] == nil {
					rows[instance] = record.Answers{}
				}
				if v.Kind() != record.Instance {
					rows[instance][p.Generic()] = v
				}
			}
			var instances []record.Path
			for i := range rows {
				instances = append(instances, i)
			}
			slices.Sort(instances)
			for _, i := range instances {
				if !yield(fieldwork.Row{Interview: m.Interview, Instance: i, Final: true, Answers: rows[i]}, nil) {
					return
				}
			}
		}
	}
}

// told writes rows down: "3 a=1 b=2", "3/0001aaaaaa name=Ana".
func told(rows iter.Seq2[fieldwork.Row, error]) string {
	var lines []string
	for row, err := range rows {
		if err != nil {
			return err.Error()
		}
		words := []string{strings.TrimLeft(row.Interview.String()[24:], "0")}
		if row.Instance != "" {
			words[0] += "/" + row.Instance.Name()
		}
		if row.DuplicateOf != uuid.Nil {
			words[0] += " of " + strings.TrimLeft(row.DuplicateOf.String()[24:], "0")
		}
		var answers []string
		for p, v := range row.Answers {
			answers = append(answers, p.Name()+"="+v.String())
		}
		slices.Sort(answers)
		lines = append(lines, strings.Join(append(words, answers...), " "))
	}
	return strings.Join(lines, "; ")
}

func TestWhatExportsCount(t *testing.T) {
	x := &tables{}
	x.add(1, "a=1 m/0001aaaaaa/n=Ana")
	x.add(2, "a=2 b=2 m/0001bbbbbb/n=Luz")
	x.add(3, "a=3")
	x.add(4, "a=4 b=4 m/0001cccccc/n=Eva m/0002dddddd/n=Leo")
	x.add(5, "a=5")
	const all, members = "1 a=1; 2 a=2 b=2; 3 a=3; 4 a=4 b=4; 5 a=5", "1/0001aaaaaa n=Ana; 2/0001bbbbbb n=Luz; 4/0001cccccc n=Eva; 4/0002dddddd n=Leo"
	want := func(table record.Path, wanted string) {
		t.Helper()
		if got := told(desk.Kept{Tables: x}.Rows(t.Context(), "hh", table)); got != wanted {
			t.Errorf("%q:\n got %s\nwant %s", table, got, wanted)
		}
	}
	want("", all)
	want("m", members)
	x.decide(1, 2, record.Same, interviewID(2)) // 2 counts
	x.decide(3, 4, record.Same, uuid.Nil)       // joined: 3 stands, with what only 4 answers
	x.decide(4, 5, record.Different, uuid.Nil)
	want("", "2 a=2 b=2; 3 a=3 b=4; 5 a=5")
	want("m", "2/0001bbbbbb n=Luz; 3/0001cccccc n=Eva; 3/0002dddddd n=Leo")
	if got := told(desk.Marked{Tables: x}.Rows(t.Context(), "hh", "")); got != "1 of 2 a=1; 2 a=2 b=2; 3 a=3; 4 of 3 a=4 b=4; 5 a=5" {
		t.Errorf("all: %s", got)
	}
	for row := range (desk.Kept{Tables: x}).Rows(t.Context(), "hh", "m") { // a reader may stop anywhere
		if row.Interview == interviewID(3) {
			break
		}
	}
	x.decide(3, 5, record.Same, uuid.Nil) // 3, 4 and 5 contradict each other: all count until that is settled
	want("", "2 a=2 b=2; 3 a=3; 4 a=4 b=4; 5 a=5")
	x.decisions = nil // all is taken back
	want("", all)
	want("m", members)
}
