package field

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/mobile"
	"fyne.io/fyne/v2/widget"

	"vereda/fyne-app/look"
	"vereda/survey/record"
	"vereda/survey/words"
)

// box is a text box that lets through only what its filter does, asks for the fitting keyboard and tells when it is left.
type box struct {
	widget.Entry
	name     string
	keyboard mobile.KeyboardType
	filter   func(string) string // nil: all
	left     func()
	showing  bool // the text is being set, not typed
}

func newBox(name string, multiline bool, keyboard mobile.KeyboardType, filter func(string) string) *box {
	b := &box{name: name, keyboard: keyboard, filter: filter}
	b.MultiLine = multiline
	if multiline {
		b.Wrapping = fyne.TextWrapWord
		b.SetMinRowsVisible(5)
	}
	b.Scroll = fyne.ScrollNone
	if multiline {
		b.Scroll = fyne.ScrollVerticalOnly
	}
	b.ExtendBaseWidget(b)
	return b
}

// Tag names the box for tests.
func (b *box) Tag() string { return "box:" + b.name }

// Written returns what stands in the box.
func (b *box) Written() string { return b.Text }

// Keyboard says which keyboard a tablet brings up.
func (b *box) Keyboard() mobile.KeyboardType { return b.keyboard }

// TypedRune takes a letter that leaves the text one that the filter lets through.
func (b *box) TypedRune(r rune) {
	if b.filter != nil && b.filter(string(r)) == "" {
		return
	}
	b.Entry.TypedRune(r)
}

// FocusLost is Fyne's event.
func (b *box) FocusLost() {
	b.Entry.FocusLost()
	if b.left != nil {
		b.left()
	}
}

// put sets the text without telling anybody.
func (b *box) put(s string) {
	if s == b.Text {
		return
	}
	b.showing = true
	b.SetText(s)
	if !b.MultiLine {
		b.CursorColumn = len([]rune(s)) // typing goes on behind it
	}
	b.showing = false
}

// watch calls typed with the text each time a person changed it; what was pasted is filtered first.
func (b *box) watch(typed func(string)) {
	b.OnChanged = func(s string) {
		if b.showing {
			return
		}
		if b.filter != nil {
			if clean := b.filter(s); clean != s {
				b.put(clean)
				s = clean
			}
		}
		typed(s)
	}
}

// typed is the answerer of text and numbers.
type typed struct {
	say    words.Words
	entry  *box
	read   *look.Text // the number, as people write it
	column *fyne.Container
	kind   record.Kind
	emit   func(Event)
	dirty  bool // something was typed since the last Answered
}

func newTyped(say words.Words, s State, emit func(Event)) *typed {
	t := &typed{say: say, kind: s.Kind, emit: emit, read: look.NewText("", look.SizeBody, look.Brand)}
	switch {
	case s.Kind == record.Integer:
		t.entry = newBox(s.Name, false, mobile.NumberKeyboard, integerOnly)
	case s.Kind == record.Decimal:
		t.entry = newBox(s.Name, false, mobile.NumberKeyboard, decimalOnly)
	case s.looks("numbers"):
		t.entry = newBox(s.Name, false, mobile.NumberKeyboard, figuresOnly)
	case s.looks("multiline") || s.Rows > 1:
		t.entry = newBox(s.Name, true, mobile.DefaultKeyboard, nil)
	default:
		t.entry = newBox(s.Name, false, mobile.SingleLineKeyboard, nil)
	}
	if s.Rows > 1 {
		t.entry.SetMinRowsVisible(min(s.Rows, 12))
	}
	t.entry.Password = s.looks("masked", "hidden-answer")
	t.entry.watch(t.typed)
	t.entry.left = t.settle
	t.entry.OnSubmitted = func(string) { t.settle() }
	t.column = look.NewColumn(6, t.entry, t.read)
	return t
}

func (t *typed) object() look.Object { return t.column }
func (t *typed) box() *box           { return t.entry }

func (t *typed) show(s State) {
	if v, ok := t.parse(t.entry.Text); !ok || v != s.Value {
		if !t.dirty {
			t.entry.put(t.shown(s.Value))
		}
	}
	grouped := ""
	if s.looks("thousands-sep") {
		grouped = thousands(t.say, s.Value)
	}
	t.read.SetText(grouped)
	visible(t.read, grouped != "")
	if s.ReadOnly {
		t.entry.Disable()
	} else {
		t.entry.Enable()
	}
}

// thousands writes a number in groups, as the language does; "" for a number that has none, and for what is no number.
func thousands(say words.Words, v record.Value) string {
	whole, part, _ := strings.Cut(v.String(), ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > -1000 && n < 1000 {
		return ""
	}
	grouped := say.Number(n)
	if part == "" {
		return grouped
	}
	return grouped + say.Decimal("."+part)
}

// shown is an answer as it stands in the box.
func (t *typed) shown(v record.Value) string {
	if t.kind == record.Decimal {
		return t.say.Decimal(v.String())
	}
	return v.String()
}

func (t *typed) typed(s string) {
	t.dirty = true
	v, ok := t.parse(s)
	if !ok {
		t.emit(Event{Act: Garbled})
		return
	}
	t.emit(Event{Typing, v})
}

// settle tells that nothing more is typed for now.
func (t *typed) settle() {
	if !t.dirty {
		return
	}
	t.dirty = false
	if v, ok := t.parse(t.entry.Text); ok {
		t.emit(Event{Answered, v})
	}
}

// parse reads what was typed: blanks around it do not count, and a comma in a number is a point.
func (t *typed) parse(s string) (record.Value, bool) {
	s = strings.TrimSpace(s)
	if t.kind == record.Decimal {
		s = strings.ReplaceAll(s, ",", ".")
	}
	if t.kind == 0 {
		return record.NewText(s), true
	}
	v, err := record.New(t.kind, s)
	return v, err == nil
}

// figuresOnly leaves of a text what codes and numbers of telephones are made of.
func figuresOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || strings.ContainsRune("+-*#.,/ ", r) {
			return r
		}
		return -1
	}, s)
}

// integerOnly leaves of a text the digits and a minus sign before them.
func integerOnly(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= '0' && r <= '9' || r == '-' && b.Len() == 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// decimalOnly leaves of a text a decimal number, with its first point or comma.
func decimalOnly(s string) string {
	var b strings.Builder
	mark := false
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', r == '-' && b.Len() == 0:
			b.WriteRune(r)
		case (r == '.' || r == ',') && !mark:
			mark = true
			b.WriteRune(r)
		}
	}
	return b.String()
}
