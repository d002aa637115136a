package field

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/record"
	"vereda/survey/words"
)

// unit is one figure of a date or a time, with a button to go back and one to go on.
type unit struct {
	name  string // the end of its key and the beginning of its buttons' tags
	step  func(t time.Time, n int) time.Time
	write func(words.Words, time.Time) string
}

var (
	day = unit{"day", func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) },
		func(_ words.Words, t time.Time) string { return strconv.Itoa(t.Day()) }}
	month = unit{"month", addMonths,
		func(say words.Words, t time.Time) string { return say.Say("month." + strconv.Itoa(int(t.Month()))) }}
	year = unit{"year", func(t time.Time, n int) time.Time { return addMonths(t, 12*n) },
		func(_ words.Words, t time.Time) string { return strconv.Itoa(t.Year()) }}
	hour = unit{"hour", func(t time.Time, n int) time.Time { return clock(t, t.Hour()+n, t.Minute()) },
		func(_ words.Words, t time.Time) string { return fmt.Sprintf("%02d", t.Hour()) }}
	minute = unit{"minute", fiveMinutes,
		func(_ words.Words, t time.Time) string { return fmt.Sprintf("%02d", t.Minute()) }}
)

// moments says of each kind how an answer is written, and what it is made of.
var moments = map[record.Kind]struct {
	layout string
	units  []unit
}{
	record.Date:     {"2006-01-02", []unit{day, month, year}},
	record.Time:     {"15:04:05.000Z07:00", []unit{hour, minute}},
	record.DateTime: {"2006-01-02T15:04:05.000Z07:00", []unit{day, month, year, hour, minute}},
}

// moment is the answerer of a date, a time, or both.
type moment struct {
	say     words.Words
	emit    func(Event)
	state   State
	layout  string
	units   []unit
	figures []*look.Text // one for each unit
	tiles   []*look.Tile
	clear   *look.Tile
	column  *fyne.Container
}

// now is the moment that an empty answer begins at. It is what the tablet's clock says; the answer is what the person sees and taps.
var now = time.Now

func newMoment(say words.Words, s State, emit func(Event)) *moment {
	kind := moments[s.Kind]
	m := &moment{say: say, emit: emit, state: s, layout: kind.layout, units: unitsOf(s), column: look.NewColumn(8)}
	for _, u := range m.units {
		m.addStepper(u)
	}
	begin := "field.date.now"
	if s.Kind == record.Date {
		begin = "field.date.today"
	}
	today := look.NewButton("today:"+s.Name, say.Say(begin), nil, look.Quiet, func() { m.answer(now()) })
	m.clear = look.NewButton("clear:"+s.Name, say.Say("field.clear"), theme.ContentClearIcon(), look.Bare, func() { emit(Event{Act: Answered}) })
	m.tiles = append(m.tiles, today, m.clear)
	m.column.Add(look.NewEven(8, today, m.clear))
	return m
}

// unitsOf returns what an answer is made of; of a date the form may want the month or the year alone.
func unitsOf(s State) []unit {
	switch {
	case s.Kind != record.Date:
	case s.looks("year"):
		return []unit{year}
	case s.looks("month-year"):
		return []unit{month, year}
	}
	return moments[s.Kind].units
}

func (m *moment) object() look.Object { return m.column }

func (m *moment) addStepper(u unit) {
	step := func(n int) func() {
		return func() {
			at, ok := m.at()
			if !ok {
				m.answer(now())
				return
			}
			m.answer(u.step(at, n))
		}
	}
	less := look.NewIconButton(u.name+"-:"+m.state.Name, "−", theme.ContentRemoveIcon(), look.Quiet, step(-1))
	more := look.NewIconButton(u.name+"+:"+m.state.Name, "+", theme.ContentAddIcon(), look.Quiet, step(1))
	m.tiles = append(m.tiles, less, more)
	figure := look.NewBold("", look.SizeQuestion, look.Ink).Centered()
	m.figures = append(m.figures, figure)
	label := look.NewText(m.say.Say("field.date."+u.name), look.SizeSmall, look.Muted).Centered()
	m.column.Add(look.NewRow(12, 1, less, look.NewColumn(0, label, figure), more))
}

func (m *moment) at() (time.Time, bool) {
	for _, layout := range []string{m.layout, strings.TrimSuffix(m.layout, "Z07:00")} { // a form's default may lack the offset
		if t, err := time.Parse(layout, m.state.Value.String()); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func (m *moment) answer(t time.Time) {
	switch units := m.units; {
	case m.state.Kind != record.Date:
		t = clock(t, t.Hour(), t.Minute())
	case units[0].name == year.name:
		t = time.Date(t.Year(), 1, 1, 0, 0, 0, 0, t.Location())
	case units[0].name == month.name:
		t = time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, t.Location())
	}
	v, err := record.New(m.state.Kind, t.Format(m.layout))
	if err == nil {
		m.emit(Event{Answered, v})
	}
}

func (m *moment) show(s State) {
	m.state = s
	at, ok := m.at()
	for i, u := range m.units {
		figure := "–"
		if ok {
			figure = u.write(m.say, at)
		}
		m.figures[i].SetText(figure)
	}
	for _, t := range m.tiles {
		t.Disable(s.ReadOnly)
	}
	visible(m.clear, !s.Value.IsZero() && !s.ReadOnly)
}

// addMonths moves a date by months; the 31st becomes the last day of a shorter month.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), 0, 0, t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// fiveMinutes moves to the next or the last full five minutes: nobody reports a time more exactly, and what is measured is now.
func fiveMinutes(t time.Time, n int) time.Time {
	at := t.Minute() - t.Minute()%5
	if n > 0 || at == t.Minute() {
		at += 5 * n
	}
	return clock(t, t.Hour(), (at+60)%60)
}

// clock is the same day at another time, which goes round: after 23 comes 0.
func clock(t time.Time, hour, minute int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), (hour+24)%24, minute, 0, 0, t.Location())
}
