package xlsform

import (
	"strings"

	"vereda/survey/spelling"
)

// nearest returns the word of a list that a person most likely meant by s, or "" when none is near: at most one slip in short
// words, two in words of six letters or more, none in words of one or two.
func nearest(s string, words []string) string {
	allowed := 0
	switch {
	case len(s) >= 6:
		allowed = 2
	case len(s) >= 3:
		allowed = 1
	}
	best := ""
	for _, w := range words {
		if d := spelling.Slips(strings.ToLower(s), strings.ToLower(w), allowed); d <= allowed && w != s {
			best, allowed = w, d-1
		}
	}
	return best
}

// maxHints is the number of problems after which no near words are looked for any more.
const maxHints = 500

// nearest is nearest while there are few problems: in a workbook with thousands it would take minutes, and nobody reads so far.
func (r *reader) nearest(s string, words func() []string) string {
	if len(r.problems) > maxHints {
		return ""
	}
	return nearest(s, words())
}
