package interview

import (
	"errors"
	"fmt"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// Result is a form filled without a screen. Paths count instances from 1, for people: "grp_c/roster[2]/m_age".
type Result struct {
	Answers  map[string]any `json:"answers"`  // as given to Fill: relevant ones only, calculated ones too
	Relevant []record.Path  `json:"relevant"` // all questions that are relevant, in form order
	Problems []Problem      `json:"problems"` // never nil; messages never empty
	Complete bool           `json:"complete"` // no problems
}

// Fill runs an interview without a screen: answers in form order, then what became of them. The answers are nested: groups are
// objects, repeats arrays of objects; a select_multiple is an array or names separated by blanks; numbers are JSON numbers or strings; a geopoint is
// "lat lon [alt acc]". A question that a later answer makes relevant is answered then. What the device records (start, deviceid, ...) and
// what is calculated once may be given too. Only an incomplete Env is an error; all else is a Problem.
func Fill(f *form.Form, env Env, answers map[string]any, language string) (Result, error) {
	s, err := Start(f, env)
	if err != nil {
		return Result{}, err
	}
	fl := &filler{s: s, language: language, done: map[*cell]any{}, wrong: map[*cell]Problem{}, sized: map[*cell]bool{}}
	s.Touch()
	for fl.progress = true; fl.progress; {
		fl.progress = false
		fl.fill(&s.root.cells[0], answers)
	}
	fl.report(&s.root.cells[0], "", answers)
	fl.check()
	result := Result{Answers: object(&s.root.cells[0], s.layout), Relevant: []record.Path{}, Problems: fl.problems}
	if result.Problems == nil {
		result.Problems = []Problem{}
	}
	s.root.walk(func(c *cell) {
		if c.relevant && c.item.Kind == form.Question {
			result.Relevant = append(result.Relevant, c.spoken())
		}
	})
	result.Complete = len(result.Problems) == 0
	return result, nil
}

// filler gives nested answers to a session.
type filler struct {
	s        *Session
	language string
	progress bool
	done     map[*cell]any     // answers given to the session, or found wrong
	wrong    map[*cell]Problem // answers the session could not take
	sized    map[*cell]bool    // repeats without repeat_count that got the instances the answers have
	problems []Problem
}

// fill gives what can be given now below a group or an instance.
func (fl *filler) fill(group *cell, answers map[string]any) {
	for _, item := range group.item.Children {
		given, ok := answers[item.Name]
		if !ok || given == nil {
			continue
		}
		c := &group.frame.cells[fl.s.layout.places[item.Index].at]
		switch item.Kind {
		case form.Group:
			if object, ok := given.(map[string]any); ok {
				fl.fill(c, object)
			}
		case form.Repeat:
			if list, ok := given.([]any); ok {
				fl.fillRepeat(c, list)
			}
		default:
			if _, done := fl.done[c]; !done && c.relevant {
				fl.done[c], fl.progress = given, true
				fl.give(c, given)
			}
		}
	}
}

func (fl *filler) fillRepeat(c *cell, list []any) {
	if c.item.RepeatCount == nil && c.relevant && !fl.sized[c] {
		fl.sized[c], fl.progress = true, true
		for n := len(c.holder.live); n > len(list); n-- {
			if _, err := fl.s.RemoveInstance(c.holder.live[n-1].path); err != nil {
				break
			}
		}
		for n := len(c.holder.live); n < len(list); n++ {
			if _, _, err := fl.s.AddInstance(c.where()); err != nil {
				break
			}
		}
	}
	for i := 0; i < len(list) && i < len(c.holder.live); i++ {
		if object, ok := list[i].(map[string]any); ok {
			fl.fill(&c.holder.live[i].cells[0], object)
		}
	}
}

// give hands an answer to the session, or remembers why not.
func (fl *filler) give(c *cell, given any) {
	v, err := valueOf(c.item, given)
	if err != nil {
		fl.wrong[c] = Problem{c.spoken(), "kind", err.Error()}
		return
	}
	if unseen(c.item) {
		fl.preset(c, v)
		return
	}
	if c.item.Type.Select() && !v.IsZero() {
		for _, name := range choiceNames(v) {
			if !fl.s.offers(c, name) {
				fl.wrong[c] = Problem{c.spoken(), "choice", fl.notOffered(c, name)}
				return
			}
		}
	}
	if _, err := fl.s.Set(c.where(), v); err != nil {
		problem := Problem{c.spoken(), "kind", err.Error()}
		var wrong *AnswerError
		if errors.As(err, &wrong) {
			problem.Kind, problem.Message = wrong.Kind, wrong.Reason
		}
		fl.wrong[c] = problem
	}
}

// preset takes what the device recorded or what was calculated once, as it was. Other calculations are the form's affair.
func (fl *filler) preset(c *cell, v record.Value) {
	if c.item.Type.Metadata() || fl.s.layout.places[c.item.Index].passing {
		fl.s.store(c, v)
		fl.s.settle()
		fl.s.finish()
	}
}

// notOffered says why a choice cannot be taken, and which can.
func (fl *filler) notOffered(c *cell, name string) string {
	why := fmt.Sprintf("%q is no choice of this question", name)
	if list := c.item.List; list != nil {
		why = fmt.Sprintf("%q is no choice of list %s", name, list.Name)
		if _, there := list.Choice(name); there {
			why = fmt.Sprintf("The choice %q of list %s is not offered here, as other answers stand", name, list.Name)
		}
	}
	return why + ": " + fl.s.namesOffered(c)
}

// maxNamed is how many choices a message names.
const maxNamed = 12

// namesOffered says which choices are offered.
func (s *Session) namesOffered(c *cell) string {
	offered := s.Choices(c.where())
	var names []string
	for _, choice := range offered[:min(maxNamed, len(offered))] {
		names = append(names, choice.Name)
	}
	switch more := len(offered) - len(names); {
	case len(offered) == 0:
		return "nothing is offered, as other answers or the files that came with the form stand."
	case more > 0:
		return fmt.Sprintf("offered are %s and %d more.", strings.Join(names, ", "), more)
	}
	return "offered are " + strings.Join(names, ", ") + "."
}

// check adds the session's own problems. Where an answer was found wrong already, that it is missing says nothing new.
func (fl *filler) check() {
	for _, p := range fl.s.Problems(fl.language) {
		c := fl.s.find(p.Path, false)
		if _, wrong := fl.wrong[c]; wrong {
			continue
		}
		if p.Message == "" {
			p.Message = fl.plainly(c, p.Kind)
		}
		p.Path = c.spoken()
		fl.problems = append(fl.problems, p)
	}
}

// plainly is what is said where the form says nothing.
func (fl *filler) plainly(c *cell, kind string) string {
	switch {
	case kind == "required":
		return "An answer is required here: give one."
	case kind == "constraint" && c.item.Type == form.TypeRange && !within(c):
		return fmt.Sprintf("The answer must lie between %s and %s.", c.item.Parameters["start"], c.item.Parameters["end"])
	case kind == "constraint":
		return fmt.Sprintf("The answer breaks the constraint %s: correct it.", c.item.Constraint)
	case kind == "choice":
		return "The answer is not among the choices: " + fl.s.namesOffered(c)
	case kind == "kind":
		return "The answer is of the wrong kind for this question: give another."
	}
	return "This is wrong: correct it."
}
