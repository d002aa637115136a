package screen

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
)

// Sizes of the keypad, in dp at any text size: a finger in a glove is 20 mm wide, which is 126 dp; keys of 84 with gaps are what a telephone
// has room for.
const (
	keyHeight = 84
	keyLeast  = 72
	keyMost   = 150
	keyGap    = 12
)

// maxDigits is the longest PIN, minDigits the shortest.
const (
	minDigits = 4
	maxDigits = 12
)

// keypad shows how many digits were typed, and has a key for each.
type keypad struct {
	digits string
	dots   *look.Text
	enter  *look.Tile
	ready  func(string) // OK was tapped
	off    bool
}

// newKeypad returns a keypad; ready is called with the digits.
func newKeypad(backspace, ok string, ready func(string)) (*keypad, look.Object) {
	k := &keypad{ready: ready, dots: look.NewBold("", look.SizeFigure, look.Ink).Centered()}
	var keys []look.Object
	for _, digit := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9} {
		keys = append(keys, k.key(digit))
	}
	back := look.NewIconButton("key:back", backspace, theme.NavigateBackIcon(), look.Plain, k.back)
	k.enter = look.NewIconButton("key:ok", ok, theme.ConfirmIcon(), look.Main, k.ok)
	keys = append(keys, back, k.key(0), k.enter)
	k.show()
	return k, look.NewColumn(18, k.dots, container.New(keys3{}, keys...))
}

func (k *keypad) key(digit int) look.Object {
	name := strconv.Itoa(digit)
	figure := look.NewBold(name, look.SizeFigure, look.Ink).Centered()
	return look.NewTile("key:"+name, name, look.Plain, figure, func() { k.typed(rune('0' + digit)) })
}

func (k *keypad) typed(r rune) {
	if r >= '0' && r <= '9' && len(k.digits) < maxDigits && !k.off {
		k.digits += string(r)
		k.show()
	}
}

// pressed takes the keys of a keyboard that are no digits.
func (k *keypad) pressed(key fyne.KeyName) {
	switch {
	case k.off:
	case key == fyne.KeyBackspace:
		k.back()
	case (key == fyne.KeyReturn || key == fyne.KeyEnter) && len(k.digits) >= minDigits:
		k.ok()
	}
}

func (k *keypad) back() {
	if len(k.digits) > 0 {
		k.digits = k.digits[:len(k.digits)-1]
		k.show()
	}
}

func (k *keypad) ok() {
	digits := k.digits
	k.digits = ""
	k.show()
	k.ready(digits)
}

// disable keeps digits from being typed and taken, or lets them again.
func (k *keypad) disable(off bool) {
	k.off = off
	k.show()
}

// show shows a dot for each digit; a line where there is none, so that nothing moves.
func (k *keypad) show() {
	dots := "–"
	if n := len(k.digits); n > 0 {
		dots = strings.TrimSpace(strings.Repeat("● ", n))
	}
	k.dots.SetText(dots)
	k.enter.Disable(k.off || len(k.digits) < minDigits)
}

// keys3 is a layout of keys in three columns, in the middle of the page.
type keys3 struct{}

func (keys3) rows(objects []look.Object) float32 { return float32((len(objects) + 2) / 3) }

func (l keys3) MinSize(objects []look.Object) fyne.Size {
	return fyne.NewSize(3*keyLeast+2*keyGap, l.rows(objects)*(keyHeight+keyGap)-keyGap)
}

func (l keys3) Layout(objects []look.Object, size fyne.Size) {
	width := min((size.Width-2*keyGap)/3, keyMost)
	left := (size.Width - 3*width - 2*keyGap) / 2
	for i, o := range objects {
		o.Resize(fyne.NewSize(width, keyHeight))
		o.Move(fyne.NewPos(left+float32(i%3)*(width+keyGap), float32(i/3)*(keyHeight+keyGap)))
	}
}
