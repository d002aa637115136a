package field

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/record"
	"vereda/survey/words"
)

const dateLayout = "2006-01-02"

// date is the answerer of a date: day, month and year, each with a button to go back and one to go on.
type date struct {
	say     words.Words
	emit    func(Event)
	state   State
	figures [3]*look.Text // day, month, year
	tiles   []*look.Tile
	clear   *look.Tile
	column  *fyne.Container
}

// now is the day that an empty date begins at. It is what the tablet's clock says; the answer is what the person sees and taps.
var now = time.Now

func newDate(say words.Words, s State, emit func(Event)) *date {
	d := &date{say: say, emit: emit, state: s, column: look.NewColumn(8)}
	d.addStepper(0, "day", func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) }, 1)
	d.addStepper(1, "month", addMonths, 1)
	d.addStepper(2, "year", func(t time.Time, n int) time.Time { return addMonths(t, 12*n) }, 1)
	today := look.NewButton("today:"+s.Name, say.Say("field.date.today"), nil, look.Quiet, func() { d.answer(now()) })
	d.clear = look.NewButton("clear:"+s.Name, say.Say("field.clear"), theme.ContentClearIcon(), look.Bare, func() { emit(Event{Act: Answered}) })
	d.tiles = append(d.tiles, today, d.clear)
	d.column.Add(look.NewEven(8, today, d.clear))
	return d
}

func (d *date) object() look.Object { return d.column }

func (d *date) addStepper(i int, unit string, move func(time.Time, int) time.Time, step int) {
	d.figures[i] = look.NewBold("", look.SizeQuestion, look.Ink).Centered()
	name := "field.date." + unit
	step1 := func(n int) func() {
		return func() {
			at, ok := d.at()
			if !ok {
				d.answer(now())
				return
			}
			d.answer(move(at, n))
		}
	}
	less := look.NewIconButton(unit+"-:"+d.state.Name, "−", theme.ContentRemoveIcon(), look.Quiet, step1(-step))
	more := look.NewIconButton(unit+"+:"+d.state.Name, "+", theme.ContentAddIcon(), look.Quiet, step1(step))
	d.tiles = append(d.tiles, less, more)
	label := look.NewText(d.say.Say(name), look.SizeSmall, look.Muted).Centered()
	d.column.Add(look.NewRow(12, 1, less, look.NewColumn(0, label, d.figures[i]), more))
}

func (d *date) at() (time.Time, bool) {
	t, err := time.Parse(dateLayout, d.state.Value.String())
	return t, err == nil
}

func (d *date) answer(t time.Time) {
	v, err := record.New(record.Date, t.Format(dateLayout))
	if err == nil {
		d.emit(Event{Answered, v})
	}
}

func (d *date) show(s State) {
	d.state = s
	day, month, year := "–", "–", "–"
	if t, ok := d.at(); ok {
		day, year = strconv.Itoa(t.Day()), strconv.Itoa(t.Year())
		month = d.say.Say("month." + strconv.Itoa(int(t.Month())))
	}
	for i, words := range []string{day, month, year} {
		d.figures[i].SetText(words)
	}
	for _, t := range d.tiles {
		t.Disable(s.ReadOnly)
	}
	visible(d.clear, !s.Value.IsZero() && !s.ReadOnly)
}

// addMonths moves a date by months; the 31st becomes the last day of a shorter month.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}
