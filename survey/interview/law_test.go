package interview_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
)

// values are what is answered to a question of a kind.
var values = map[record.Kind][]string{record.Text: {"x", "y", "z", "2"}, record.Integer: {"0", "1", "2", "3"}, record.Choices: {"x", "x y", "y z"}}

// questions lists the paths that can be answered now, and the repeats as they can be called.
func questions(s *interview.Session) (list, repeats []record.Path) {
	var below func(prefix record.Path, i *form.Item)
	below = func(prefix record.Path, i *form.Item) {
		for _, child := range i.Children {
			p := prefix.Join(child.Name)
			switch child.Kind {
			case form.Group:
				below(p, child)
			case form.Repeat:
				repeats = append(repeats, p)
				for _, instance := range s.Instances(p) {
					below(instance, child)
				}
			default:
				if child.Type != form.TypeCalculate {
					list = append(list, p)
				}
			}
		}
	}
	below("", s.Form().Root)
	return list, repeats
}

// act does something at random, and tells what and what it changed.
func act(rt *rapid.T, s *interview.Session) (string, interview.Change) {
	list, repeats := questions(s)
	if len(repeats) > 0 && rapid.IntRange(0, 3).Draw(rt, "act") == 0 {
		p := rapid.SampledFrom(repeats).Draw(rt, "repeat")
		instances := s.Instances(p)
		if len(instances) > 0 && rapid.Bool().Draw(rt, "remove") {
			gone := rapid.SampledFrom(instances).Draw(rt, "instance")
			change, err := s.RemoveInstance(gone)
			return fmt.Sprintf("remove %s: %v", gone, err), change
		}
		if len(instances) < 5 {
			_, change, err := s.AddInstance(p)
			return fmt.Sprintf("add to %s: %v", p, err), change
		}
	}
	if len(list) == 0 {
		return "nothing", interview.Change{}
	}
	p := rapid.SampledFrom(list).Draw(rt, "question")
	if numbers := slices.DeleteFunc(slices.Clone(list), func(p record.Path) bool { return !counts(s.Form(), p) }); len(numbers) > 0 && rapid.Bool().Draw(rt, "count") {
		p = rapid.SampledFrom(numbers).Draw(rt, "number")
	}
	v := someValue(rt, s, p)
	change, err := s.Set(p, v)
	return fmt.Sprintf("answer %s with %q: %v", p, v, err), change
}

// counts reports whether a question is how many instances a repeat has.
func counts(f *form.Form, p record.Path) bool {
	return slices.ContainsFunc(f.Items(), func(i *form.Item) bool {
		return i.RepeatCount != nil && strings.HasSuffix(strings.TrimSpace(i.RepeatCount.String()), "/"+p.Name())
	})
}

func someValue(rt *rapid.T, s *interview.Session, p record.Path) record.Value {
	item, _ := s.Form().Item(p.Generic())
	if rapid.IntRange(0, 4).Draw(rt, "back") == 0 {
		return record.Value{}
	}
	v, err := record.New(item.KindOf(), rapid.SampledFrom(values[item.KindOf()]).Draw(rt, "value"))
	if err != nil {
		rt.Fatal(err)
	}
	return v
}

// state writes down all there is to see of a session; instances by their place when ids is false.
func state(s *interview.Session, ids bool) []string {
	var list []string
	var below func(prefix record.Path, spoken string, i *form.Item)
	below = func(prefix record.Path, spoken string, i *form.Item) {
		for _, child := range i.Children {
			p, name := prefix.Join(child.Name), spoken+"/"+child.Name
			var choices []string
			for _, c := range s.Choices(p) {
				choices = append(choices, c.Name)
			}
			list = append(list, fmt.Sprintf("%s %q relevant %v required %v choices %v problems %d", name, s.Value(p), s.Relevant(p), s.Required(p), choices, len(s.Check(p, ""))))
			if child.Kind == form.Group {
				below(p, name, child)
			}
			for n, instance := range s.Instances(p) {
				at := fmt.Sprintf("%s[%d]", name, n+1)
				if ids {
					at = string(instance)
				}
				list = append(list, fmt.Sprintf("%s relevant %v", at, s.Relevant(instance)))
				below(instance, at, child)
			}
		}
	}
	below("", "", s.Form().Root)
	if ids {
		draft, derived := s.Answers(false)
		final, _ := s.Answers(true)
		for _, p := range slices.Sorted(maps.Keys(draft)) {
			list = append(list, fmt.Sprintf("answer %s %q derived %v final %q", p, draft[p], derived[p], final[p]))
		}
		list = append(list, fmt.Sprint(s.Pages()), fmt.Sprint(s.Problems("")))
	}
	return list
}

