package screen

import (
	"cmp"
	"math/big"

	"vereda/fyne-app/field"
	"vereda/survey/form"
	"vereda/survey/record"
)

// state is what a question of the page shows now.
func (p *interviewPage) state(path record.Path) field.State {
	s, language := p.c.session, p.c.info.Language
	item, _ := p.form().Item(path.Generic())
	state := field.State{
		Name: string(path), Type: item.Type, Kind: item.KindOf(),
		Label: s.Text(item.Label, path, language), Hint: s.Text(item.Hint, path, language),
		Required: s.Required(path), ReadOnly: s.ReadOnly(path),
		Multiline: item.HasAppearance("multiline"), Minimal: item.HasAppearance("minimal"),
		Horizontal: item.HasAppearance("horizontal") || item.HasAppearance("horizontal-compact"),
		Value:      s.Value(path), Problem: p.problem(path),
	}
	if item.Type.Select() {
		for _, c := range s.Choices(path) {
			state.Choices = append(state.Choices, field.Choice{Code: c.Name, Label: p.choiceLabel(c, path)})
		}
	}
	if item.Type == form.TypeRange {
		state.Scale = scaleOf(item.Parameters)
	}
	if kept, given := p.c.marks[path]; given && !p.garbled[path] {
		state.Mark = field.NotKept
		if kept {
			state.Mark = field.Kept
		}
	}
	if item.Type == form.TypeImage && !state.Value.IsZero() {
		state.Picture = p.picture(state.Value.String())
	}
	return state
}

// longScale is how many numbers of a range stand beside each other; of more, one is typed.
const longScale = 21

// scaleOf returns the numbers of a range, by XLSForm from 1 to 10 by 1 where it does not say; nil where they are too many. The form's
// reader has checked the parameters.
func scaleOf(parameters map[string]string) []string {
	number := func(name, otherwise string) *big.Rat {
		n, ok := new(big.Rat).SetString(cmp.Or(parameters[name], otherwise))
		if !ok {
			return new(big.Rat)
		}
		return n
	}
	start, end, step := number("start", "1"), number("end", "10"), number("step", "1")
	if step.Sign() == 0 {
		return nil
	}
	if step.Abs(step); start.Cmp(end) > 0 {
		step.Neg(step)
	}
	var steps []string
	for at := start; at.Cmp(end)*step.Sign() <= 0; at = new(big.Rat).Add(at, step) {
		if len(steps) == longScale {
			return nil
		}
		digits, _ := at.FloatPrec()
		steps = append(steps, at.FloatString(digits))
	}
	return steps
}

func (p *interviewPage) choiceLabel(c form.Choice, at record.Path) string {
	if label := p.c.session.Text(c.Label, at, p.c.info.Language); label != "" {
		return label
	}
	return c.Name
}

// problem returns what is wrong with an answer: at once where it breaks a rule, and once somebody wanted to go on where it is missing.
func (p *interviewPage) problem(path record.Path) string {
	if p.garbled[path] {
		if !p.strict {
			return ""
		}
		return p.app.say.Say("problem.garbled")
	}
	for _, problem := range p.c.session.Check(path, p.c.info.Language) {
		if problem.Kind != "required" || p.strict {
			return p.app.problemWords(problem.Kind, problem.Message)
		}
	}
	return ""
}

// problemWords returns the form's own message, or the app's where it has none.
func (a *App) problemWords(kind, message string) string {
	if message != "" {
		return message
	}
	key := "problem." + kind
	if !a.say.Has(key) {
		key = "problem.other"
	}
	return a.say.Say(key)
}
