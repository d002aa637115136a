package interview_test

import (
	"math/rand"
	"slices"
	"testing"
	"time"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

// noon is when all interviews of the tests take place.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("Bogotá", -5*3600))

func world(seed int64) interview.Env {
	return interview.Env{Now: func() time.Time { return noon }, Random: rand.New(rand.NewSource(seed)), Device: "tablet-1", Enumerator: "ana"}
}

// readForm reads a form from the tables of a workbook.
func readForm(t testing.TB, tables string) *form.Form {
	t.Helper()
	f, problems := xlsform.Read("test.xlsx", xlsformtest.Workbook(tables))
	if f == nil {
		t.Fatalf("the form was not read: %+v", problems)
	}
	return f
}

// enumerator is somebody at work: her acts fail the test when the session refuses them, and her expectations when they are not met.
type enumerator struct {
	t    testing.TB
	s    *interview.Session
	last interview.Change
}

// begin starts an interview of a form.
func begin(t testing.TB, tables string) *enumerator {
	t.Helper()
	s, err := interview.Start(readForm(t, tables), world(1))
	if err != nil {
		t.Fatal(err)
	}
	return &enumerator{t: t, s: s}
}

// at makes a path out of one with places of instances: "roster[2]/age".
func (e *enumerator) at(spoken string) record.Path {
	e.t.Helper()
	p := record.Path("")
	for segment := range splitPath(spoken) {
		p = p.Join(segment.name)
		if segment.n > 0 {
			instances := e.s.Instances(p)
			if segment.n > len(instances) {
				e.t.Fatalf("%s: there are only %d instances", spoken, len(instances))
			}
			p = instances[segment.n-1]
		}
	}
	return p
}

// answer answers a question with ODK's text of an answer; "" takes the answer back.
func (e *enumerator) answer(spoken, text string) *enumerator {
	e.t.Helper()
	p := e.at(spoken)
	var v record.Value
	if text != "" {
		item, ok := e.s.Form().Item(p.Generic())
		if !ok {
			e.t.Fatalf("the form has no %s", spoken)
		}
		var err error
		if v, err = record.New(item.KindOf(), text); err != nil {
			e.t.Fatal(err)
		}
	}
	change, err := e.s.Set(p, v)
	if err != nil {
		e.t.Fatalf("answer %s with %q: %v", spoken, text, err)
	}
	e.last = change
	return e
}

// add adds an instance to a repeat.
func (e *enumerator) add(spoken string) *enumerator {
	e.t.Helper()
	_, change, err := e.s.AddInstance(e.at(spoken))
	if err != nil {
		e.t.Fatalf("add to %s: %v", spoken, err)
	}
	e.last = change
	return e
}

// remove removes an instance.
func (e *enumerator) remove(spoken string) *enumerator {
	e.t.Helper()
	change, err := e.s.RemoveInstance(e.at(spoken))
	if err != nil {
		e.t.Fatalf("remove %s: %v", spoken, err)
	}
	e.last = change
	return e
}

// expect expects an answer to stand, as ODK writes it; "" for none.
func (e *enumerator) expect(spoken, text string) *enumerator {
	e.t.Helper()
	if got := e.s.Value(e.at(spoken)).String(); got != text {
		e.t.Errorf("%s is %q, not %q", spoken, got, text)
	}
	return e
}

// asked expects questions to be asked now, unasked not to.
func (e *enumerator) asked(spoken ...string) *enumerator {
	e.t.Helper()
	for _, q := range spoken {
		if !e.s.Relevant(e.at(q)) {
			e.t.Errorf("%s is not asked", q)
		}
	}
	return e
}

func (e *enumerator) unasked(spoken ...string) *enumerator {
	e.t.Helper()
	for _, q := range spoken {
		if e.s.Relevant(e.at(q)) {
			e.t.Errorf("%s is asked", q)
		}
	}
	return e
}

// problem expects a question to have a problem, with that message in Spanish where the form has one.
func (e *enumerator) problem(spoken, kind, message string) *enumerator {
	e.t.Helper()
	want := interview.Problem{Path: e.at(spoken), Kind: kind, Message: message}
	if got := e.s.Check(e.at(spoken), "es"); len(got) != 1 || got[0] != want {
		e.t.Errorf("the problems of %s are %+v, not %+v", spoken, got, want)
	}
	return e
}

// fine expects a question, or with "" the whole interview, to have no problem.
func (e *enumerator) fine(spoken string) *enumerator {
	e.t.Helper()
	got := e.s.Problems("es")
	if spoken != "" {
		got = e.s.Check(e.at(spoken), "es")
	}
	if len(got) > 0 {
		e.t.Errorf("%q has problems: %+v", spoken, got)
	}
	return e
}

// count expects a repeat to have so many instances.
func (e *enumerator) count(spoken string, n int) *enumerator {
	e.t.Helper()
	if got := len(e.s.Instances(e.at(spoken))); got != n {
		e.t.Errorf("%s has %d instances, not %d", spoken, got, n)
	}
	return e
}

// offered expects exactly these choices.
func (e *enumerator) offered(spoken string, names ...string) *enumerator {
	e.t.Helper()
	var got []string
	for _, c := range e.s.Choices(e.at(spoken)) {
		got = append(got, c.Name)
	}
	if !slices.Equal(got, names) {
		e.t.Errorf("%s offers %q, not %q", spoken, got, names)
	}
	return e
}

// label expects a question's label in a language.
func (e *enumerator) label(spoken, language, text string) *enumerator {
	e.t.Helper()
	p := e.at(spoken)
	item, _ := e.s.Form().Item(p.Generic())
	if got := e.s.Text(item.Label, p, language); got != text {
		e.t.Errorf("the label of %s is %q, not %q", spoken, got, text)
	}
	return e
}

// pages expects pages at these paths.
func (e *enumerator) pages(spoken ...string) *enumerator {
	e.t.Helper()
	var got, want []record.Path
	for _, p := range e.s.Pages() {
		got = append(got, p.Path)
	}
	for _, p := range spoken {
		want = append(want, e.at(p))
	}
	if !slices.Equal(got, want) {
		e.t.Errorf("the pages are %q, not %q", got, want)
	}
	return e
}

// reopened goes on with the interview after the app was closed.
func (e *enumerator) reopened() *enumerator {
	e.t.Helper()
	answers, _ := e.s.Answers(false)
	s, err := interview.Resume(e.s.Form(), world(99), answers)
	if err != nil {
		e.t.Fatal(err)
	}
	return &enumerator{t: e.t, s: s}
}
