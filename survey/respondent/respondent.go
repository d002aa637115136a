// Package respondent answers interviews by chance: valid, plausible, and the same again from the same seed. Simulations and tests interview it
// where there are no people.
package respondent

import (
	"fmt"
	"math/rand"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
)

// Respondent is somebody to be interviewed. The zero value, but for Random, answers everything it must and most of what it may.
type Respondent struct {
	Random *rand.Rand
	Likely map[record.Path]record.Value // by generic path: what it says 99 times of 100 where the form lets it
	Skip   float64                      // how often it leaves an optional question open, 0 to 1
	Most   int                          // most instances it adds to a repeat without repeat_count; 0: 4
	Tries  int                          // how many answers it tries before it gives a question up; 0: 60
	Keep   func(interview.Change) error // told each change, to be kept; nil: nobody

	moved bool // an act made questions appear or disappear
}

// StuckError says that no answer tried was valid: the form may have no valid answer there.
type StuckError struct {
	Path    record.Path
	Problem interview.Problem // of the last answer tried
}

func (e *StuckError) Error() string {
	return fmt.Sprintf("respondent: found no valid answer to %s (%s %s)", e.Path, e.Problem.Kind, e.Problem.Message)
}

// Household returns what an interview of the built-in questionnaire needs to be completed: somebody is there, agrees, and the
// result is "complete". Other forms have no such questions and are not touched by it.
func Household() map[record.Path]record.Value {
	return map[record.Path]record.Value{
		"grp_a/v_contact": record.NewText("available"),
		"grp_b/b_consent": record.NewText("1"),
		"grp_j/j_avail":   record.NewText("present"),
		"grp_j/p_consent": record.NewText("1"),
		"grp_z/z_result":  record.NewText("complete"),
	}
}

// Respond answers a whole interview, page by page, as a member of a household would: keep is told each change and may stop it with an
// error. Afterwards the session has no problems.
func Respond(s *interview.Session, random *rand.Rand, keep func(interview.Change) error) error {
	r := Respondent{Random: random, Likely: Household(), Skip: 0.1, Keep: keep}
	return r.Interview(s)
}

// Interview answers all that is asked, in the order of the pages, until nothing is left. Its errors are *StuckError and those of Keep.
func (r *Respondent) Interview(s *interview.Session) error {
	answered := map[record.Path]bool{}
	for {
		left := stops(s, answered)
		if len(left) == 0 {
			return r.mend(s)
		}
		r.moved = false
		for _, stop := range left {
			answered[stop.path] = true
			if err := r.answerAt(s, stop); err != nil {
				return err
			}
			if r.moved {
				break // other questions are asked now
			}
		}
	}
}

// stop is a question, or a repeat's list of instances, that is to be seen to.
type stop struct {
	path  record.Path
	item  *form.Item
	lists bool
}

// stops lists what was not yet seen to, in the order of the pages.
func stops(s *interview.Session, answered map[record.Path]bool) []stop {
	var left []stop
	for _, page := range s.Pages() {
		if page.Lists() && !answered[page.Path] {
			left = append(left, stop{page.Path, page.Item, true})
		}
		for _, q := range page.Items {
			if answered[q] {
				continue
			}
			if item, ok := s.Form().Item(q.Generic()); ok {
				left = append(left, stop{q, item, false})
			}
		}
	}
	return left
}

func (r *Respondent) answerAt(s *interview.Session, at stop) error {
	if at.lists {
		return r.visit(s, at.path)
	}
	return r.answer(s, at.path, at.item)
}

// mend answers anew what later answers made wrong, a few times.
func (r *Respondent) mend(s *interview.Session) error {
	for round := 0; ; round++ {
		problems := s.Problems("")
		if len(problems) == 0 {
			return nil
		}
		first := problems[0]
		item, ok := s.Form().Item(first.Path.Generic())
		if !ok || round == 20 {
			return &StuckError{first.Path, first}
		}
		if err := r.answer(s, first.Path, item); err != nil {
			return err
		}
	}
}

// visit adds instances to a repeat as chance has it.
func (r *Respondent) visit(s *interview.Session, repeat record.Path) error {
	most := r.Most
	if most == 0 {
		most = 4
	}
	for n := r.Random.Intn(most + 1); len(s.Instances(repeat)) < n; {
		_, change, err := s.AddInstance(repeat)
		if err != nil {
			return err
		}
		if err := r.keep(change); err != nil {
			return err
		}
	}
	return nil
}

// answer tries answers until one stands. A default stands half of the time.
func (r *Respondent) answer(s *interview.Session, p record.Path, item *form.Item) error {
	if item.KindOf() == 0 || s.ReadOnly(p) {
		return nil
	}
	if !s.Value(p).IsZero() && len(s.Check(p, "")) == 0 && r.Random.Intn(2) == 0 {
		return nil
	}
	if !s.Required(p) && r.Random.Float64() < r.Skip {
		return r.give(s, p, record.Value{})
	}
	tries := r.Tries
	if tries == 0 {
		tries = 60
	}
	var problem interview.Problem
	for n := range tries {
		v := r.propose(s, p, item, n)
		if err := r.give(s, p, v); err != nil {
			return err
		}
		problems := s.Check(p, "")
		if len(problems) == 0 {
			return nil
		}
		problem = problems[0]
	}
	if err := r.give(s, p, record.Value{}); err != nil {
		return err
	}
	if len(s.Check(p, "")) == 0 {
		return nil
	}
	return &StuckError{p, problem}
}

// give sets an answer and has it kept.
func (r *Respondent) give(s *interview.Session, p record.Path, v record.Value) error {
	change, err := s.Set(p, v)
	if err != nil {
		return err
	}
	return r.keep(change)
}

func (r *Respondent) keep(c interview.Change) error {
	r.moved = r.moved || len(c.Relevant) > 0
	if r.Keep == nil {
		return nil
	}
	return r.Keep(c)
}
