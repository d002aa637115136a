package field

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/record"
	"vereda/survey/words"
)

// mostStars is how many stars stand beside each other at most; of more, the numbers stand there.
const mostStars = 10

// rating is the answerer of a range that is answered with stars: as many as were tapped.
type rating struct {
	tiles  []*step
	filled []look.Object
	clear  *look.Tile
	column *fyne.Container
}

func newRating(say words.Words, s State, emit func(Event)) *rating {
	r := &rating{}
	var objects []look.Object
	for _, number := range s.Scale {
		v, err := record.New(s.Kind, number)
		if err != nil {
			continue // the form's reader lets no such number through
		}
		full := look.NewIcon(starFull, 34, look.Brand)
		content := look.NewColumn(2, container.NewStack(look.NewIcon(starEmpty, 34, look.Muted), full), look.NewText(number, look.SizeSmall, look.Muted).Centered())
		tile := &step{look.NewTile("choice:"+s.Name+":"+number, number, look.Plain, content, func() { emit(Event{Answered, v}) }), v}
		r.tiles, r.filled, objects = append(r.tiles, tile), append(r.filled, full), append(objects, tile)
	}
	r.clear = look.NewButton("clear:"+s.Name, say.Say("field.clear"), theme.ContentClearIcon(), look.Bare, func() { emit(Event{Act: Answered}) })
	r.column = look.NewColumn(8, look.NewEvenAtLeast(6, 62, objects...), r.clear)
	return r
}

func (r *rating) object() look.Object { return r.column }

func (r *rating) show(s State) {
	on := !s.Value.IsZero()
	for i, t := range r.tiles {
		visible(r.filled[i], on)
		face := look.Plain
		if t.value == s.Value {
			face, on = look.Chosen, false
		}
		t.SetFace(face)
		t.Disable(s.ReadOnly)
	}
	visible(r.clear, !s.Value.IsZero() && !s.ReadOnly)
}
