package field

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/words"
)

// choices is the answerer of select one and select multiple.
type choices struct {
	say    words.Words
	emit   func(Event)
	state  State
	offer  []Choice // what the rows were made of
	rows   []*row
	opener *look.Tile
	chosen *look.Text
	clear  *look.Tile
	column *fyne.Container
}

func newChoices(say words.Words, s State, emit func(Event)) *choices {
	c := &choices{say: say, emit: emit, state: s, column: look.NewColumn(8)}
	c.clear = look.NewButton("clear:"+s.Name, say.Say("field.clear"), theme.ContentClearIcon(), look.Bare, func() { emit(Event{Act: Answered}) })
	c.build()
	return c
}

func (c *choices) object() look.Object { return c.column }

func (c *choices) show(s State) {
	rebuild := !slices.Equal(s.Choices, c.offer) || s.ReadOnly != c.state.ReadOnly
	c.state = s
	if rebuild {
		c.build()
	}
	picked := selected(s)
	for _, r := range c.rows {
		r.choose(slices.Contains(picked, r.code))
	}
	if c.opener != nil {
		c.showChosen()
	}
	visible(c.clear, !s.Value.IsZero() && !s.Required && !s.ReadOnly && s.Type == form.TypeSelectOne)
}

// selected returns the codes that are answered.
func selected(s State) []string {
	if s.Type == form.TypeSelectOne && !s.Value.IsZero() {
		return []string{s.Value.String()}
	}
	return splitCodes(s.Value.String())
}

func (c *choices) build() {
	c.offer, c.rows, c.opener = slices.Clone(c.state.Choices), nil, nil
	c.column.RemoveAll()
	switch {
	case len(c.offer) == 0:
		c.column.Add(look.NewText(c.say.Say("field.no_choices"), look.SizeBody, look.Muted))
	case c.state.listed():
		c.chosen = look.NewText("", look.SizeBody, look.Ink)
		content := look.NewRow(10, 0, c.chosen, look.NewIcon(theme.MenuDropDownIcon(), 28, look.Brand))
		c.opener = look.NewTile("open:"+c.state.Name, "", look.Plain, content, c.tap(func() { c.emit(Event{Act: Choose}) }))
		c.column.Add(c.opener)
	default:
		c.addRows()
	}
	c.column.Add(c.clear)
}

func (c *choices) showChosen() {
	face, words := look.Plain, c.say.Say("field.open_list")
	if !c.state.Value.IsZero() {
		face, words = look.Chosen, c.state.labelOf(c.state.Value.String())
	}
	c.chosen.SetText(words)
	c.opener.SetFace(face)
}

// tap returns what a row does when it is tapped; nil when nothing may be answered.
func (c *choices) tap(act func()) func() {
	if c.state.ReadOnly {
		return nil
	}
	return act
}

func (c *choices) addRows() {
	many := c.state.Type == form.TypeSelectMultiple
	widest := float32(0)
	for _, choice := range c.offer {
		code := choice.Code
		r := newRow("choice:"+c.state.Name+":"+code, choice, many, c.tap(func() { c.picked(code) }))
		c.rows = append(c.rows, r)
		widest = max(widest, r.natural())
	}
	objects := make([]look.Object, len(c.rows))
	for i, r := range c.rows {
		objects[i] = r
	}
	if n := float32(len(objects)); c.state.Horizontal && widest*n+8*(n-1) <= 530 {
		c.column.Add(look.NewEven(8, objects...))
		return
	}
	c.column.Objects = append(c.column.Objects, objects...)
}

func (c *choices) picked(code string) {
	if c.state.Type == form.TypeSelectOne {
		c.emit(Event{Answered, record.NewText(code)})
		return
	}
	picked := selected(c.state)
	var next []string // in the order of the list
	for _, choice := range c.offer {
		if slices.Contains(picked, choice.Code) != (choice.Code == code) {
			next = append(next, choice.Code)
		}
	}
	c.emit(Event{Answered, record.NewChoices(next)})
}
