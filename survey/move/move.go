// Package move takes an open draft from the version of its form that it was begun with to another one. Every answer comes along: to its question, converted
// where the question holds another kind of value now, or aside, where the form has no question for it. A session that goes on with such
// a draft keeps what is aside as strangers (interview.Session.Strangers), and so do its revisions: nothing is dropped.
// docs/session.md says it for people.
package move

import (
	"maps"
	"slices"

	"vereda/survey/change"
	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
)

// Item is an answer that a person gave, and where it went.
type Item struct {
	Old   record.Path
	New   record.Path  // the question that has it now; of what is aside, the path under which it is kept
	Value record.Value // as it was given
	Moved record.Value // as it is now
	Why   string       // of what is aside: a sentence, in English
	Guess bool         // likely, not certain, to be the same question: carried over because a person agreed, or aside because nobody has
}

// Plan is what moving a draft comes to. Nothing of it has happened.
type Plan struct {
	From    record.Answers // what the draft held
	Answers record.Answers // what it holds under the new version, all in all
	Derived map[record.Path]bool

	Carried []Item        // to their questions, in the order of their old paths
	Aside   []Item        // kept, without a question
	Guesses []change.Fate // of questions that have answers: a person should say whether they are the same
	Asked   []record.Path // questions of the new version that are to be asked now: new ones, and those whose answer is aside
}

// Draft plans the move of a draft. answers and derived are what it holds, agreed tells which guesses a person agreed to (nil: none), and env is the world of the
// session that goes on: new questions get their defaults from it. It fails when that world is incomplete.
func Draft(old, new *form.Form, env interview.Env, answers record.Answers, derived map[record.Path]bool, agreed func(change.Fate) bool) (Plan, error) {
	m := mover{report: change.Compare(old, new), form: new, agreed: agreed, old: answers, derived: derived,
		plan: Plan{From: answers, Answers: record.Answers{}, Derived: map[record.Path]bool{}}}
	m.aims()
	m.carry()
	m.setAside()
	return m.resume(env)
}

// mover is a move being planned.
type mover struct {
	report  change.Report
	form    *form.Form
	agreed  func(change.Fate) bool
	old     record.Answers
	derived map[record.Path]bool
	plan    Plan

	rest  []Item               // not carried over
	live  record.Answers       // carried over
	aim   map[record.Path]bool // generic paths of the new form that something of the old one goes to, or could
	asked map[record.Path]bool // generic paths of the new form that should have had an answer and have none
}

// aims notes which questions of the new form are no new ones.
func (m *mover) aims() {
	m.aim, m.asked = map[record.Path]bool{}, map[record.Path]bool{}
	for _, f := range m.report.Fates {
		if f.New != "" {
			m.aim[f.New] = true
		}
	}
}

// carry brings answers to their questions. Paths come sorted, so an instance comes before what it holds.
func (m *mover) carry() {
	guessed := map[record.Path]bool{}
	for _, p := range sorted(m.old) {
		v := m.old[p]
		fate, known := m.report.Fate(p.Generic())
		guess := m.guess(fate)
		if known && fate.Guess && fate.Outcome != change.Dropped && !guessed[guess.Old] {
			guessed[guess.Old] = true
			m.plan.Guesses = append(m.plan.Guesses, guess)
		}
		to, moved, why, ok := m.report.Move(p, v)
		item := Item{Old: p, New: to, Value: v, Moved: moved, Why: why, Guess: fate.Guess}
		switch {
		case !ok:
		case fate.Guess && (m.agreed == nil || !m.agreed(guess)):
			item.Why, ok = "It may be another question now.", false
		case !m.free(to):
			item.Why, ok = "Its place is taken.", false
		}
		if !ok {
			if fate.New != "" {
				m.asked[fate.New] = true
			}
			m.rest = append(m.rest, item)
			continue
		}
		m.put(to, moved, m.derived[p])
		if m.tells(p) {
			m.plan.Carried = append(m.plan.Carried, item)
		}
	}
}

