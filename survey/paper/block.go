package paper

import (
	"strings"

	"vereda/survey/form"
	"vereda/survey/phrase"
	"vereda/survey/xpath"
)

// block is an item as it stands on the page.
type block struct {
	Item     *form.Item
	Number   string
	Kind     string // "section", "repeat", "question", "note", "computed"
	Depth    int    // of sections around it
	Star     bool   // always required
	Labels   []said
	Hints    []said
	Guidance []said
	Rules    []rule
	Answer   answer
	Children []*block
}

// said is a phrase in one of the questionnaire's languages.
type said struct {
	Tongue int // index in Questionnaire.tongues
	Tag    string
	Lang   string
	Only   bool   // the questionnaire has one language
	Lead   string // of a rule: "Ask only if"
	Phrase phrase.Phrase
}

// rule is a sentence about a question, in each language.
type rule struct {
	Key  string
	Said []said
}

// blocks sets the children of an item.
func (q *Questionnaire) blocks(parent *form.Item, depth int) []*block {
	var list []*block
	for _, i := range parent.Children {
		if i.Kind != form.Question || !i.Type.Metadata() {
			list = append(list, q.block(i, depth))
		}
	}
	return list
}

func (q *Questionnaire) block(i *form.Item, depth int) *block {
	b := &block{Item: i, Number: q.numbers.Of(i), Kind: kindOf(i), Depth: depth}
	b.Labels, b.Hints, b.Guidance = q.say(i, i.Label), q.say(i, i.Hint), q.say(i, i.Guidance)
	b.Star = constant(i.Required, "true")
	b.Rules = q.rules(i)
	if i.Kind == form.Question {
		b.Answer = q.answer(i)
	}
	b.Children = q.blocks(i, depth+1)
	return b
}

func kindOf(i *form.Item) string {
	switch {
	case i.Kind == form.Repeat:
		return "repeat"
	case i.Kind == form.Group:
		return "section"
	case i.Type == form.TypeNote:
		return "note"
	case !i.Type.Shown() || unseen(i):
		return "computed"
	}
	return "question"
}

// say says a text in each of the languages that have it; in the first if none has.
func (q *Questionnaire) say(i *form.Item, text form.Text) []said {
	if text.IsZero() {
		return nil
	}
	var list []said
	for n, t := range q.tongues {
		if text.Has(t.Name) {
			list = append(list, q.said(n, t.speaker.Text(i, text)))
		}
	}
	if len(list) == 0 {
		list = []said{q.said(0, q.tongues[0].speaker.Text(i, text))}
	}
	return list
}

func (q *Questionnaire) said(n int, p phrase.Phrase) said {
	t := q.tongues[n]
	return said{Tongue: n, Tag: t.Tag, Lang: t.Lang, Only: len(q.tongues) == 1, Phrase: p}
}

func (s said) led(lead string) said {
	s.Lead = lead
	return s
}

// speak says a rule in the languages that have words for it; in English, with the first language's labels, if none has.
func (q *Questionnaire) speak(key string, tell func(tongue) phrase.Phrase) rule {
	r := rule{Key: key}
	for n, t := range q.tongues {
		if t.own {
			r.Said = append(r.Said, q.said(n, tell(t)).led(t.words.Say(key)))
		}
	}
	if len(r.Said) == 0 {
		t := q.tongues[0]
		s := q.said(0, tell(t)).led(t.words.Say(key))
		s.Only, s.Lang, s.Tongue = true, t.words.Language(), -1
		r.Said = []said{s}
	}
	return r
}

// rules says all rules of an item.
func (q *Questionnaire) rules(i *form.Item) []rule {
	var list []rule
	condition := func(key string, e *xpath.Expr) {
		if e != nil && !constant(e, "true") && !constant(e, "false") {
			list = append(list, q.speak(key, func(t tongue) phrase.Phrase { return t.speaker.Condition(i, e) }))
		}
	}
	value := func(key string, e *xpath.Expr) {
		if e != nil {
			list = append(list, q.speak(key, func(t tongue) phrase.Phrase { return t.speaker.Value(i, e) }))
		}
	}
	if constant(i.Relevant, "false") {
		list = append(list, q.plain("ask.never"))
	}
	condition("ask."+kindOf(i), i.Relevant)
	if i.HasAppearance("vereda-connectivity") {
		list = append(list, q.plain("measured"))
	}
	value("repeat.as", i.RepeatCount)
	if tell := q.flag(i); tell != nil {
		list = append(list, q.speak("holds.if", tell))
	} else {
		value("computed", i.Calculation)
	}
	list = append(list, q.actions(i)...)
	if r := q.filter(i); len(r.Said) > 0 && r.Said[0].Phrase != nil {
		list = append(list, r)
	}
	if i.Parameters["randomize"] == "true" {
		list = append(list, q.plain("choices.random"))
	}
	condition("accept.if", i.Constraint)
	if !i.ConstraintMessage.IsZero() {
		list = append(list, q.message(i))
	}
	condition("required.if", i.Required)
	if i.KindOf() != 0 {
		if constant(i.ReadOnly, "true") && i.Calculation == nil {
			list = append(list, q.plain("fixed"))
		}
		condition("fixed.if", i.ReadOnly)
	}
	value("starts.with", i.Default)
	if i.DefaultText != "" {
		list = append(list, q.speak("starts.with", func(t tongue) phrase.Phrase { return q.startText(t, i) }))
	}
	return append(list, q.media(i)...)
}

