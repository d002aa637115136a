package look

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Where four do not fit beside each other they stand two by two, then below each other; nothing is cut, nothing grows the window.
func TestEvenTakesAsManyRowsAsItNeeds(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	for _, c := range []struct {
		width   float32
		columns int
	}{{571, 4}, {440, 4}, {411, 2}, {220, 2}, {200, 1}} {
		objects := make([]Object, 4)
		for i := range objects {
			objects[i] = NewCard(Card, NewText("Borradores", SizeSmall, Ink))
		}
		row := NewColumn(0, NewEvenAtLeast(8, 104, objects...))
		row.Resize(fyne.NewSize(c.width, 400))
		first := 0
		for _, o := range objects {
			if o.Position().Y == objects[0].Position().Y {
				first++
			}
			if right := o.Position().X + o.Size().Width; right > c.width+0.1 {
				t.Errorf("%.0f wide: one ends at %.1f", c.width, right)
			}
		}
		last := objects[3].Position().Y + objects[3].Size().Height
		if need := row.MinSize().Height; first != c.columns || last != need {
			t.Errorf("%.0f wide: %d columns, want %d; ends at %.1f and says that it needs %.1f", c.width, first, c.columns, last, need)
		}
	}
}

// Words that wrap make what they stand in higher, and what stands below begins behind it, at the first layout as at any other.
func TestWhatStandsBelowWordsThatWrapBeginsBehindThem(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	for _, width := range []float32{284, 324, 535} {
		cards := make([]Object, 3)
		for i, words := range []string{"Nan santral la", "Sou wout", "Poko voye"} {
			cards[i] = NewCard(Card, NewColumn(0, NewBold("0", SizeFigure, Ink).Centered(), NewText(words, SizeSmall, Muted).Centered()))
		}
		below := NewCard(Card, NewText("Voye kounye a", SizeBody, Ink))
		page := NewColumn(14, NewEven(8, cards...), below)
		for range 3 {
			page.Resize(fyne.NewSize(width, 400))
			page.Layout.Layout(page.Objects, page.Size())
			for _, c := range cards {
				if end := c.Position().Y + c.Size().Height; end+14 > below.Position().Y+0.1 || c.MinSize().Height > c.Size().Height+0.1 {
					t.Errorf("%.0f wide: a card of %v needs %v and ends at %.1f, the next begins at %.1f", width, c.Size(), c.MinSize(), end, below.Position().Y)
				}
			}
		}
	}
}

// A wide window leaves room at both sides; a narrow one only the margin.
func TestAPageIsNotWiderThanOneCanRead(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	for width, want := range map[float32]float32{411: 411 - 36, 1280: measure} {
		content := NewCard(Card, NewText("Borradores", SizeSmall, Ink))
		NewPage(18, 20, content).Resize(fyne.NewSize(width, 500))
		if got := content.Size().Width; got != want || content.Position().X != (width-want)/2 {
			t.Errorf("in %.0f it is %.0f wide, want %.0f, at %.0f", width, got, want, content.Position().X)
		}
	}
}
