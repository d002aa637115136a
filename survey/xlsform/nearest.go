package xlsform

import "strings"

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
		if d := slips(strings.ToLower(s), strings.ToLower(w), allowed); d <= allowed && w != s {
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

// slips counts letters to insert, delete, replace or swap with their neighbour to make b of a (optimal string alignment); anything
// above limit is limit+1.
func slips(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if limit < 0 || len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	before, last := []int(nil), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return min(last[len(y)], limit+1)
}
