package xpath

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokNumber
	tokString
	tokName // QName, or prefix:*, or *
	tokFunc // a name before a parenthesis
	tokAxis // a name before ::
	tokOp   // an operator or a mark
)

type token struct {
	kind tokenKind
	text string
	at   int
}

// lex cuts an expression into tokens. XPath 1.0, section 3.7, says when "*", "and", "or", "div" and "mod" are operators: after
// something that can be an operand.
func lex(src string) ([]token, error) {
	l := lexer{src: src}
	for {
		l.skipSpace()
		if l.pos >= len(src) {
			break
		}
		if len(l.out) >= maxTokens {
			return nil, &SyntaxError{src, l.pos, "the expression is too long"}
		}
		if err := l.next(); err != nil {
			return nil, err
		}
	}
	l.add(tokEnd, "", len(src))
	return l.out, nil
}

type lexer struct {
	src string
	pos int
	out []token
}

func (l *lexer) add(k tokenKind, text string, at int) { l.out = append(l.out, token{k, text, at}) }

func (l *lexer) skipSpace() {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			l.pos++
		case c == 0xc2 && strings.HasPrefix(l.src[l.pos:], "\u00a0"):
			l.pos += 2
		default:
			return
		}
	}
}

// afterOperand reports whether what was read last can stand left of an operator.
func (l *lexer) afterOperand() bool {
	if len(l.out) == 0 {
		return false
	}
	t := l.out[len(l.out)-1]
	switch t.kind {
	case tokNumber, tokString, tokName:
		return true
	case tokOp:
		return t.text == ")" || t.text == "]" || t.text == "." || t.text == ".."
	}
	return false
}

var marks = []string{"!=", "<=", ">=", "//", "::", "..", "(", ")", "[", "]", "@", ",", "|", "+", "-", "=", "<", ">", "/", ".", "$"}

func (l *lexer) next() error {
	c, at := l.src[l.pos], l.pos
	switch {
	case c == '\'' || c == '"':
		return l.quoted(c)
	case isDigit(c) || c == '.' && l.pos+1 < len(l.src) && isDigit(l.src[l.pos+1]):
		l.number()
		return nil
	case c == '*':
		l.pos++
		if l.afterOperand() {
			l.add(tokOp, "*", at)
		} else {
			l.add(tokName, "*", at)
		}
		return nil
	}
	if strings.HasPrefix(l.src[l.pos:], "${") {
		return &SyntaxError{l.src, at, "${…} is for workbooks; here a path must stand"}
	}
	for _, m := range marks {
		if strings.HasPrefix(l.src[l.pos:], m) {
			l.pos += len(m)
			l.add(tokOp, m, at)
			return nil
		}
	}
	return l.name()
}

func (l *lexer) quoted(q byte) error {
	end := strings.IndexByte(l.src[l.pos+1:], q)
	if end < 0 {
		return &SyntaxError{l.src, l.pos, unclosedText}
	}
	l.add(tokString, l.src[l.pos+1:l.pos+1+end], l.pos)
	l.pos += end + 2
	return nil
}

// unclosedText is the reason of a SyntaxError at a text that has no quotation mark behind it.
const unclosedText = "a text in quotes does not end"

func (l *lexer) number() {
	at := l.pos
	for l.pos < len(l.src) && isDigit(l.src[l.pos]) {
		l.pos++
	}
	if l.pos < len(l.src) && l.src[l.pos] == '.' {
		l.pos++
		for l.pos < len(l.src) && isDigit(l.src[l.pos]) {
			l.pos++
		}
	}
	l.add(tokNumber, l.src[at:l.pos], at)
}

func (l *lexer) name() error {
	at := l.pos
	if !l.ncName() {
		r, _ := utf8.DecodeRuneInString(l.src[at:])
		return &SyntaxError{l.src, at, unexpectedRune(r)}
	}
	if l.afterOperand() {
		if op := wordOperator(l.src[at:l.pos]); op != "" {
			l.pos = at + len(op)
			l.add(tokOp, op, at)
			return nil
		}
	}
	if strings.HasPrefix(l.src[l.pos:], ":") && !strings.HasPrefix(l.src[l.pos:], "::") {
		l.pos++
		if strings.HasPrefix(l.src[l.pos:], "*") {
			l.pos++
		} else if !l.ncName() {
			return &SyntaxError{l.src, l.pos, "a name is missing after the colon"}
		}
	}
	word := l.src[at:l.pos]
	l.skipSpace()
	switch rest := l.src[l.pos:]; {
	case strings.HasPrefix(rest, "::"):
		l.add(tokAxis, word, at)
	case strings.HasPrefix(rest, "("):
		l.add(tokFunc, word, at)
	default:
		l.add(tokName, word, at)
	}
	return nil
}

// ncName moves over a name without colon.
func (l *lexer) ncName() bool {
	start := l.pos
	for l.pos < len(l.src) {
		r, n := utf8.DecodeRuneInString(l.src[l.pos:])
		if !nameRune(r, l.pos == start) {
			break
		}
		l.pos += n
	}
	return l.pos > start
}

func nameRune(r rune, first bool) bool {
	switch {
	case r < utf8.RuneSelf:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || !first && (r >= '0' && r <= '9' || r == '-' || r == '.')
	case r == utf8.RuneError:
		return false
	case first:
		return unicode.IsLetter(r)
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '·'
}

// wordOperator returns the operator that a word is, or that stands at once before a number, as in "1div2".
func wordOperator(word string) string {
	for _, op := range []string{"and", "or", "div", "mod"} {
		if rest, ok := strings.CutPrefix(word, op); ok && (rest == "" || isDigit(rest[0])) {
			return op
		}
	}
	return ""
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func unexpectedRune(r rune) string {
	switch r {
	case '“', '”', '‘', '’', '«', '»':
		return "the quotation mark " + string(r) + " must be a straight one, ' or \""
	case '{', '}':
		return "there is a stray " + string(r)
	}
	return "there is an unexpected character " + string(r)
}
