package screen

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"

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
		Label: s.Text(item.Label, path, language), Hint: s.Text(item.Hint, path, language), Guidance: s.Text(item.Guidance, path, language),
		Media:    p.media(item.Media, path),
		Required: s.Required(path), ReadOnly: s.ReadOnly(path),
		Appearance: appearance(item),
		Value:      s.Value(path), Problem: p.problem(path),
	}
	if item.Type.Select() {
		for _, c := range s.Choices(path) {
			state.Choices = append(state.Choices, field.Choice{Code: c.Name, Label: p.choiceLabel(c, path), Picture: p.shownImage(c.Media, path)})
		}
	}
	if kept, given := p.c.marks[path]; given && !p.garbled[path] {
		state.Mark = field.NotKept
		if kept {
			state.Mark = field.Kept
		}
	}
	p.particulars(item, &state)
	return state
}

// particulars fills in what only questions of one type show.
func (p *interviewPage) particulars(item *form.Item, state *field.State) {
	switch item.Type {
	case form.TypeRange:
		state.Scale = scaleOf(item.Parameters)
		state.Bounds = field.Bounds{From: cmp.Or(item.Parameters["start"], "1"), To: cmp.Or(item.Parameters["end"], "10"), Step: cmp.Or(item.Parameters["step"], "1")}
	case form.TypeText:
		state.Rows, _ = strconv.Atoi(item.Parameters["rows"])
	case form.TypeGeopoint, form.TypeGeotrace, form.TypeGeoshape:
		state.Locates = p.c.session.Locates()
		state.Measures = measures(state.Value)
	}
	if state.Value.IsZero() || state.Value.Kind() != record.File {
		return
	}
	if item.Type == form.TypeImage {
		state.Picture = p.picture(state.Value.String())
		return
	}
	state.File = p.fileOf(state.Value.String())
}

// appearance is how the form wants a question to look; selects of a table-list look as those of a list do, each with its labels, so that no one
// scrolls back to see what a mark means.
func appearance(item *form.Item) []string {
	if item.Type.Select() && item.Parent != nil && item.Parent.HasAppearance("table-list") && len(item.Appearance) == 0 {
		return []string{"list"}
	}
	return item.Appearance
}

// longScale is how many numbers of a range are counted; of more, one is typed.
const longScale = 1000

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

// quick goes on by itself where the form wants that of a select one and it is alone on its page.
func (p *interviewPage) quick(path record.Path, e field.Event) {
	item, _ := p.form().Item(path.Generic())
	if item == nil || item.Type != form.TypeSelectOne || e.Act != field.Answered || e.Value.IsZero() || len(p.page.Items) != 1 || p.visiting {
		return
	}
	if slices.ContainsFunc(item.Appearance, func(w string) bool { return w == "quick" || len(w) >= 12 && w[:12] == "quickcompact" }) && p.page.Path == path {
		p.forward()
	}
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
