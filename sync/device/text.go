package device

import (
	"fmt"
	"strings"
	"unicode"
)

// alphabet is Crockford's base 32: no I, L, O or U, so that nothing read aloud or copied by hand is taken for another.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// TextError says why an ID, a code or a link that somebody typed or copied is not right.
type TextError struct {
	What   string // "device ID", "code", "link"
	Reason TextReason
	Detail string // for people: the odd character, the missing part; may be empty
}

// TextReason is a closed list, so that screens can say it in the reader's language.
type TextReason string

// The reasons.
const (
	WrongLength    TextReason = "length"    // too few or too many characters
	WrongCharacter TextReason = "character" // a character that is in no ID or code
	WrongCheck     TextReason = "check"     // the check characters don't fit: something was misread
	Incomplete     TextReason = "part"      // a part of a link is missing or makes no sense
	NotALink       TextReason = "not-a-link"
	NewerLink      TextReason = "newer-version"
)

func (e *TextError) Error() string {
	sentence := map[TextReason]string{
		WrongLength:    "it does not have the right number of characters",
		WrongCharacter: "a character does not belong in it",
		WrongCheck:     "its check does not fit, some character was mistaken",
		Incomplete:     "a part of it is missing or damaged",
		NotALink:       "it is not an invitation's link",
		NewerLink:      "it was made by a newer version",
	}[e.Reason]
	if e.Detail != "" {
		sentence += " (" + e.Detail + ")"
	}
	return fmt.Sprintf("device: not a valid %s: %s", e.What, sentence)
}

// symbols brings what somebody typed into symbols 0..31. Case does not matter, blanks and hyphens of any sort are passed
// over, O is 0, I and L are 1.
func symbols(what, s string) ([]byte, error) {
	var out []byte
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		i := symbol(r)
		if i < 0 {
			return nil, &TextError{What: what, Reason: WrongCharacter, Detail: fmt.Sprintf("%q", r)}
		}
		out = append(out, byte(i))
	}
	return out, nil
}

// symbol returns the value of one character, -1 for one outside the alphabet.
func symbol(r rune) int {
	switch {
	case r == 'o' || r == 'O':
		return 0
	case r == 'i' || r == 'I' || r == 'l' || r == 'L':
		return 1
	case 'a' <= r && r <= 'z':
		r -= 'a' - 'A'
	}
	return strings.IndexRune(alphabet, r)
}

// letters writes symbols in groups joined by hyphens; group 0 means one run.
func letters(symbols []byte, group int) string {
	var b strings.Builder
	for i, s := range symbols {
		if group > 0 && i > 0 && i%group == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(alphabet[s])
	}
	return b.String()
}

// toSymbols cuts bytes into n symbols of five bits, the highest bits first. Bits past the end of b count as zero.
func toSymbols(b []byte, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		for bit := i * 5; bit < i*5+5; bit++ {
			out[i] <<= 1
			if bit/8 < len(b) {
				out[i] |= b[bit/8] >> (7 - bit%8) & 1
			}
		}
	}
	return out
}

// fromSymbols undoes toSymbols; false when a bit beyond size bytes is set.
func fromSymbols(symbols []byte, size int) ([]byte, bool) {
	out := make([]byte, size)
	for bit := range len(symbols) * 5 {
		set := symbols[bit/5]>>(4-bit%5)&1 == 1
		if set && bit/8 >= size {
			return nil, false
		}
		if set {
			out[bit/8] |= 1 << (7 - bit%8)
		}
	}
	return out, true
}
