package field

import (
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/words"
)

// barcode is the answerer of a code that is typed, or read from a picture of it.
type barcode struct {
	*typed
	pick *look.Tile
	all  look.Object
}

func newBarcode(say words.Words, s State, emit func(Event)) *barcode {
	b := &barcode{typed: newTyped(say, s, emit)}
	b.pick = look.NewButton("pick", say.Say("field.barcode.pick"), theme.FileImageIcon(), look.Quiet, func() { emit(Event{Act: Pick}) })
	b.all = look.NewColumn(10, b.typed.object(), b.pick)
	return b
}

func (b *barcode) object() look.Object { return b.all }

func (b *barcode) show(s State) {
	b.typed.show(s)
	visible(b.pick, !s.ReadOnly)
}
