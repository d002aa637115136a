package screen

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/store"
)

// callsAtOnce is how many households to visit the list shows before one asks for more.
const callsAtOnce = 6

// visits are the households to visit: those that nobody visited yet first.
func (h *home) visits() []look.Object {
	say := h.app.say
	all, err := h.app.tablet.Agenda.Assignments()
	if err != nil {
		return []look.Object{notice(look.Alarm, theme.ErrorIcon(), say.Say("error.other", err.Error()))}
	}
	if len(all) == 0 {
		return nil
	}
	var open, done []look.Object
	for _, a := range all {
		if len(a.Visits) == 0 {
			open = append(open, h.visit(a))
		} else {
			done = append(done, h.visit(a))
		}
	}
	rows := append(open, done...)
	list := []look.Object{heading(say.Say("visits.title", len(open), len(all)))}
	list = append(list, look.NewColumn(8, rows[:min(len(rows), h.calls)]...))
	if len(rows) > h.calls {
		list = append(list, look.NewButton("more:visits", say.Say("home.more"), nil, look.Bare, func() { h.calls = len(rows); h.app.redraw() }))
	}
	return list
}

// visit is one household; tapping it begins its interview, or opens the one that was begun.
func (h *home) visit(a store.Assignment) look.Object {
	say := h.app.say
	name := say.Say("visits.household", a.EA, a.Household)
	if a.EA == "" || a.Household == "" {
		name = strings.TrimSpace(a.EA + " " + a.Household)
	}
	lines := look.NewColumn(2, look.NewBold(name, look.SizeBody, look.Ink))
	face, sign, when := h.when(a)
	if when != "" {
		lines.Add(look.NewText(when, look.SizeSmall, face.Ink))
	}
	if a.Note != "" {
		lines.Add(look.NewText(a.Note, look.SizeSmall, look.Muted))
	}
	content := look.NewRow(12, 1, look.NewIcon(sign, 26, face.Ink), lines, look.NewIcon(theme.NavigateNextIcon(), 22, look.Muted))
	return look.NewTile("visit:"+a.Assignment.Assignment.String(), name, look.Card, content, func() { h.call(a) })
}

// when says by when a household is to be visited, or what became of the visit.
func (h *home) when(a store.Assignment) (look.Face, fyne.Resource, string) {
	say, now := h.app.say, h.app.tablet.Clock.Now()
	if n := len(a.Visits); n > 0 {
		last := a.Visits[n-1]
		face, sign := stateLook(last.State)
		return face, sign, say.Say("visits.visited", say.Say("state."+string(last.State)))
	}
	var said []string
	late := false
	if !a.Call.IsZero() {
		late = a.Call.Before(now)
		said = append(said, say.Say("visits.call", h.app.when(a.Call)))
	}
	if due, err := time.ParseInLocation(time.DateOnly, a.Due, now.Location()); err == nil {
		late = late || !now.Before(due.AddDate(0, 0, 1))
		said = append(said, say.Say("visits.due", h.app.day(due)))
	}
	if late {
		return look.Alarm, theme.WarningIcon(), say.Say("visits.late") + "  ·  " + strings.Join(said, "  ·  ")
	}
	return look.Plain, theme.HomeIcon(), strings.Join(said, "  ·  ")
}

// call begins the interview of a household, or opens the one that was begun.
func (h *home) call(a store.Assignment) {
	if n := len(a.Visits); n > 0 {
		h.open(a.Visits[n-1])
		return
	}
	offers, err := h.app.tablet.Questionnaires.Offered()
	if err != nil {
		h.app.complain(err)
		return
	}
	for _, o := range offers {
		if o.Form == a.Form {
			h.app.beginVisit(o, a.Assignment)
			return
		}
	}
	h.app.tell(h.app.say.Say("error.title"), h.app.say.Say("visits.no_form", a.Form))
}
