package field

import (
	"math/big"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/record"
	"vereda/survey/words"
)

// counter is the answerer of a number that is typed, or counted with a button to each side.
type counter struct {
	*typed
	state  State
	less   *look.Tile
	more   *look.Tile
	clear  *look.Tile
	column *fyne.Container
}

func newCounter(say words.Words, s State, emit func(Event)) *counter {
	c := &counter{typed: newTyped(say, s, emit), state: s}
	c.less = look.NewIconButton("less:"+s.Name, "−", theme.ContentRemoveIcon(), look.Quiet, func() { c.step(-1) })
	c.more = look.NewIconButton("more:"+s.Name, "+", theme.ContentAddIcon(), look.Quiet, func() { c.step(1) })
	c.clear = look.NewButton("clear:"+s.Name, say.Say("field.clear"), theme.ContentClearIcon(), look.Bare, func() { emit(Event{Act: Answered}) })
	c.column = look.NewColumn(8, look.NewRow(10, 1, c.less, c.typed.object(), c.more))
	if b := s.Bounds; b.From != "" {
		c.column.Add(look.NewText(say.Say("field.bounds", say.Decimal(b.From), say.Decimal(b.To), say.Decimal(b.Step)), look.SizeSmall, look.Muted))
	}
	c.column.Add(c.clear)
	return c
}

func (c *counter) object() look.Object { return c.column }

func (c *counter) show(s State) {
	c.state = s
	c.typed.show(s)
	c.less.Disable(s.ReadOnly)
	c.more.Disable(s.ReadOnly)
	visible(c.clear, !s.Value.IsZero() && !s.ReadOnly)
}

// step answers with the next number: of a range the next of its own, and never beyond it.
func (c *counter) step(n int64) {
	size := rational(c.state.Bounds.Step, "1")
	size.Abs(size)
	low, high := rational(c.state.Bounds.From, "0"), rational(c.state.Bounds.To, "0")
	if low.Cmp(high) > 0 {
		low, high = high, low
	}
	bounded := c.state.Bounds.From != ""
	next := new(big.Rat).Set(low)
	if !bounded {
		next.SetInt64(max(n, 0))
	}
	if at, ok := new(big.Rat).SetString(c.state.Value.String()); ok && !c.state.Value.IsZero() {
		next.Add(at, new(big.Rat).Mul(size, new(big.Rat).SetInt64(n)))
	}
	if bounded && next.Cmp(low) < 0 {
		next = low
	}
	if bounded && next.Cmp(high) > 0 {
		next = high
	}
	digits, _ := next.FloatPrec()
	if v, err := record.New(c.state.Kind, next.FloatString(digits)); err == nil {
		c.dirty = false
		c.emit(Event{Answered, v})
	}
}

func rational(s, otherwise string) *big.Rat {
	if n, ok := new(big.Rat).SetString(s); ok {
		return n
	}
	n, _ := new(big.Rat).SetString(otherwise)
	return n
}
