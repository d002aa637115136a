// Package replay runs a form on a list of acts and tells the state after each: a bug that can be sent, or a test.
//
// Acts and states are written as JSON, one a line. Questions are named by element path with the numbers of instances, counted from 1:
// "/data/grp_c/roster[2]/m_age".
package replay

import (
	"fmt"
	"maps"
	"strings"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
)

// Node is the state of a question, group or repeat instance.
type Node struct {
	V        *string `json:"v"` // as ODK writes it, "" for none; null for groups and instances
	Relevant bool    `json:"relevant"`
	Required bool    `json:"required"`
	Enabled  bool    `json:"enabled"` // not read-only
}

// State is what there is after an act: with Changes, what became different; what disappeared is in Gone.
type State struct {
	Set  map[string]Node `json:"set"`
	Gone []string        `json:"gone"`
}

// Outcome is an act and what came of it.
type Outcome struct {
	Op       string              `json:"op"` // "load" for the first, which follows no act
	Ref      *string             `json:"ref,omitempty"`
	Value    *string             `json:"value,omitempty"`
	Result   string              `json:"result,omitempty"`   // "answer", "validate": "OK", "CONSTRAINT_VIOLATED", "REQUIRED_BUT_EMPTY"
	Event    string              `json:"event,omitempty"`    // "next": "question", "group", "repeat", "prompt_new_repeat", "end"
	Choices  []string            `json:"choices,omitempty"`  // "choicesOf"
	Labels   []string            `json:"labels,omitempty"`   // "choicesOf", in the language spoken
	Label    string              `json:"label,omitempty"`    // "next", in the language spoken
	Problems []interview.Problem `json:"problems,omitempty"` // "validate": paths are references
	Error    string              `json:"error,omitempty"`    // why the act was not possible, and nothing changed; of "load": why ODK Collect does not open the form
	State    *State              `json:"state,omitempty"`
}

// Player runs one form.
type Player struct {
	form     *form.Form
	env      interview.Env
	session  *interview.Session
	language string
	at       string // where the enumerator stands: a key of the walk; "" before the beginning
	known    map[string]Node
	changes  bool
}

// Start begins an interview. With changes, outcomes tell what became different only. With Env.Walked, instances that the form counts are made, and choices
// offered no longer dropped, as the acts come by: "next" and "choicesOf", as in ODK Collect.
func Start(f *form.Form, env interview.Env, changes bool) (*Player, Outcome, error) {
	s, err := interview.Start(f, env)
	if err != nil {
		return nil, Outcome{}, err
	}
	p := &Player{form: f, env: env, session: s, language: f.DefaultLanguage, known: map[string]Node{}, changes: changes}
	return p, Outcome{Op: "load", State: p.state(), Error: p.trouble()}, nil
}

// trouble says which rule of the form could not be evaluated; "" for none.
func (p *Player) trouble() string {
	for _, problem := range p.session.Problems(p.language) {
		if problem.Kind == "rule" {
			return fmt.Sprintf("%s: %s", p.ref(problem.Path), problem.Message)
		}
	}
	return ""
}

// Session is the session that runs.
func (p *Player) Session() *interview.Session { return p.session }

// Do does an act. What is impossible is told in the outcome's Error.
func (p *Player) Do(a Act) Outcome {
	out := Outcome{Op: a.Op, Value: a.Value}
	if a.Ref != "" {
		out.Ref = &a.Ref
	}
	if err := p.do(a, &out); err != nil {
		out.Error = err.Error()
	}
	out.State = p.state()
	return out
}

func (p *Player) do(a Act, out *Outcome) error {
	switch a.Op {
	case "answer":
		return p.answer(a, out)
	case "next":
		return p.next(a, out)
	case "newRepeat":
		return p.newRepeat(a)
	case "removeRepeat":
		return p.removeRepeat(a)
	case "setLanguage":
		return p.setLanguage(a)
	case "newInstance":
		return p.newInstance()
	case "answerOf":
		return p.answerOf(a, out)
	case "choicesOf":
		return p.choicesOf(a, out)
	case "validate":
		p.validate(out)
		return nil
	case "load":
		return p.load(a)
	}
	return fmt.Errorf("there is no act %q; write one of: %s", a.Op, strings.Join(Ops, ", "))
}

// newInstance begins a new interview; the one at hand is the one that was saved last.
func (p *Player) newInstance() error {
	if p.form.External[form.LastSavedID] != "" {
		p.session.Touch()
		answers, _ := p.session.Answers(true)
		files := maps.Clone(p.env.Files)
		if files == nil {
			files = map[string][]byte{}
		}
		files[form.LastSaved] = p.form.Saved(answers)
		p.env.Files = files
	}
	s, err := interview.Start(p.form, p.env)
	if err == nil {
		p.begin(s)
	}
	return err
}

