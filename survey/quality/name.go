package quality

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// word is one name of a person: "garcia", and how it sounds.
type word struct {
	text  string
	sound uint32
}

// particles and honorifics are left out of names in one form and written in the next.
var particles = map[string]bool{
	"de": true, "del": true, "la": true, "las": true, "los": true, "le": true, "les": true, "du": true, "des": true, "da": true, "do": true, "das": true,
	"dos": true, "di": true, "van": true, "von": true, "y": true, "e": true, "i": true, "d": true, "l": true, "don": true, "dona": true, "dn": true, "sr": true, "sra": true,
	"srta": true, "seu": true, "mr": true, "mrs": true, "mme": true, "mlle": true,
}

// shortened are abbreviations of names that people write.
var shortened = map[string]string{"ma": "maria", "mª": "maria", "fco": "francisco", "jn": "jean", "jne": "jeanne", "hno": "hermano", "fdo": "fernando", "gpe": "guadalupe"}

// words takes a person's name apart, without particles; all of it when there is nothing else.
func words(s string) []word {
	fields := strings.Fields(fold(s))
	kept := make([]word, 0, len(fields))
	for _, f := range fields {
		if particles[f] {
			continue
		}
		if long := shortened[f]; long != "" {
			f = long
		}
		kept = append(kept, word{f, sound(f)})
	}
	if len(kept) == 0 {
		for _, f := range fields {
			kept = append(kept, word{f, sound(f)})
		}
	}
	return kept
}

// fold writes letters small and without marks, and a blank for everything that is neither letter nor digit. Folding twice changes
// nothing.
func fold(s string) string {
	if plain, ok := foldASCII(s); ok {
		return plain
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToLower(norm.NFKD.String(s))) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case letters[r] != "":
			b.WriteString(letters[r])
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// letters are those that have no mark to take off.
var letters = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'ı': "i", 'þ': "th"}

// foldASCII folds a text of plain letters; false for others.
func foldASCII(s string) (string, bool) {
	same := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 0x80:
			return "", false
		case c != ' ' && (c < 'a' || c > 'z') && (c < '0' || c > '9'):
			same = false
		}
	}
	if same {
		return s, true
	}
	b := []byte(s)
	for i, c := range b {
		switch {
		case c >= 'A' && c <= 'Z':
			b[i] = c + 'a' - 'A'
		case (c < 'a' || c > 'z') && (c < '0' || c > '9'):
			b[i] = ' '
		}
	}
	return string(b), true
}

// likeness tells how alike two names are, from 0 to 1, whatever the order of the words: each word of the shorter finds the word of
// the longer that is most like it; half counts their mean and half the worst, since brothers and sisters share all but one word. A single
// word beside several is like them, but never the same.
func likeness(a, b []word) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0
	}
	sum, worst := 0.0, 1.0
	var used uint64
	for _, w := range a {
		best, at := 0.0, -1
		for j, x := range b {
			if j >= 64 || used&(1<<j) != 0 {
				continue
			}
			if s := alike(w, x); s > best {
				best, at = s, j
			}
		}
		if at >= 0 {
			used |= 1 << at
		}
		sum += best
		worst = min(worst, best)
	}
	both := (sum/float64(len(a)) + worst) / 2
	if len(a) == 1 && len(b) > 1 {
		return both * 0.92
	}
	return both
}

// alike compares two words. An initial is like any name that begins with it; names that sound the same are at least 0.93 alike.
func alike(a, b word) float64 {
	switch {
	case a.text == b.text:
		return 1
	case len(a.text) == 1 || len(b.text) == 1:
		if a.text[0] == b.text[0] {
			return 0.85
		}
		return 0
	}
	s := jaroWinkler(a.text, b.text)
	if a.sound == b.sound {
		return max(s, 0.93)
	}
	return s
}

// jaroWinkler is the similarity of Jaro (1989) with Winkler's bonus (1990) for up to four equal letters at the beginning, over bytes: of folded
// Latin names these are the letters. Of longer words than 64 bytes the rest is not looked at.
func jaroWinkler(a, b string) float64 {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	if a == b {
		return 1
	}
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	reach := max(len(a), len(b))/2 - 1
	var inA, inB uint64
	same := 0
	for i := range len(a) {
		for j := max(0, i-reach); j < min(len(b), i+reach+1); j++ {
			if inB&(1<<j) == 0 && a[i] == b[j] {
				inA |= 1 << i
				inB |= 1 << j
				same++
				break
			}
		}
	}
	if same == 0 {
		return 0
	}
	moved, j := 0, 0
	for i := range len(a) {
		if inA&(1<<i) == 0 {
			continue
		}
		for inB&(1<<j) == 0 {
			j++
		}
		if a[i] != b[j] {
			moved++
		}
		j++
	}
	m := float64(same)
	jaro := (m/float64(len(a)) + m/float64(len(b)) + (m-float64(moved/2))/m) / 3
	first := 0
	for first < min(len(a), len(b), 4) && a[first] == b[first] {
		first++
	}
	return jaro + float64(first)*0.1*(1-jaro)
}
