package field

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/mobile"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/unicode/norm"

	"vereda/fyne-app/look"
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
	all    *fyne.Container
	resize func()
}

// NewList returns the list of a question's choices. emit gets Answered; changed is called when other rows are shown, so that the
// page can be laid out again.
func NewList(say words.Words, s State, emit func(Event), changed func()) *List {
	l := &List{say: say, state: s, emit: emit, resize: changed}
	l.search = newBox("search", false, mobile.SingleLineKeyboard, nil)
	l.search.SetPlaceHolder(say.Say("field.search"))
	l.search.watch(func(string) { l.fill(); l.resize() })
	l.rows = look.NewColumn(8)
	l.all = look.NewColumn(12, look.NewBold(s.Label, look.SizeQuestion, look.Ink), l.search, l.rows)
	l.fill()
	l.ExtendBaseWidget(l)
	return l
}

// Parts returns what the list is made of.
func (l *List) Parts() []look.Object { return []look.Object{l.all} }

// CreateRenderer is Fyne's way to the parts.
func (l *List) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.all) }

func (l *List) fill() {
	l.rows.RemoveAll()
	found := 0
	for _, c := range l.state.Choices {
		if !matches(c.Label, l.search.Text) {
			continue
		}
		if found++; found > mostRows {
			break
		}
		code := c.Code
		r := newRow("choice:"+l.state.Name+":"+code, c, false, func() { l.emit(Event{Answered, record.NewText(code)}) })
		r.choose(l.state.Value.String() == code)
		l.rows.Add(r)
	}
	switch {
	case found == 0:
		l.rows.Add(look.NewText(l.say.Say("field.nothing_found"), look.SizeBody, look.Muted))
	case found > mostRows:
		l.rows.Add(look.NewText(l.say.Say("field.more_found"), look.SizeBody, look.Muted))
	}
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
