package record

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads JSON strictly, in one pass: valid UTF-8 only, no key twice in an object, no lone surrogates.
// encoding/json takes the last of two equal keys and keys in any case, so that two readers of one revision
// could read two different answers.
type scanner struct {
	b string
	i int
}

// maxDepth bounds the nesting of what is passed over.
const maxDepth = 32

func (s *scanner) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\t', '\n', '\r':
			s.i++
		default:
			return
		}
	}
}

// peek returns the next byte after white space; 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

func (s *scanner) fail(what string) error {
	return &RevisionError{Code: NotJSON, Offset: s.i, Reason: what}
}

// take consumes c, which must be next.
func (s *scanner) take(c byte) error {
	if s.peek() != c {
		return s.fail("expected " + string(rune(c)))
	}
	s.i++
	return nil
}

// each calls do for each member of an object, standing at the member's value, which do must consume.
func (s *scanner) object(do func(key string) error) error {
	if err := s.take('{'); err != nil {
		return err
	}
	if s.peek() == '}' {
		s.i++
		return nil
	}
	for {
		key, err := s.text()
		if err != nil {
			return err
		}
		if err := s.take(':'); err != nil {
			return err
		}
		if err := do(key); err != nil {
			return err
		}
		if s.peek() == '}' {
			s.i++
			return nil
		}
		if err := s.take(','); err != nil {
			return err
		}
	}
}

// array calls do for each element, standing at it.
func (s *scanner) array(do func() error) error {
	if err := s.take('['); err != nil {
		return err
	}
	if s.peek() == ']' {
		s.i++
		return nil
	}
	for {
		if err := do(); err != nil {
			return err
		}
		if s.peek() == ']' {
			s.i++
			return nil
		}
		if err := s.take(','); err != nil {
			return err
		}
	}
}

// text consumes a string.
func (s *scanner) text() (string, error) {
	if err := s.take('"'); err != nil {
		return "", err
	}
	start := s.i
	all := byte(0)
	for ; s.i < len(s.b); s.i++ {
		c := s.b[s.i]
		all |= c
		switch {
		case c == '"':
			raw := s.b[start:s.i]
			if all >= utf8.RuneSelf && !utf8.ValidString(raw) {
				return "", s.fail("a string is no valid UTF-8")
			}
			s.i++
			return raw, nil
		case c == '\\':
			return s.escapedText(start)
		case c < ' ':
			return "", s.fail("a control character in a string")
		}
	}
	return "", s.fail("a string does not end")
}

// escapedText goes on with a string whose first escape is next.
func (s *scanner) escapedText(start int) (string, error) {
	var out strings.Builder
	out.WriteString(s.b[start:s.i])
	for s.i < len(s.b) {
		c := s.b[s.i]
		switch {
		case c == '"':
			s.i++
			if text := out.String(); utf8.ValidString(text) {
				return text, nil
			}
			return "", s.fail("a string is no valid UTF-8")
		case c == '\\':
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			out.WriteRune(r)
		case c < ' ':
			return "", s.fail("a control character in a string")
		default:
			out.WriteByte(c)
			s.i++
		}
	}
	return "", s.fail("a string does not end")
}

// escape consumes an escape in a string.
func (s *scanner) escape() (rune, error) {
	if s.i+1 >= len(s.b) {
		return 0, s.fail("a string does not end")
	}
	c := s.b[s.i+1]
	if c == 'u' {
		r, err := s.hex4()
		if err != nil || !utf16.IsSurrogate(r) {
			return r, err
		}
		second, err := s.hex4()
		if err != nil {
			return 0, err
		}
		if r = utf16.DecodeRune(r, second); r == utf8.RuneError {
			return 0, s.fail("half a character in a string")
		}
		return r, nil
	}
	const letters, meanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	i := strings.IndexByte(letters, c)
	if i < 0 {
		return 0, s.fail("an unknown escape in a string")
	}
	s.i += 2
	return rune(meanings[i]), nil
}

// hex4 consumes \uXXXX.
func (s *scanner) hex4() (rune, error) {
	if len(s.b)-s.i < 6 || s.b[s.i] != '\\' || s.b[s.i+1] != 'u' {
		return 0, s.fail("half a character in a string")
	}
	var r rune
	for _, c := range []byte(s.b[s.i+2 : s.i+6]) {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if d < 0 || c < '0' {
			return 0, s.fail("an unknown escape in a string")
		}
		r = r<<4 | rune(d)
	}
	s.i += 6
	return r, nil
}

// number consumes a number and returns its text as written.
func (s *scanner) number() (string, error) {
	s.space()
	start := s.i
	if s.i < len(s.b) && s.b[s.i] == '-' {
		s.i++
	}
	whole := s.i
	if !s.digits() || (s.b[whole] == '0' && s.i > whole+1) {
		return "", s.fail("expected a number")
	}
	if s.i < len(s.b) && s.b[s.i] == '.' {
		s.i++
		if !s.digits() {
			return "", s.fail("expected digits")
		}
	}
	if s.i < len(s.b) && s.b[s.i]|0x20 == 'e' {
		s.i++
		if s.i < len(s.b) && (s.b[s.i] == '+' || s.b[s.i] == '-') {
			s.i++
		}
		if !s.digits() {
			return "", s.fail("expected digits")
		}
	}
	return s.b[start:s.i], nil
}

func (s *scanner) digits() bool {
	start := s.i
	for s.i < len(s.b) && s.b[s.i] >= '0' && s.b[s.i] <= '9' {
		s.i++
	}
	return s.i > start
}

// word consumes true, false or null.
func (s *scanner) word() (string, error) {
	s.space()
	for _, w := range []string{"true", "false", "null"} {
		if strings.HasPrefix(s.b[s.i:], w) {
			s.i += len(w)
			return w, nil
		}
	}
	return "", s.fail("expected a value")
}

// skip consumes any value, checks its form, and returns its text. Keys of objects that are passed over may repeat.
func (s *scanner) skip(depth int) (string, error) {
	c := s.peek()
	start := s.i
	var err error
	switch {
	case depth > maxDepth:
		return "", &RevisionError{Code: TooDeep, Offset: s.i, Reason: "nested too deeply"}
	case c == '{':
		err = s.object(func(string) error { _, err := s.skip(depth + 1); return err })
	case c == '[':
		err = s.array(func() error { _, err := s.skip(depth + 1); return err })
	case c == '"':
		_, err = s.text()
	case c == '-' || c >= '0' && c <= '9':
		_, err = s.number()
	default:
		_, err = s.word()
	}
	return s.b[start:s.i], err
}

// end fails unless nothing but white space is left.
func (s *scanner) end() error {
	if s.peek() != 0 || s.i < len(s.b) {
		return s.fail("more after the end")
	}
	return nil
}
