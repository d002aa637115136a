package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/quality"
	"vereda/survey/record"
)

// ledger keeps what was compared, in memory, as an archive does.
type ledger struct {
	merged     map[uuid.UUID]fieldwork.Changed
	waiting    []uuid.UUID
	households []fieldwork.Household
	pairs      map[[2]uuid.UUID]quality.Pair
	between    func() // what another program does while one compares
}

func (l *ledger) change(c fieldwork.Changed) {
	id := c.Merged.Interview
	c.Mark = l.merged[id].Mark + 1
	l.merged[id] = c
	if !slices.Contains(l.waiting, id) {
		l.waiting = append(l.waiting, id)
	}
}

func (l *ledger) Uncompared(_ context.Context, n int) (list []fieldwork.Changed, left int, err error) {
	for _, id := range l.waiting[:min(n, len(l.waiting))] {
		list = append(list, l.merged[id])
	}
	return list, len(l.waiting), nil
}

func (l *ledger) Households(_ context.Context, after int64, f func(fieldwork.Household) error) error {
	for _, h := range l.households {
		if h.N > after {
			if err := f(h); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *ledger) KeepCompared(_ context.Context, known int64, list []fieldwork.Compared) (int64, error) {
	if other := l.between; other != nil {
		l.between = nil
		other()
	}
	last := int64(0)
	if n := len(l.households); n > 0 {
		last = l.households[n-1].N
	}
	if last != known {
		return 0, changed{}
	}
	for _, c := range list {
		last++
		l.households = slices.DeleteFunc(l.households, func(h fieldwork.Household) bool { return h.Interview == c.Interview })
		l.households = append(l.households, fieldwork.Household{Interview: c.Interview, N: last, Body: c.Household})
		l.waiting = slices.DeleteFunc(l.waiting, func(id uuid.UUID) bool { return id == c.Interview && l.merged[id].Mark == c.Mark })
		for pair := range l.pairs {
			if pair[0] == c.Interview || pair[1] == c.Interview {
				delete(l.pairs, pair)
			}
		}
		for _, a := range c.Pairs {
			var p quality.Pair
			if err := json.Unmarshal(a.Body, &p); err != nil {
				return 0, err
			}
			l.pairs[[2]uuid.UUID{a.A, a.B}] = p
		}
	}
	return last, nil
}

// However interviews come and change, and whoever compares them, the pairs are those that comparing all at once finds.
func TestComparingAsTheyComeFindsWhatComparingAllFinds(t *testing.T) {
	seed := rand.Int63()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewSource(seed))
	f := &form.Form{ID: "hh", Version: "1", Root: &form.Item{Kind: form.Group, Name: "data"}}
	for name, as := range map[string]string{"ea": "ea", "number": "number", "head": "name"} {
		f.Root.Add(&form.Item{Kind: form.Question, Type: form.TypeText, Name: name, Columns: map[string]string{"duplicates": as}})
	}
	if problems := f.Compile(); form.HasErrors(problems) {
		t.Fatal(problems)
	}
	forms := func(context.Context) ([]*form.Form, error) { return []*form.Form{f}, nil }
	l := &ledger{merged: map[uuid.UUID]fieldwork.Changed{}, pairs: map[[2]uuid.UUID]quality.Pair{}}
	finders := []*desk.Finder{{Archive: l, Forms: forms}, {Archive: l, Forms: forms}}
	names := []string{"Rosa Quispe Mamani", "Juan Flores Ticona", "Eva Condori Apaza", "Luz Huanca Choque"}
	compare := func(who int) {
		t.Helper()
		if left, err := finders[who].Compare(t.Context(), func() bool { return false }); err != nil || left > 0 {
			t.Fatalf("%d left, %v", left, err)
		}
	}
	for range 40 {
		for range 1 + random.Intn(6) {
			l.change(fieldwork.Changed{Finalized: random.Intn(5) > 0, Merged: record.Merged{Interview: interviewID(random.Intn(40)), Form: "hh", Version: "1", Answers: record.Answers{
				"ea": record.NewText("05-001"), "number": record.NewText(fmt.Sprint(random.Intn(8))), "head": record.NewText(names[random.Intn(4)])}}})
		}
		who := random.Intn(2)
		switch random.Intn(4) {
		case 0:
			l.between = func() { compare(1 - who) }
		case 1:
			finders[who].Rest()
		}
		compare(who)
	}
	m := quality.MappingOf(f)
	found := quality.Find(func(yield func(quality.Household) bool) {
		for id, c := range l.merged {
			if c.Finalized && !yield(m.Household(quality.Household{Interview: id, Form: "hh"}, c.Merged.Answers)) {
				return
			}
		}
	}, quality.Options{})
	if len(found.Pairs) == 0 || len(found.Pairs) != len(l.pairs) {
		t.Fatalf("%d pairs, want %d", len(l.pairs), len(found.Pairs))
	}
	for _, p := range found.Pairs {
		if got, there := l.pairs[[2]uuid.UUID{p.A, p.B}]; !there || got.Score != p.Score {
			t.Errorf("%s %s: %v, want %v", p.A, p.B, got.Score, p.Score)
		}
	}
}