func (p *Player) setLanguage(a Act) error {
	if a.Value == nil {
		return fmt.Errorf("setLanguage needs a language as value")
	}
	for _, l := range p.form.Languages {
		if l.Name == *a.Value || l.Code == *a.Value {
			p.language = l.Name
			p.session.Speak(l.Name)
			return nil
		}
	}
	return fmt.Errorf("the form does not speak %s", *a.Value)
}

// begin runs another session, in the language spoken.
func (p *Player) begin(s *interview.Session) {
	p.session, p.at = s, ""
	if p.language != p.form.DefaultLanguage {
		s.Speak(p.language)
	}
}

// validate tells all problems, and of the first what and where it is.
func (p *Player) validate(out *Outcome) {
	p.session.Touch()
	out.Result = "OK"
	out.Problems = p.session.Problems(p.language)
	for n := range out.Problems {
		out.Problems[n].Path = record.Path(p.ref(out.Problems[n].Path))
	}
	if len(out.Problems) == 0 {
		return
	}
	ref := string(out.Problems[0].Path)
	out.Ref, out.Result = &ref, "CONSTRAINT_VIOLATED"
	if out.Problems[0].Kind == "required" {
		out.Result = "REQUIRED_BUT_EMPTY"
	}
}

// answer gives an answer, or takes it back. As in JavaRosa, one that the question's constraint rejects is not taken. (The field app keeps it, and names it as a problem: what
// somebody typed is not lost.)
func (p *Player) answer(a Act, out *Outcome) error {
	path, err := p.path(a.Ref)
	if err != nil {
		return err
	}
	i, ok := p.form.Item(path.Generic())
	if !ok || i.Kind != form.Question {
		return fmt.Errorf("%s is no question", a.Ref)
	}
	var v record.Value
	if a.Value != nil && *a.Value != "" {
		if v, err = record.New(i.KindOf(), *a.Value); err != nil {
			return err
		}
	}
	if !p.session.ReadOnly(path) && !p.session.Accepts(path, v) {
		p.at, out.Result = p.ref(path), "CONSTRAINT_VIOLATED"
		return nil
	}
	if _, err = p.session.Set(path, v); err != nil {
		return err
	}
	p.at, out.Result = p.ref(path), "OK"
	return nil
}

// newRepeat adds an instance. One that is there already, because the form counts, is left alone.
func (p *Player) newRepeat(a Act) error {
	ref := a.Ref
	if open := strings.LastIndexByte(ref, '['); open >= 0 && strings.HasSuffix(ref, "]") && !strings.Contains(ref[open:], "/") {
		if path, err := p.path(ref); err == nil && path.IsInstance() {
			p.at = p.ref(path)
			return nil
		}
		ref = ref[:open]
	}
	path, err := p.path(ref)
	if err != nil {
		return err
	}
	if next := fmt.Sprintf("%s[%d]", ref, len(p.session.Instances(path))+1); ref != a.Ref && next != a.Ref {
		return fmt.Errorf("the next instance is %s", next)
	}
	made, _ := p.session.Reach(path)
	if made == "" {
		made, _, err = p.session.AddInstance(path)
	}
	if err == nil {
		p.at = p.ref(made)
	}
	return err
}

func (p *Player) removeRepeat(a Act) error {
	path, err := p.path(a.Ref)
	if err != nil {
		return err
	}
	_, err = p.session.RemoveInstance(path)
	p.at = strings.TrimSuffix(a.Ref, "/")
	return err
}

func (p *Player) answerOf(a Act, out *Outcome) error {
	path, err := p.path(a.Ref)
	if err != nil {
		return err
	}
	out.Value = nil
	if v := p.session.Value(path); !v.IsZero() {
		text := v.String()
		out.Value = &text
	}
	return nil
}

func (p *Player) choicesOf(a Act, out *Outcome) error {
	path, err := p.path(a.Ref)
	if err != nil {
		return err
	}
	i, ok := p.form.Item(path.Generic())
	if !ok || !i.Type.Select() {
		return fmt.Errorf("%s offers no choices", a.Ref)
	}
	p.session.Look(path)
	out.Choices, out.Labels = []string{}, []string{}
	for _, c := range p.session.Choices(path) {
		out.Choices = append(out.Choices, c.Name)
		out.Labels = append(out.Labels, p.session.Text(c.Label, path, p.language))
	}
	return nil
}
