package quality

import "strings"

// sounds are six letters of five bits.
const sounds = 6

// sound writes down how a folded name sounds in the languages of the region, roughly: the first sound and the consonants after it, each
// repeated one once, at most six. What Spanish, Portuguese, French and Haitian Creole write differently and say alike is one letter: b v w,
// s z and c before e and i, c k q, g before e and i and j, ll y i, ph f, m and n at the end. Silent h is left out. Codes are ordered as the
// letters are.
func sound(name string) uint32 {
	code, n, last := uint32(0), 0, byte(0)
	put := func(c byte) {
		vowel := strings.IndexByte("aeiou", c) >= 0
		if n < sounds && c != last && (!vowel || n == 0) {
			code |= uint32(c-'a'+1) << (5 * (sounds - 1 - n))
			n++
		}
		last = c
	}
	for i := 0; i < len(name); {
		c, length := said(name[i:])
		if c != 0 {
			put(c)
		}
		i += length
	}
	return code
}

// said returns the first sound of a text, 0 for none, and how many bytes write it.
func said(s string) (byte, int) {
	next := byte(0)
	if len(s) > 1 {
		next = s[1]
	}
	front := next == 'e' || next == 'i' || next == 'y'
	switch c := s[0]; c {
	case 'c':
		if next == 'h' {
			return 'x', 2
		}
		if front {
			return 's', 1
		}
		return 'k', 1
	case 's':
		if next == 'h' {
			return 'x', 2
		}
		return 's', 1
	case 'p':
		if next == 'h' {
			return 'f', 2
		}
		return 'p', 1
	case 'l':
		if next == 'l' {
			return 'i', 2
		}
		return 'l', 1
	case 'g':
		if front {
			return 'j', 1
		}
		return 'g', 1
	case 'm':
		if len(s) == 1 {
			return 'n', 1
		}
		return 'm', 1
	case 'v', 'w':
		return 'b', 1
	case 'z', 'x':
		return 's', 1
	case 'q':
		return 'k', 1
	case 'y':
		return 'i', 1
	case 'h':
		return 0, 1
	default:
		if c >= 'a' && c <= 'z' {
			return c, 1
		}
		return 0, 1
	}
}
