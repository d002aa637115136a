package xlsx

import (
	"math"
	"strconv"
	"strings"

	"vereda/survey/xlsform/number"
)

// readStyles finds the styles that show numbers as days or times.
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
				id := s.attr("numFmtId")
				format, _ := strconv.Atoi(id)
				b.dates = append(b.dates, number.IsDate(format, codes[id]))
			}
		}
		return nil
	})
}

// number writes the number in a cell: as a day or a time where its style shows it so.
func (b *Book) number(style, value string) string {
	value = strings.TrimSpace(value)
	v, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return value
	}
	if n, err := strconv.Atoi(style); err == nil && n >= 0 && n < len(b.dates) && b.dates[n] {
		return number.Day(v, b.from1904)
	}
	return number.Text(v)
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
