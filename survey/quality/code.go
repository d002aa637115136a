package quality

import (
	"cmp"
	"strings"

	"vereda/survey/spelling"
)

// code writes the code of an area or the number of a household in one way: "A-007" and "a 7" are "a7", "05-01" is "5-1". A code of
// nothing but zeros is none.
func code(s string) string {
	folded := fold(s)
	var b strings.Builder
	b.Grow(len(folded))
	something := false
	for i, digits := 0, false; i < len(folded); {
		end := run(folded, i)
		switch part := folded[i:end]; {
		case part[0] == ' ':
		case !digit(part[0]):
			b.WriteString(part)
			digits, something = false, true
		default:
			if digits {
				b.WriteByte('-')
			}
			part = strings.TrimLeft(part, "0")
			digits, something = true, something || part != ""
			b.WriteString(cmp.Or(part, "0"))
		}
		i = end
	}
	if !something {
		return ""
	}
	return b.String()
}

// run returns where the run of digits, blanks or other characters ends that begins at i.
func run(s string, i int) int {
	end := i + 1
	for end < len(s) && digit(s[end]) == digit(s[i]) && (s[end] == ' ') == (s[i] == ' ') {
		end++
	}
	return end
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// codes compares two codes as code writes them. A slip counts only in codes of three characters or more: every number of a short
// list is a slip away from most others.
func codes(a, b string) Agreement {
	switch {
	case a == "" || b == "":
		return Unknown
	case a == b:
		return Same
	case min(len(a), len(b)) >= 3 && slipped(a, b):
		return Similar
	}
	return Differ
}

// slipped reports whether one slip of the fingers makes b of a.
func slipped(a, b string) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return max(len(a), len(b)) <= 2 && spelling.Slips(a, b, 1) == 1
}

// numbers compares the numbers of two households as code writes them: "12" and "12a" share a dwelling and were told apart on purpose.
func numbers(a, b string) Agreement {
	level := codes(a, b)
	if level == Unknown || level == Same {
		return level
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if base := strings.TrimRight(a, "abcdefgh"); strings.HasPrefix(b, base) && base != "" && !digit(b[len(base)]) {
		return Partly
	}
	return level
}

// phoneDigits is how many digits at the end of a telephone number are compared: what stands before them is written in one interview and left
// out in the next.
const phoneDigits = 8

// phone returns the last digits of a telephone number; "" for what is none: fewer than six digits, or one digit over and over.
func phone(s string) string {
	var digits []byte
	for _, c := range []byte(s) {
		if digit(c) {
			digits = append(digits, c)
		}
	}
	last := string(digits[max(0, len(digits)-phoneDigits):])
	if len(last) < 6 || strings.Count(last, last[:1]) == len(last) {
		return ""
	}
	return last
}

// phones compares the numbers of two households: the best of all combinations counts.
func phones(a, b []string) (Agreement, int, int) {
	best, x, y := Unknown, 0, 0
	for i, p := range a {
		for j, q := range b {
			n := min(len(p), len(q))
			if n == 0 {
				continue
			}
			p, q := p[len(p)-n:], q[len(q)-n:]
			switch {
			case p == q:
				return Same, i, j
			case best != Similar && slipped(p, q):
				best, x, y = Similar, i, j
			case best == Unknown:
				best = Differ
			}
		}
	}
	return best, x, y
}