// filter says which choices are offered; nothing when all are.
func (q *Questionnaire) filter(i *form.Item) rule {
	if i.ChoiceFilter == nil {
		return rule{}
	}
	key := "choices.where"
	if !phrase.Listed(i) {
		key = "choices.from"
	}
	return q.speak(key, func(t tongue) phrase.Phrase { return t.speaker.Choices(i, i.ChoiceFilter) })
}

// flag tells when a calculation that is 1 or 0 is 1; nil for any other.
func (q *Questionnaire) flag(i *form.Item) func(tongue) phrase.Phrase {
	if _, ok := q.tongues[0].speaker.Flag(i); !ok {
		return nil
	}
	return func(t tongue) phrase.Phrase {
		p, _ := t.speaker.Flag(i)
		return p
	}
}

// plain is a rule that its lead says all of.
func (q *Questionnaire) plain(key string) rule {
	return q.speak(key, func(tongue) phrase.Phrase { return nil })
}

// message is what is said of an answer that is not accepted.
func (q *Questionnaire) message(i *form.Item) rule {
	r := rule{Key: "otherwise"}
	for _, s := range q.say(i, i.ConstraintMessage) {
		r.Said = append(r.Said, s.led(q.tongues[s.Tongue].words.Say("otherwise")))
	}
	return r
}

// actions says what answering another question, or the beginning of the interview, sets.
func (q *Questionnaire) actions(i *form.Item) []rule {
	var list []rule
	for _, a := range q.form.Actions {
		if a.Target != i {
			continue
		}
		key := map[form.Event]string{form.FirstLoad: "set.first", form.Load: "set.load", form.NewRepeat: "set.repeat", form.ValueChanged: "set.changed"}[a.Event]
		list = append(list, q.speak(key, func(t tongue) phrase.Phrase {
			p := deed(t, a)
			if a.Event == form.ValueChanged && a.From != nil {
				p = append(append(t.speaker.Reference(a.From), phrase.Piece{Words: ": "}), p...)
			}
			return p
		}))
	}
	return list
}

// deed says what an action gives.
func deed(t tongue, a form.Action) phrase.Phrase {
	switch {
	case a.Does == form.TakePosition:
		return phrase.Phrase{{Words: t.words.Say("does.position")}}
	case a.Does == form.RecordSound:
		return phrase.Phrase{{Words: t.words.Say("does.sound")}}
	case a.Value != nil:
		return t.speaker.Value(a.Target, a.Value)
	}
	return phrase.Phrase{{Words: "«" + a.Text + "»"}}
}

// startText says a default that is written in the form: choices by their labels.
func (q *Questionnaire) startText(t tongue, i *form.Item) phrase.Phrase {
	if i.List == nil {
		return phrase.Phrase{{Words: "«" + i.DefaultText + "»"}}
	}
	var labels []string
	for _, name := range strings.Fields(i.DefaultText) {
		label := name
		if c, ok := i.List.Choice(name); ok && !c.Label.IsZero() {
			label = phrase.Short(c.Label.Plain(t.Name, q.form.DefaultLanguage), 60)
		}
		labels = append(labels, "«"+label+"»")
	}
	return phrase.Phrase{{Words: strings.Join(labels, ", ")}}
}

// media names the pictures and sounds that belong to a question.
func (q *Questionnaire) media(i *form.Item) []rule {
	var list []rule
	for _, kind := range []string{"image", "big-image", "audio", "video"} {
		text, ok := i.Media[kind]
		if !ok || text.IsZero() {
			continue
		}
		r := rule{Key: "media." + kind}
		for _, s := range q.say(i, text) {
			r.Said = append(r.Said, s.led(q.tongues[s.Tongue].words.Say(r.Key)))
		}
		list = append(list, r)
	}
	return list
}

// constant reports whether an expression is true() or false(), as want says.
func constant(e *xpath.Expr, want string) bool {
	if e == nil {
		return false
	}
	t := e.Tree("", "")
	return t.Kind == xpath.CallTree && t.Text == want && len(t.Args) == 0
}
