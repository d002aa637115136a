package field

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/record"
	"vereda/survey/words"
)

// longScale is how many numbers of a range stand beside each other; of more, one is typed or counted.
const longScale = 21

// scale is the answerer of a range with few steps: a tile for each number.
type scale struct {
	steps  []*step
	clear  *look.Tile
	column *fyne.Container
}

// step is one number of a scale.
type step struct {
	*look.Tile
	value record.Value
}

// Chosen reports whether the number is the answer.
func (s *step) Chosen() bool { return s.Face() == look.Chosen }

func newScale(say words.Words, s State, emit func(Event)) *scale {
	c := &scale{}
	widest := float32(0)
	var objects []look.Object
	for _, number := range s.Scale {
		v, err := record.New(s.Kind, number)
		if err != nil {
			continue // the form's reader lets no such step through
		}
		label := look.NewBold(say.Decimal(number), look.SizeBody+1, look.Ink).Centered()
		widest = max(widest, label.Natural())
		tile := &step{look.NewTile("choice:"+s.Name+":"+number, number, look.Plain, label, func() { emit(Event{Answered, v}) }), v}
		c.steps, objects = append(c.steps, tile), append(objects, tile)
	}
	c.clear = look.NewButton("clear:"+s.Name, say.Say("field.clear"), theme.ContentClearIcon(), look.Bare, func() { emit(Event{Act: Answered}) })
	c.column = look.NewColumn(8, look.NewEvenAtLeast(6, widest+2*look.Margin, objects...), c.clear)
	if s.looks("vertical") {
		slices.Reverse(objects) // the least stands below, as on a thermometer
		c.column = look.NewColumn(6, append(objects, c.clear)...)
	}
	return c
}

func (c *scale) object() look.Object { return c.column }

func (c *scale) show(s State) {
	for _, t := range c.steps {
		face := look.Plain
		if t.value == s.Value {
			face = look.Chosen
		}
		t.SetFace(face)
		t.Disable(s.ReadOnly)
	}
	visible(c.clear, !s.Value.IsZero() && !s.ReadOnly)
}