// same fails when two states differ, and says where.
func same(rt *rapid.T, what, tables string, got, want []string) {
	if slices.Equal(got, want) {
		return
	}
	for i := range max(len(got), len(want)) {
		g, w := "", ""
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			rt.Fatalf("%s\nis       %s\nshould be %s\n%s", what, g, w, tables)
		}
	}
}

func startLaw(rt *rapid.T, f *form.Form) *interview.Session {
	s, err := interview.Start(f, world(1))
	if err != nil {
		rt.Fatal(err)
	}
	return s
}

func TestEachStepLeavesWhatARecalculationFromScratchGives(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f, tables := randomForm(rt, true)
		s := startLaw(rt, f)
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			did, _ := act(rt, s)
			answers, _ := s.Answers(false)
			fresh, err := interview.Resume(f, world(5), answers)
			if err != nil {
				rt.Fatal(err)
			}
			same(rt, "after: "+did, tables, state(s, true), state(fresh, true))
		}
	})
}

// TestWhatChangesTellIsTheWholeStory keeps only what the changes say, as a store and a screen do.
func TestWhatChangesTellIsTheWholeStory(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f, tables := randomForm(rt, true)
		s := startLaw(rt, f)
		kept, derived := s.Answers(false)
		asked := relevant(s)
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			did, change := act(rt, s)
			for _, p := range change.Unset {
				maps.DeleteFunc(kept, func(q record.Path, _ record.Value) bool { return q == p || q.Under(p) })
				maps.DeleteFunc(derived, func(q record.Path, _ bool) bool { return q == p || q.Under(p) })
			}
			for p, v := range change.Set {
				kept[p] = v
				delete(derived, p)
			}
			maps.Copy(derived, change.Derived)
			for p, now := range change.Relevant {
				if asked[p] = true; !now {
					delete(asked, p)
				}
			}
			answers, isDerived := s.Answers(false)
			if !maps.Equal(kept, answers) || !maps.Equal(derived, isDerived) {
				rt.Fatalf("after %s the changes add up to %v (derived %v), the session has %v (%v)\n%s", did, kept, derived, answers, isDerived, tables)
			}
			if now := relevant(s); !maps.Equal(asked, now) {
				rt.Fatalf("after %s the changes say that these are asked: %v, the session: %v\n%s", did, asked, now, tables)
			}
		}
	})
}

// relevant lists everything that is asked.
func relevant(s *interview.Session) map[record.Path]bool {
	asked := map[record.Path]bool{}
	var below func(p record.Path, i *form.Item)
	below = func(p record.Path, i *form.Item) {
		if s.Relevant(p) {
			asked[p] = true
		}
		if i.Kind == form.Repeat && !p.IsInstance() {
			for _, instance := range s.Instances(p) {
				below(instance, i)
			}
			return
		}
		for _, child := range i.Children {
			below(p.Join(child.Name), child)
		}
	}
	below("", s.Form().Root)
	return asked
}

// TestAnAnswerTakenBackLeavesNoTrace answers a question, or answers it otherwise, and goes back to what was. Members that a smaller number took away come back
// with all that was typed.
func TestAnAnswerTakenBackLeavesNoTrace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f, tables := randomForm(rt, false)
		s := startLaw(rt, f)
		for range rapid.IntRange(0, 8).Draw(rt, "steps") {
			act(rt, s)
		}
		list, _ := questions(s)
		if numbers := slices.DeleteFunc(slices.Clone(list), func(p record.Path) bool { return !counts(f, p) }); len(numbers) > 0 && rapid.Bool().Draw(rt, "count") {
			list = numbers
		}
		if len(list) == 0 {
			return
		}
		before := state(s, true)
		p := rapid.SampledFrom(list).Draw(rt, "question")
		for _, v := range []record.Value{someValue(rt, s, p), s.Value(p)} {
			if _, err := s.Set(p, v); err != nil {
				rt.Fatal(err)
			}
		}
		same(rt, "after "+string(p)+" was answered otherwise and back again", tables, state(s, true), before)
	})
}

