// Package number writes the numbers of workbooks as text: whole numbers without a point, others with the fewest digits, days and times as ISO 8601 does. Both readers
// of workbooks, of .xlsx and of .xls, use it.
package number

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// IsDate reports whether a number format shows days or times: one with a code of its own by that, else one of the built-in ones by its number (ECMA-376, 18.8.30).
func IsDate(format int, code string) bool {
	if code != "" {
		return dateCode(strings.ToLower(code))
	}
	return format >= 14 && format <= 22 || format >= 27 && format <= 36 || format >= 45 && format <= 47 || format >= 50 && format <= 58
}

// dateCode reports whether a format code holds a letter for a part of a day or a time, outside of quotes, brackets and behind "\".
func dateCode(code string) bool {
	if strings.Contains(code, "general") {
		return false
	}
	quoted, bracket := false, false
	for n := 0; n < len(code); n++ {
		switch c := code[n]; {
		case c == '\\' || c == '_' || c == '*':
			n++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = !strings.HasPrefix(code[n:], "[h") && !strings.HasPrefix(code[n:], "[m") && !strings.HasPrefix(code[n:], "[s")
		case c == ']':
			bracket = false
		case !bracket && strings.IndexByte("ymdhs", c) >= 0:
			return true
		}
	}
	return false
}

// Text writes a number.
func Text(v float64) string {
	if size := math.Abs(v); size >= 1e21 || size != 0 && size < 1e-7 {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// Day writes the day, the time, or both that a number of days stands for, counted from 1900 or from 1904; a number that is no day as a number.
func Day(days float64, from1904 bool) string {
	if !(days >= 0 && days < 2958466) { // behind 9999-12-31
		return Text(days)
	}
	whole := math.Floor(days)
	seconds := math.Round((days - whole) * 86400)
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case whole < 60: // the 29th of February 1900, which there was not, is day 60
		from = from.AddDate(0, 0, 1)
	}
	at := from.AddDate(0, 0, int(whole)).Add(time.Duration(seconds) * time.Second)
	switch {
	case days < 1 && seconds > 0:
		return at.Format(time.TimeOnly)
	case seconds == 0:
		return at.Format(time.DateOnly)
	}
	return at.Format("2006-01-02T15:04:05")
}
