package field

import (
	"slices"
	"strings"

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
	visible(c.clear, !s.Value.IsZero() && !s.Required && !s.ReadOnly && s.Type != form.TypeSelectMultiple && s.arranged() != labels)
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
	if picked := selected(c.state); len(picked) > 0 {
		for i, code := range picked {
			picked[i] = c.state.labelOf(code)
		}
		face, words = look.Chosen, strings.Join(picked, "  ·  ")
	}
	c.chosen.SetMarkup(words)
	c.opener.SetFace(face)
}

// tap returns what a row does when it is tapped; nil when nothing may be answered.
func (c *choices) tap(act func()) func() {
	if c.state.ReadOnly {
		return nil
	}
	return act
}

// addRows makes a tile for each choice and sets them as the form wants them.
func (c *choices) addRows() {
	many, kind := c.state.Type == form.TypeSelectMultiple, c.state.arranged()
	if kind == labels {
		c.column.Add(c.headings())
		return
	}
	widest := float32(0)
	objects := make([]look.Object, len(c.offer))
	for i, choice := range c.offer {
		code := choice.Code
		r := c.maker(kind)("choice:"+c.state.Name+":"+code, choice, many, c.tap(func() { c.picked(code) }))
		c.rows, objects[i] = append(c.rows, r), r
		widest = max(widest, r.natural())
	}
	switch n := c.state.columns(); {
	case kind == marks:
		c.column.Add(newStrip(4, objects...))
	case kind == inStrip:
		c.column.Add(look.NewEvenAtLeast(4, c.longest()+2*look.Margin+4, objects...))
	case n > 1:
		c.column.Add(grid(n, 8, objects))
	case kind == inColumns && n == 0:
		c.column.Add(look.NewEvenAtLeast(8, min(widest, widestChoice), objects...))
	default:
		c.column.Objects = append(c.column.Objects, objects...)
	}
}

// longest is the width of the longest word of a label: a strip breaks into rows before it breaks a word.
func (c *choices) longest() float32 {
	widest := float32(markSize)
	for _, choice := range c.offer {
		for word := range strings.FieldsSeq(look.Unmark(choice.Label)) {
			widest = max(widest, look.NewText(word, look.SizeSmall, look.Ink).Natural())
		}
	}
	return min(widest, widestChoice)
}

// widestChoice is the width beyond which a label in columns wraps.
const widestChoice = 250

// maker returns what makes the tile of a choice.
func (c *choices) maker(kind arrangement) func(string, Choice, bool, func()) *row {
	switch {
	case kind == inStrip:
		return newTower
	case kind == marks:
		return newMarkOnly
	case c.state.looks("no-buttons"):
		return newBareRow
	}
	return newRow
}

// headings are the labels of the choices, beside each other.
func (c *choices) headings() look.Object {
	var objects []look.Object
	for _, choice := range c.offer {
		label := look.NewText("", look.SizeSmall, look.Ink).Centered()
		label.SetMarkup(choice.Label)
		objects = append(objects, look.NewInset(4, 0, label))
	}
	return newStrip(4, objects...)
}

func (c *choices) picked(code string) {
	if c.state.Type == form.TypeSelectOne {
		c.emit(Event{Answered, record.NewText(code)})
		return
	}
	c.emit(Event{Answered, toggled(c.state, code)})
}

// toggled is the answer of a select multiple after one of its choices was tapped: in the order of the list.
func toggled(s State, code string) record.Value {
	picked := selected(s)
	var next []string
	for _, choice := range s.Choices {
		if slices.Contains(picked, choice.Code) != (choice.Code == code) {
			next = append(next, choice.Code)
		}
	}
	return record.NewChoices(next)
}
