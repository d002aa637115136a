package xlsx

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// readStyles finds the styles that show numbers as dates or times.
func (b *Book) readStyles(part string) error {
	codes := map[string]string{}
	inside := ""
	return b.scan(part, func(s *scanner) error {
		switch s.name {
		case "numFmt":
			codes[s.attr("numFmtId")] = s.attr("formatCode")
		case "cellXfs", "cellStyleXfs", "dxfs":
			inside = s.name
		case "xf":
			if inside == "cellXfs" && len(b.dates) < maxTexts {
				b.dates = append(b.dates, isDate(s.attr("numFmtId"), codes))
			}
		}
		return nil
	})
}

// isDate reports whether a number format shows dates or times: one of the built-in ones (ECMA-376, 18.8.30), or one whose code says so.
func isDate(id string, codes map[string]string) bool {
	if code, own := codes[id]; own {
		return dateCode(code)
	}
	n, err := strconv.Atoi(id)
	return err == nil && (n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58)
}

// dateCode reports whether a format code holds a letter for a part of a date, outside of quotes, brackets and behind "\".
func dateCode(code string) bool {
	code = strings.ToLower(code)
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

// number writes a number as the reference converter does: whole numbers without a point, others with the fewest digits; dates and times as ISO 8601 does.
func (b *Book) number(style, value string) string {
	value = strings.TrimSpace(value)
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return value
	}
	if n, err := strconv.Atoi(style); err == nil && n >= 0 && n < len(b.dates) && b.dates[n] {
		if text := b.date(f); text != "" {
			return text
		}
	}
	if size := math.Abs(f); size >= 1e21 || size != 0 && size < 1e-7 {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// date writes the day, the time, or both that a number of days stands for; "" for a number that is no day.
func (b *Book) date(days float64) string {
	if days < 0 || days >= 2958466 { // behind 9999-12-31
		return ""
	}
	whole := math.Floor(days)
	seconds := math.Round((days - whole) * 86400)
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case b.from904:
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

// plain writes a text without the escapes that workbooks have for control characters ("_x000D_" for a carriage return).
func plain(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(text, "_x")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		if len(after) >= 5 && after[4] == '_' {
			if n, err := strconv.ParseUint(after[:4], 16, 16); err == nil {
				if n != '\r' {
					b.WriteRune(rune(n))
				}
				text = after[5:]
				continue
			}
		}
		b.WriteString("_x")
		text = after
	}
}