// guess returns what a person is asked about a fate that is a guess: whether the outermost repeat around it is the same, where that is one too.
func (m *mover) guess(f change.Fate) change.Fate {
	for p := f.Old.Parent(); p != ""; p = p.Parent() {
		if around, ok := m.report.Fate(p); ok && around.Guess && around.Outcome != change.Dropped {
			f = around
		}
	}
	return f
}

// free reports whether an answer can go to a path: nothing is there yet, and the instances that it lies in came along.
func (m *mover) free(to record.Path) bool {
	if _, taken := m.plan.Answers[to]; taken {
		return false
	}
	if to.IsInstance() {
		to = to.Parent()
	}
	for i, in := to.Instance(); in; i, in = i.Parent().Instance() {
		if _, there := m.plan.Answers[i]; !there {
			return false
		}
	}
	return true
}

func (m *mover) put(p record.Path, v record.Value, derived bool) {
	m.plan.Answers[p] = v
	if derived {
		m.plan.Derived[p] = true
	}
}

// tells reports whether a person is told of an answer: one that somebody gave.
func (m *mover) tells(p record.Path) bool {
	return !m.derived[p] && m.old[p].Kind() != record.Instance
}

// setAside keeps what was not carried over: at its old path, so that it stays the same answer for a merge, or where that path belongs to another question now,
// under a name that the form does not have.
func (m *mover) setAside() {
	m.live = maps.Clone(m.plan.Answers)
	for _, item := range m.rest {
		item.New, item.Moved = item.Old, item.Value
		for n := 0; !m.strange(item.New); n++ {
			item.New = aside(n, item.Old)
		}
		m.put(item.New, item.Value, m.derived[item.Old])
		for i, in := item.New.Instance(); in; i, in = i.Parent().Instance() {
			m.plan.Answers[i] = record.Exists() // a merge would make it
		}
		if m.tells(item.Old) {
			m.plan.Aside = append(m.plan.Aside, item)
		}
	}
}

// strange reports whether a path belongs to nothing, so that nothing that is done in the form ever touches it: neither to what the form has, nor to
// something that was moved, nor does it lie in one of those that can be removed.
func (m *mover) strange(p record.Path) bool {
	if _, taken := m.plan.Answers[p]; taken || p.Check() != nil {
		return false
	}
	if _, asked := m.form.Item(p.Generic()); asked {
		return false
	}
	for q := p.Parent(); q != ""; q = q.Parent() {
		_, there := m.live[q]
		if i, ok := m.form.Item(q.Generic()); there || ok && i.Kind == form.Question {
			return false
		}
	}
	return true
}

// resume lets a session go on with what was moved, gives new questions their defaults, and tells what is to be asked.
func (m *mover) resume(env interview.Env) (Plan, error) {
	if err := m.giveDefaults(env); err != nil {
		return Plan{}, err
	}
	s, err := interview.Reopen(m.form, env, m.plan.Answers, m.plan.Derived)
	if err != nil {
		return Plan{}, err
	}
	answers, derived := s.Answers(false)
	m.plan.Answers, m.plan.Derived = answers, derived
	for _, page := range s.Pages() {
		for _, p := range page.Items {
			generic := p.Generic()
			if i, _ := m.form.Item(generic); i.KindOf() == 0 || !s.Value(p).IsZero() || s.ReadOnly(p) {
				continue
			}
			if m.asked[generic] || !m.aim[generic] {
				m.plan.Asked = append(m.plan.Asked, p)
			}
		}
	}
	return m.plan, nil
}

// giveDefaults gives questions that the old version did not have what a new interview would begin with. In instances that were there before they
// stay empty.
func (m *mover) giveDefaults(env interview.Env) error {
	s, err := interview.Start(m.form, env)
	if err != nil {
		return err
	}
	answers, derived := s.Answers(false)
	for _, p := range sorted(answers) {
		known := m.aim[p.Generic()]
		for i, in := p.Instance(); in; i, in = i.Parent().Instance() {
			known = known || m.aim[i.Generic()]
		}
		if _, taken := m.plan.Answers[p]; !known && !taken {
			m.put(p, answers[p], derived[p])
		}
	}
	return nil
}

func sorted(answers record.Answers) []record.Path {
	paths := make([]record.Path, 0, len(answers))
	for p := range answers {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}
