package xlsx

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// token is what a scanner finds.
type token uint8

const (
	startTag token = iota + 1
	endTag
	words
	end
)

// scanner reads the XML of a part as spreadsheet programs write it: elements, attributes and text. It knows no entities but those of XML itself, and no
// document types, and holds elements to their nesting: a part that ends too early is an error.
type scanner struct {
	rest  string
	name  string // of the last tag, without prefix
	attrs string // of the last start tag, as written
	text  string // the last words
	open  []string
	empty bool // the last start tag is its own end; the end tag comes next

	pieces []string // of a text, for those who put it together
}

// Errors of damaged parts.
var (
	errCut      = errors.New("the XML ends in the middle")
	errNesting  = errors.New("the elements of the XML do not nest")
	errEntity   = errors.New("the XML refers to an entity that is not there")
	errMarkup   = errors.New("the XML is damaged")
	errEncoding = errors.New("the XML is not in UTF-8")
)

func newScanner(part string) *scanner { return &scanner{rest: strings.TrimPrefix(part, "\uFEFF")} }

// next returns the next token; end once all elements are closed and nothing follows.
func (s *scanner) next() (token, error) {
	if s.empty {
		s.empty = false
		return s.close(s.name)
	}
	for s.rest != "" {
		if s.rest[0] != '<' {
			n := strings.IndexByte(s.rest, '<')
			if n < 0 {
				n = len(s.rest)
			}
			raw := s.rest[:n]
			s.rest = s.rest[n:]
			if len(s.open) == 0 {
				if strings.TrimSpace(raw) != "" {
					return 0, errMarkup
				}
				continue
			}
			var err error
			s.text, err = unescape(raw)
			return words, err
		}
		switch {
		case strings.HasPrefix(s.rest, "<![CDATA["):
			text, rest, ok := strings.Cut(s.rest[len("<![CDATA["):], "]]>")
			if !ok {
				return 0, errCut
			}
			s.text, s.rest = text, rest
			return words, nil
		case strings.HasPrefix(s.rest, "<!--"):
			if err := s.skip("-->"); err != nil {
				return 0, err
			}
		case strings.HasPrefix(s.rest, "<?"):
			if err := s.skip("?>"); err != nil {
				return 0, err
			}
		case strings.HasPrefix(s.rest, "<!"):
			return 0, errMarkup
		default:
			return s.tag()
		}
	}
	if len(s.open) > 0 {
		return 0, errCut
	}
	return end, nil
}

func (s *scanner) skip(to string) error {
	_, rest, ok := strings.Cut(s.rest, to)
	if !ok {
		return errCut
	}
	s.rest = rest
	return nil
}

// maxNesting is how deep elements may lie in each other.
const maxNesting = 100

// tag reads a start tag or an end tag.
func (s *scanner) tag() (token, error) {
	n := tagEnd(s.rest)
	if n < 0 {
		return 0, errCut
	}
	inside := s.rest[1:n]
	s.rest = s.rest[n+1:]
	if name, ok := strings.CutPrefix(inside, "/"); ok {
		return s.close(local(strings.TrimSpace(name)))
	}
	inside, s.empty = strings.CutSuffix(inside, "/")
	cut := strings.IndexAny(inside, " \t\r\n")
	if cut < 0 {
		cut = len(inside)
	}
	s.name, s.attrs = local(inside[:cut]), inside[cut:]
	if s.name == "" || len(s.open) == maxNesting {
		return 0, errMarkup
	}
	s.open = append(s.open, s.name)
	return startTag, nil
}

// tagEnd returns the place of the ">" that closes a tag, which is not one in the quotes of an attribute; -1 for none.
func tagEnd(text string) int {
	quote := byte(0)
	for n := 0; n < len(text); n++ {
		switch c := text[n]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return n
		}
	}
	return -1
}

func (s *scanner) close(name string) (token, error) {
	if len(s.open) == 0 || s.open[len(s.open)-1] != name {
		return 0, errNesting
	}
	s.open = s.open[:len(s.open)-1]
	s.name = name
	return endTag, nil
}

// local returns a name without its prefix.
func local(name string) string { return name[strings.IndexByte(name, ':')+1:] }

// attr returns the value of an attribute of the last start tag, by its name without prefix; "" for none.
func (s *scanner) attr(name string) string {
	rest := s.attrs
	for {
		key, after, ok := strings.Cut(rest, "=")
		after = strings.TrimLeft(after, " \t\r\n")
		if !ok || after == "" || after[0] != '"' && after[0] != '\'' {
			return ""
		}
		value, tail, ok := strings.Cut(after[1:], after[:1])
		if !ok {
			return ""
		}
		if local(strings.TrimSpace(key)) == name {
			if text, err := unescape(value); err == nil {
				return text
			}
			return ""
		}
		rest = tail
	}
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

var entities = map[string]string{"lt": "<", "gt": ">", "amp": "&", "quot": `"`, "apos": "'"}

// unescape puts characters in the place of references.
func unescape(raw string) (string, error) {
	if !utf8.ValidString(raw) {
		return "", errEncoding
	}
	if strings.IndexByte(raw, '\r') >= 0 { // XML 1.0, 2.11
		raw = lineEnds.Replace(raw)
	}
	if strings.IndexByte(raw, '&') < 0 {
		return raw, nil
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(raw, "&")
		b.WriteString(before)
		if !ok {
			return b.String(), nil
		}
		name, rest, closed := strings.Cut(after, ";")
		if !closed {
			return "", errEntity
		}
		if text, ok := entities[name]; ok {
			b.WriteString(text)
		} else if r, ok := character(name); ok {
			b.WriteRune(r)
		} else {
			return "", errEntity
		}
		raw = rest
	}
}

// character reads "#65" or "#x41".
func character(name string) (rune, bool) {
	digits, ok := strings.CutPrefix(name, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	return rune(n), ok && err == nil && utf8.ValidRune(rune(n))
}
