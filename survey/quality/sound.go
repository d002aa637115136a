package quality

// sounds are six letters of five bits.
const sounds = 6

// sound writes down how a folded name sounds in the languages of the region, roughly: consonants are the first sound and the consonants after
// it, at most six, and all is a hash of all sounds; a repeated one counts once. What Spanish, Portuguese, French and Haitian Creole write
// differently and say alike is one letter: b v w, s z x and c before e and i, c k q qu, g gu, g before e and i and j, ll y i, ph f, m and n at the
// end. Silent h is left out. The consonants are ordered as their letters are.
func sound(name string) (consonants, all uint32) {
	n, last := 0, byte(0)
	everything := newHash()
	for i := 0; i < len(name); {
		c, length := said(name[i:])
		i += length
		if c == 0 || c == last {
			continue
		}
		last = c
		everything = everything.number(uint32(c))
		vowel := c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'
		if n < sounds && c >= 'a' && c <= 'z' && (!vowel || n == 0) {
			consonants |= uint32(c-'a'+1) << (5 * (sounds - 1 - n))
			n++
		}
	}
	return consonants, uint32(everything ^ everything>>32)
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
		if next == 'u' && len(s) > 2 && (s[2] == 'e' || s[2] == 'i') {
			return 'g', 2
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
		if next == 'u' {
			return 'k', 2
		}
		return 'k', 1
	case 'y':
		return 'i', 1
	case 'h':
		return 0, 1
	default:
		return c, 1
	}
}
