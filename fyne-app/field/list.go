package field

import (
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/mobile"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/unicode/norm"

	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/words"
)

// mostRows is how many choices a list shows at once; a search finds the others.
const mostRows = 60

// List is a long list of choices with a box to search it, for a page of its own.
type List struct {
	widget.BaseWidget
	say    words.Words
	state  State
	emit   func(Event)
	search *box
	rows   *fyne.Container
	done   *look.Tile // of a select multiple
	all    *fyne.Container
	resize func()
}

// NewList returns the list of a question's choices. emit gets Answered, and Choose when a select multiple has all that it is to have; changed is called when other rows are shown, so that the
// page can be laid out again.
func NewList(say words.Words, s State, emit func(Event), changed func()) *List {
	l := &List{say: say, state: s, emit: emit, resize: changed}
	l.search = newBox("search", false, mobile.SingleLineKeyboard, nil)
	l.search.SetPlaceHolder(say.Say("field.search"))
	l.search.watch(func(string) { l.fill(); l.resize() })
	l.rows = look.NewColumn(8)
	title := look.NewBold("", look.SizeQuestion, look.Ink)
	title.SetMarkup(s.Label)
	l.done = look.NewButton("done", say.Say("field.done"), theme.ConfirmIcon(), look.Main, func() { emit(Event{Act: Choose}) })
	visible(l.done, s.Type == form.TypeSelectMultiple)
	l.all = look.NewColumn(12, title, l.search, l.rows, l.done)
	l.fill()
	l.ExtendBaseWidget(l)
	return l
}

// Parts returns what the list is made of.
func (l *List) Parts() []look.Object { return []look.Object{l.all} }

// CreateRenderer is Fyne's way to the parts.
func (l *List) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.all) }

// Set shows another state of the question.
func (l *List) Set(s State) {
	l.state = s
	l.fill()
}

func (l *List) fill() {
	l.rows.RemoveAll()
	found, many, picked := 0, l.state.Type == form.TypeSelectMultiple, selected(l.state)
	for _, c := range l.state.offered() {
		if !matches(look.Unmark(c.Label), l.search.Text) {
			continue
		}
		if found++; found > mostRows {
			break
		}
		r := newRow("choice:"+l.state.Name+":"+c.Code, c, many, func() { l.picked(c.Code) })
		r.choose(slices.Contains(picked, c.Code))
		l.rows.Add(r)
	}
	switch {
	case found == 0:
		l.rows.Add(look.NewText(l.say.Say("field.nothing_found"), look.SizeBody, look.Muted))
	case found > mostRows:
		l.rows.Add(look.NewText(l.say.Say("field.more_found"), look.SizeBody, look.Muted))
	}
}

// picked tells the answer: of a select multiple with all that was chosen before.
func (l *List) picked(code string) {
	if l.state.Type == form.TypeSelectMultiple {
		l.emit(Event{Answered, toggled(l.state, code)})
		return
	}
	if v, err := record.New(l.state.Kind, code); err == nil {
		l.emit(Event{Answered, v})
	}
}

// offered are the choices, those of a range its numbers.
func (s State) offered() []Choice {
	if s.Type != form.TypeRange {
		return s.Choices
	}
	var list []Choice
	for _, number := range s.Scale {
		list = append(list, Choice{Code: number, Label: number})
	}
	return list
}

// matches reports whether every word of a search begins a word of the label; letters without their accents, in any case.
func matches(label, search string) bool {
	have := strings.Fields(plain(label))
	for _, want := range strings.Fields(plain(search)) {
		found := false
		for _, word := range have {
			found = found || strings.HasPrefix(word, want)
		}
		if !found {
			return false
		}
	}
	return true
}

// plain returns lower-case letters and digits without accents; all else is a blank.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFD.String(s))
}
