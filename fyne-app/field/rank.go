package field

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/record"
	"vereda/survey/words"
)

// rank is the answerer of choices that are put in order. As in ODK the answer has all of them from the first move on.
type rank struct {
	say    words.Words
	emit   func(Event)
	state  State
	offer  []Choice // what the rows were made of
	order  []string // as shown
	agree  *look.Tile
	clear  *look.Tile
	column *fyne.Container
}

func newRank(say words.Words, s State, emit func(Event)) *rank {
	r := &rank{say: say, emit: emit, state: s, column: look.NewColumn(8)}
	r.agree = look.NewButton("agree:"+s.Name, say.Say("field.rank.agree"), theme.ConfirmIcon(), look.Quiet, func() { r.answer(r.order) })
	r.clear = look.NewButton("clear:"+s.Name, say.Say("field.clear"), theme.ContentClearIcon(), look.Bare, func() { emit(Event{Act: Answered}) })
	r.build()
	return r
}

func (r *rank) object() look.Object { return r.column }

func (r *rank) show(s State) {
	rebuild := !slices.Equal(s.Choices, r.offer) || s.ReadOnly != r.state.ReadOnly || s.Value != r.state.Value
	r.state = s
	if rebuild {
		r.build()
	}
	visible(r.agree, s.Value.IsZero() && !s.ReadOnly && len(s.Choices) > 0)
	visible(r.clear, !s.Value.IsZero() && !s.ReadOnly && !s.Required)
}

// build makes a row for each choice: those ranked in their order, then the others.
func (r *rank) build() {
	r.offer, r.order = slices.Clone(r.state.Choices), nil
	for _, code := range splitCodes(r.state.Value.String()) {
		if slices.ContainsFunc(r.offer, func(c Choice) bool { return c.Code == code }) {
			r.order = append(r.order, code)
		}
	}
	for _, c := range r.offer {
		if !slices.Contains(r.order, c.Code) {
			r.order = append(r.order, c.Code)
		}
	}
	r.column.RemoveAll()
	for i, code := range r.order {
		r.column.Add(r.row(i, code))
	}
	if len(r.order) == 0 {
		r.column.Add(look.NewText(r.say.Say("field.no_choices"), look.SizeBody, look.Muted))
	}
	r.column.Add(r.agree)
	r.column.Add(r.clear)
}

func (r *rank) row(i int, code string) look.Object {
	face, place := look.Chosen, strconv.Itoa(i+1)
	if r.state.Value.IsZero() {
		face, place = look.Plain, "–"
	}
	label := look.NewText("", look.SizeBody+1, look.Ink)
	label.SetMarkup(r.state.labelOf(code))
	room := container.NewGridWrap(fyne.NewSize(look.Scaled(28), look.Scaled(28)), look.NewBold(place, look.SizeQuestion, look.Brand).Centered())
	content := look.NewRow(10, 1, room, label)
	tile := look.NewTile("", label.Words(), face, content, nil)
	up := look.NewIconButton("rank-up:"+r.state.Name+":"+code, r.say.Say("field.rank.up"), theme.MoveUpIcon(), look.Quiet, func() { r.move(i, -1) })
	down := look.NewIconButton("rank-down:"+r.state.Name+":"+code, r.say.Say("field.rank.down"), theme.MoveDownIcon(), look.Quiet, func() { r.move(i, 1) })
	up.Disable(r.state.ReadOnly || i == 0)
	down.Disable(r.state.ReadOnly || i == len(r.order)-1)
	return look.NewRow(8, 0, tile, up, down)
}

// move answers with a choice and its neighbour changed.
func (r *rank) move(i, by int) {
	next := slices.Clone(r.order)
	next[i], next[i+by] = next[i+by], next[i]
	r.answer(next)
}

func (r *rank) answer(order []string) { r.emit(Event{Answered, record.NewChoices(order)}) }
