package dashboard

import (
	"strconv"
	"strings"
	"time"

	"vereda/survey/words"
)

// times says times as people of a language do.
type times struct {
	words words.Words
	zone  *time.Location
	now   func() time.Time
}

// when says a time in the collector's zone: "today, 14:05", "23 November 2026, 14:05"; "never" for none.
func (t times) when(at time.Time) string {
	if at.IsZero() {
		return t.words.Say("time.never")
	}
	at = at.In(t.zone)
	return t.words.Say("time.at", t.day(at), at.Format("15:04"))
}

func (t times) day(at time.Time) string {
	now := t.now().In(t.zone)
	switch at.Format(time.DateOnly) {
	case now.Format(time.DateOnly):
		return t.words.Say("time.today")
	case now.AddDate(0, 0, -1).Format(time.DateOnly):
		return t.words.Say("time.yesterday")
	}
	return t.date(at)
}

// due says a calendar day, 2026-11-30, as people write it; anything else as it stands.
func (t times) due(day string) string {
	at, err := time.ParseInLocation(time.DateOnly, day, t.zone)
	if err != nil {
		return day
	}
	return t.date(at)
}

// date says the day of a time in the time's own zone.
func (t times) date(at time.Time) string {
	month := strings.Fields(t.words.Say("time.months"))[at.Month()-1]
	return t.words.Say("time.date", strconv.Itoa(at.Day()), month, strconv.Itoa(at.Year()))
}

// short says a day in little room: "23 nov".
func (t times) short(at time.Time) string {
	month := strings.Fields(t.words.Say("time.months.short"))[at.Month()-1]
	return t.words.Say("time.date.short", strconv.Itoa(at.Day()), month)
}

// device says a time as a device's clock showed it, in the device's zone, with the offset where it is not the collector's.
func (t times) device(at time.Time) string {
	said := t.words.Say("time.at", t.date(at), at.Format("15:04:05"))
	_, theirs := at.Zone()
	if _, ours := at.In(t.zone).Zone(); theirs != ours {
		said += " (UTC" + at.Format("-07:00") + ")"
	}
	return said
}

// Clocks that are this near are right: an exchange itself takes seconds on a poor link.
const rightClock = time.Minute

// Clocks that are this far off were set wrong, or stopped: no exchange takes as long, and a clock that only goes badly, two seconds a day, needs five
// months without a network for it.
const wrongClock = 5 * time.Minute

func isWrong(ahead time.Duration) bool { return ahead.Abs() >= wrongClock }

// clock says how far a device's clock is ahead.
func (t times) clock(ahead time.Duration) string {
	switch {
	case ahead.Abs() < rightClock:
		return t.words.Say("clock.right")
	case ahead > 0:
		return t.words.Say("clock.ahead", t.duration(ahead))
	}
	return t.words.Say("clock.behind", t.duration(-ahead))
}

// duration says a length of time in its largest unit that makes at least two, rounded down; a minute at a time up to 119.
func (t times) duration(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < 2*time.Minute:
		return t.words.Say("duration.seconds", int(d/time.Second))
	case d < 2*time.Hour:
		return t.words.Say("duration.minutes", int(d/time.Minute))
	case d < 2*day:
		return t.words.Say("duration.hours", int(d/time.Hour))
	case d < 2*365*day:
		return t.words.Say("duration.days", int(d/day))
	}
	return t.words.Say("duration.years", int(d/(365*day)))
}