// TestTheOrderOfAnswersDoesNotMatter gives the same answers in two orders.
func TestTheOrderOfAnswersDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f, tables := randomForm(rt, false)
		answers := map[string]record.Value{}
		for range rapid.IntRange(1, 12).Draw(rt, "answers") {
			item := rapid.SampledFrom(f.Items()).Draw(rt, "item")
			if item.Kind == form.Question && item.Type != form.TypeCalculate {
				v, err := record.New(item.KindOf(), rapid.SampledFrom(values[item.KindOf()]).Draw(rt, "value"))
				if err != nil {
					rt.Fatal(err)
				}
				answers[anywhere(rt, item)] = v
			}
		}
		order := slices.Sorted(maps.Keys(answers))
		other := rapid.Permutation(order).Draw(rt, "other order")
		first, second := startLaw(rt, f), startLaw(rt, f)
		giveAll(rt, first, answers, order)
		giveAll(rt, second, answers, other)
		same(rt, fmt.Sprintf("%v in another order: %v", answers, other), tables, state(second, false), state(first, false))
	})
}

// TestARevisionBringsTheSessionBack finishes an interview, writes its revision, reads it and goes on with it: what is asked, answered and wrong is the same. What was not
// asked is lost, as it should be.
func TestARevisionBringsTheSessionBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f, tables := randomForm(rt, true)
		s := startLaw(rt, f)
		for range rapid.IntRange(0, 12).Draw(rt, "steps") {
			act(rt, s)
		}
		answers, _ := s.Answers(true)
		for p := range answers {
			if !s.Relevant(p) {
				rt.Fatalf("%s is in the revision and not asked\n%s", p, tables)
			}
		}
		again, err := interview.Resume(f, world(9), written(rt, f, answers))
		if err != nil {
			rt.Fatal(err)
		}
		same(rt, "after a revision", tables, finished(again), finished(s))
	})
}

// written writes answers as a revision and reads them from its bytes.
func written(rt *rapid.T, f *form.Form, answers record.Answers) record.Answers {
	sealed, err := record.Seal(record.Body{Interview: uuid.UUID{0: 1, 6: 0x70, 8: 0x80}, Form: f.ID, Version: f.Version, Device: "XK3M7-9QRTA-BCDFG-HJKMN", N: 1,
		At: noon, By: "ana", Final: true, Set: answers})
	if err != nil {
		rt.Fatal(err)
	}
	read, err := record.ParseRevision(sealed.Bytes())
	if err != nil {
		rt.Fatal(err)
	}
	return read.Set
}

// finished writes down what there is to see of a session that is finished: what is asked, and its answers.
func finished(s *interview.Session) (list []string) {
	answers, derived := s.Answers(true)
	for _, p := range slices.Sorted(maps.Keys(answers)) {
		list = append(list, fmt.Sprintf("%s %q derived %v", p, answers[p], derived[p]))
	}
	for _, p := range slices.Sorted(maps.Keys(relevant(s))) {
		list = append(list, fmt.Sprintf("%s required %v read-only %v choices %v", p, s.Required(p), s.ReadOnly(p), s.Choices(p)))
	}
	return append(list, fmt.Sprint(s.Pages()), fmt.Sprint(s.Problems("")))
}

// anywhere is the path of a question as people say it, in one of the first instances.
func anywhere(rt *rapid.T, i *form.Item) string {
	if i.Parent == nil {
		return ""
	}
	spoken := strings.TrimPrefix(anywhere(rt, i.Parent)+"/"+i.Name, "/")
	if i.Kind == form.Repeat {
		spoken += fmt.Sprintf("[%d]", rapid.IntRange(1, 3).Draw(rt, "nth"))
	}
	return spoken
}

// giveAll gives answers in an order; those whose instance is not there yet, later.
func giveAll(rt *rapid.T, s *interview.Session, answers map[string]record.Value, order []string) {
	given := map[string]bool{}
	for progress := true; progress; {
		progress = false
		for _, spoken := range order {
			p, ok := here(s, spoken)
			if !ok || given[spoken] {
				continue
			}
			given[spoken], progress = true, true
			if _, err := s.Set(p, answers[spoken]); err != nil {
				rt.Fatal(err)
			}
		}
	}
}

// here finds the path of a question as people say it.
func here(s *interview.Session, spoken string) (p record.Path, ok bool) {
	for segment := range splitPath(spoken) {
		p = p.Join(segment.name)
		if segment.n > 0 {
			instances := s.Instances(p)
			if segment.n > len(instances) {
				return "", false
			}
			p = instances[segment.n-1]
		}
	}
	return p, true
}
