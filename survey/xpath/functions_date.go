package xpath

import (
	"math"
	"time"
)

// Dates. A date is a string, as answers are; with arithmetic it becomes the days since 1970-01-01 UTC, and date() makes of them a date again.
var dateFunctions = []function{
	{name: "today", result: kindString, eval: today},
	{name: "now", result: kindString, eval: now},
	{name: "date", min: 1, max: 1, result: kindString, eval: toDate},
	{name: "date-time", min: 1, max: 1, result: kindString, eval: toDateTime},
	{name: "decimal-date-time", min: 1, max: 1, result: kindNumber, eval: decimalDateTime},
	{name: "decimal-time", min: 1, max: 1, result: kindNumber, eval: decimalTime},
	{name: "format-date", min: 2, max: 2, result: kindString, eval: formatDateCall},
	{name: "format-date-time", min: 2, max: 2, result: kindString, eval: formatDateCall},
}

func dateValue(s string) Value { return Value{kind: kindString, str: s, date: true} }

func today(f *frame, c *call) Value { return dateValue(f.clock(c.at).Format("2006-01-02")) }

func now(f *frame, c *call) Value { return dateValue(formatDateTime(f.clock(c.at))) }

// asTime reads a value as a moment; ok is false for what is none, blank for an empty one.
func (f *frame) asTime(c *call, v *Value) (t time.Time, blank, ok bool) {
	switch v.kind {
	case kindBool:
		f.fail(c.at, c.fn.name+"(): a yes or no is no date")
		return t, true, false
	case kindNumber:
		if v.num != v.num {
			return t, false, false
		}
		if math.Abs(v.num) > math.MaxInt32 {
			f.fail(c.at, c.fn.name+"(): the number is out of range for a date")
			return t, true, false
		}
		return time.UnixMilli(int64(math.Round(v.num * dayMillis))).In(f.location()), false, true
	}
	s := trimSpace(v.String())
	if s == "" {
		return t, true, false
	}
	if looksLikeDate(s) {
		if t, ok = parseDate(s, f.location()); ok {
			return t.In(f.location()), false, true
		}
		return t, false, false
	}
	if n := parseNumber(s, nil); n == n {
		number := numberValue(n)
		return f.asTime(c, &number)
	}
	return t, false, false
}

func toDate(f *frame, c *call) Value { return dated(f, c, true) }

func toDateTime(f *frame, c *call) Value { return dated(f, c, false) }

// dated writes the argument as a moment; with days, what is a date already without the time of day.
func dated(f *frame, c *call, days bool) Value {
	v := c.args[0].value(f)
	t, blank, ok := f.asTime(c, &v)
	switch {
	case blank:
		return dateValue("")
	case !ok:
		return dateValue(invalidDate)
	case days && v.date:
		return dateValue(t.Format("2006-01-02"))
	}
	return dateValue(formatDate(t))
}

func decimalDateTime(f *frame, c *call) Value {
	v := c.args[0].value(f)
	t, _, ok := f.asTime(c, &v)
	if !ok {
		return numberValue(math.NaN())
	}
	return numberValue(float64(t.UnixMilli()) / dayMillis)
}

// decimalTime is the time of day, in the zone of the device, as a fraction of a day.
func decimalTime(f *frame, c *call) Value {
	v := c.args[0].value(f)
	if v.kind == kindNumber {
		return numberValue(v.num - math.Floor(v.num))
	}
	t, ok := f.timeOfDay(trimSpace(v.String()))
	if !ok {
		if t, _, ok = f.asTime(c, &v); !ok {
			return numberValue(math.NaN())
		}
	}
	h, m, s := t.Clock()
	return numberValue((float64(h*3600+m*60+s) + float64(t.Nanosecond())/1e9) / 86400)
}

// timeOfDay reads "08:30:00.000-05:00".
func (f *frame) timeOfDay(s string) (time.Time, bool) {
	if len(s) < 4 || s[1] != ':' && s[2] != ':' {
		return time.Time{}, false
	}
	sc := scanner{s: s}
	clock, zone, ok := sc.clock(f.location())
	if !ok {
		return time.Time{}, false
	}
	day := time.Unix(0, 0)
	if f.env.Now != nil {
		day = f.clock(0)
	}
	y, m, d := day.In(f.location()).Date()
	return time.Date(y, m, d, 0, 0, 0, int(clock), zone).In(f.location()), true
}

func formatDateCall(f *frame, c *call) Value {
	v := c.args[0].value(f)
	t, _, ok := f.asTime(c, &v)
	if !ok {
		if t, ok = f.timeOfDay(trimSpace(v.String())); !ok {
			return stringValue("")
		}
	}
	language := ""
	if f.env.Language != nil {
		language = f.env.Language()
	}
	s, ok := strftime(t, c.args[1].text(f), namesIn(language))
	if !ok {
		f.fail(c.at, c.fn.name+"(): the codes are %Y %y %m %n %b %B %d %e %H %h %M %S %3 %a %A %%")
	}
	return stringValue(s)
}
