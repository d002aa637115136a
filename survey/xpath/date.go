package xpath

import (
	"math"
	"strings"
	"time"
)

// invalidDate is what a date function makes of what is no date; it is false as a boolean.
const invalidDate = "Invalid Date"

const dayMillis = 86400000.0

// looksLikeDate is a quick test for "2026-11-23" and what may follow.
func looksLikeDate(s string) bool {
	return len(s) >= 8 && s[4] == '-' && isDigit(s[0]) && isDigit(s[1]) && isDigit(s[2]) && isDigit(s[3]) && isDigit(s[5]) ||
		len(s) > 8 && (s[0] == ' ' || s[0] == '\n' || s[0] == '\t') && looksLikeDate(trimSpace(s))
}

// dateNumber returns the days since 1970-01-01T00:00Z, NaN for what is no date. A date without time is its midnight in the zone.
func dateNumber(s string, zone *time.Location) float64 {
	t, ok := parseDate(s, zone)
	if !ok {
		return math.NaN()
	}
	return float64(t.UnixMilli()) / dayMillis
}

// parseDate reads an ISO 8601 date, or date and time, with or without zone: "2026-11-23", "2026-11-23T08:30:00.000-05:00".
func parseDate(s string, zone *time.Location) (time.Time, bool) {
	if zone == nil {
		zone = time.UTC
	}
	sc := scanner{s: trimSpace(s)}
	y, ok1 := sc.digits(4, 4)
	ok2 := sc.mark('-')
	m, ok3 := sc.digits(1, 2)
	ok4 := sc.mark('-')
	d, ok5 := sc.digits(1, 2)
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return time.Time{}, false
	}
	if sc.s == "" {
		return time.Date(y, time.Month(m), d, 0, 0, 0, 0, zone), true
	}
	if !sc.mark('T') && !sc.mark(' ') {
		return time.Time{}, false
	}
	clock, zone, ok := sc.clock(zone)
	return time.Date(y, time.Month(m), d, 0, 0, 0, int(clock), zone), ok
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// scanner reads numbers and marks from the front of a text.
type scanner struct{ s string }

func (c *scanner) mark(b byte) bool {
	if c.s == "" || c.s[0] != b {
		return false
	}
	c.s = c.s[1:]
	return true
}

func (c *scanner) digits(least, most int) (n int, ok bool) {
	i := 0
	for i < most && i < len(c.s) && isDigit(c.s[i]) {
		n = n*10 + int(c.s[i]-'0')
		i++
	}
	c.s = c.s[i:]
	return n, i >= least
}

// clock reads "08:30", "08:30:15", "08:30:15.250" and the zone after it, to the end.
func (c *scanner) clock(zone *time.Location) (time.Duration, *time.Location, bool) {
	h, ok := c.digits(1, 2)
	if !ok || h > 23 || !c.mark(':') {
		return 0, zone, false
	}
	m, ok := c.digits(1, 2)
	if !ok || m > 59 {
		return 0, zone, false
	}
	d := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if c.mark(':') {
		s, ok := c.digits(1, 2)
		if !ok || s > 59 {
			return 0, zone, false
		}
		d += time.Duration(s) * time.Second
	}
	if c.mark('.') {
		unit, any := 100*time.Millisecond, false
		for ; c.s != "" && isDigit(c.s[0]); c.s = c.s[1:] {
			d += time.Duration(c.s[0]-'0') * unit
			unit /= 10
			any = true
		}
		if !any {
			return 0, zone, false
		}
	}
	zone, ok = c.zone(zone)
	return d, zone, ok
}

func (c *scanner) zone(local *time.Location) (*time.Location, bool) {
	sign := 1
	switch {
	case c.s == "":
		return local, true
	case c.mark('Z') || c.mark('z'):
		return time.UTC, c.s == ""
	case c.mark('-'):
		sign = -1
	case !c.mark('+'):
		return local, false
	}
	h, ok := c.digits(2, 2)
	m := 0
	if ok && c.s != "" {
		c.mark(':')
		m, ok = c.digits(2, 2)
	}
	if !ok || h > 14 || m > 59 || c.s != "" {
		return local, false
	}
	return time.FixedZone("", sign*(h*3600+m*60)), true
}

// formatDate writes a date as ODK does: with the time of day unless that is midnight.
func formatDate(t time.Time) string {
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() < int(time.Millisecond) {
		return t.Format("2006-01-02")
	}
	return formatDateTime(t)
}

func formatDateTime(t time.Time) string { return t.Format("2006-01-02T15:04:05.000Z07:00") }

// strftime writes a date after the codes of format-date() and format-date-time(), with names in a language; ok is false for a code there is not.
func strftime(t time.Time, format string, in names) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		if i++; i >= len(format) {
			return "", false
		}
		layout, ok := dateCodes[format[i]]
		switch {
		case ok:
			b.WriteString(t.Format(layout))
		case in.name(format[i], t) != "":
			b.WriteString(in.name(format[i], t))
		case format[i] == 'h':
			b.WriteString(formatNumber(float64(t.Hour())))
		case format[i] == '3':
			b.WriteString(t.Format(".000")[1:])
		case format[i] == '%':
			b.WriteByte('%')
		default:
			return "", false
		}
	}
	return b.String(), true
}

var dateCodes = map[byte]string{
	'Y': "2006", 'y': "06", 'm': "01", 'n': "1", 'd': "02", 'e': "2", 'H': "15", 'M': "04", 'S': "05",
}
