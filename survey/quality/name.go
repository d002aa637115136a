package quality

import (
	"math/bits"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// word is one name of a person: "garcia", how it sounds, and which letters it has.
type word struct {
	text    string
	sound   uint32 // the consonants
	said    uint32 // a hash of all sounds
	letters uint32 // a bit for each of a to z; all others are the bits above
}

func newWord(text string) word {
	w := word{text: text}
	w.sound, w.said = sound(text)
	for i := range len(text) {
		w.letters |= 1 << min(uint32(text[i]-'a'), 26+uint32(text[i]%6))
	}
	return w
}

// particles and honorifics are left out of names in one form and written in the next.
var particles = map[string]bool{
	"de": true, "del": true, "la": true, "las": true, "los": true, "le": true, "les": true, "du": true, "des": true, "da": true, "do": true, "das": true,
	"dos": true, "di": true, "van": true, "von": true, "y": true, "e": true, "i": true, "d": true, "l": true, "don": true, "dona": true, "dn": true, "sr": true, "sra": true,
	"srta": true, "seu": true, "mr": true, "mrs": true, "mme": true, "mlle": true,
}

// shortened are abbreviations of names that people write.
var shortened = map[string]string{"ma": "maria", "mª": "maria", "fco": "francisco", "jn": "jean", "jne": "jeanne", "hno": "hermano", "fdo": "fernando", "gpe": "guadalupe"}

// mostWords is how many words of a name, or of an address, are looked at.
const mostWords = 16

// words takes a person's name apart, without particles; all of it when there is nothing else.
func words(s string) []word {
	fields := strings.Fields(fold(s))
	fields = fields[:min(len(fields), mostWords)]
	kept := make([]word, 0, len(fields))
	for _, f := range fields {
		if particles[f] {
			continue
		}
		if long := shortened[f]; long != "" {
			f = long
		}
		kept = append(kept, newWord(f))
	}
	if len(kept) == 0 {
		for _, f := range fields {
			kept = append(kept, newWord(f))
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
	var used uint32
	for i := range a {
		best, at := 0.0, -1
		for j := range b {
			if used&(1<<j) != 0 {
				continue
			}
			if s := alike(&a[i], &b[j]); s > best {
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

// From what on two words are alike at all, and what less counts for: any two names have letters in common.
const (
	alikeAtAll = 0.7
	unlike     = 0.4
)

// alike compares two words. An initial is like any name that begins with it; names that sound the same are at least 0.95 alike.
func alike(a, b *word) float64 {
	switch {
	case a.text == b.text:
		return 1
	case len(a.text) == 1 || len(b.text) == 1:
		if a.text[0] == b.text[0] {
			return 0.85
		}
		return unlike
	case a.said == b.said:
		return max(jaroWinkler(a.text, b.text), 0.95)
	case mostAlike(a, b) < alikeAtAll:
		return unlike
	}
	if s := jaroWinkler(a.text, b.text); s >= alikeAtAll {
		return s
	}
	return unlike
}

// mostAlike is a bound that jaroWinkler does not exceed: each letter that the other word has not is lost.
func mostAlike(a, b *word) float64 {
	x, y := min(len(a.text), 64), min(len(b.text), 64)
	common := float64(min(x-bits.OnesCount32(a.letters&^b.letters), y-bits.OnesCount32(b.letters&^a.letters)))
	if x < len(a.text) || y < len(b.text) {
		common = float64(min(x, y))
	}
	jaro := (common/float64(x) + common/float64(y) + 1) / 3
	return jaro + float64(samePrefix(a.text, b.text))*0.1*(1-jaro)
}

// samePrefix counts up to four equal letters at the beginning.
func samePrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b), 4) && a[n] == b[n] {
		n++
	}
	return n
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
	return jaro + float64(samePrefix(a, b))*0.1*(1-jaro)
}
