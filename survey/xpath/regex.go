package xpath

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// maxPattern bounds a pattern; Go's regexp runs in linear time, but compiling a huge one costs memory.
const maxPattern = 4096

// pattern is a regular expression that must match a whole text, as Java's Pattern.matches has it.
type pattern struct {
	main  *regexp.Regexp
	ahead []lookahead // those the pattern begins with; Go has none
	back  *backtracker
}

type lookahead struct {
	re  *regexp.Regexp
	not bool
}

// matches reports whether the whole of s matches; an error says that it could not be found out.
func (p *pattern) matches(s string) (bool, error) {
	if p.back != nil {
		return p.back.matches(s)
	}
	for _, a := range p.ahead {
		if a.re.MatchString(s) == a.not {
			return false, nil
		}
	}
	return p.main.MatchString(s), nil
}

// prepareRegex compiles a pattern that is written out in the expression.
func prepareRegex(c *call) string {
	lit, ok := c.args[1].(stringLit)
	if !ok {
		return ""
	}
	p, err := compilePattern(string(lit))
	if err != nil {
		return "the pattern cannot be read: " + err.Error()
	}
	c.data = p
	return ""
}

func regex(f *frame, c *call) Value {
	p, ok := c.data.(*pattern)
	if !ok {
		var err error
		if p, err = cachedPattern(c.args[1].text(f)); err != nil {
			f.fail(c.at, "regex(): the pattern cannot be read: "+err.Error())
			return boolValue(false)
		}
	}
	yes, err := p.matches(c.args[0].text(f))
	if err != nil {
		f.fail(c.at, "regex(): "+err.Error())
	}
	return boolValue(yes)
}

var patterns = struct {
	sync.Mutex
	byText map[string]*pattern
}{byText: map[string]*pattern{}}

// cachedPattern compiles a pattern that an answer made; the last few are kept.
func cachedPattern(text string) (*pattern, error) {
	patterns.Lock()
	defer patterns.Unlock()
	if p := patterns.byText[text]; p != nil {
		return p, nil
	}
	p, err := compilePattern(text)
	if err != nil {
		return nil, err
	}
	if len(patterns.byText) >= 64 {
		clear(patterns.byText)
	}
	patterns.byText[text] = p
	return p, nil
}

func compilePattern(text string) (*pattern, error) {
	if len(text) > maxPattern {
		return nil, errors.New("it is too long")
	}
	p, err := compileLinear(text)
	if err == nil {
		return p, nil
	}
	if back := newBacktracker(text); back != nil {
		return &pattern{back: back}, nil
	}
	return nil, err
}

// compileLinear compiles a pattern that Go's regexp can take, look-ahead in front of it apart: matching takes linear time.
func compileLinear(text string) (*pattern, error) {
	p := &pattern{}
	rest := strings.TrimPrefix(text, "^")
	for strings.HasPrefix(rest, "(?=") || strings.HasPrefix(rest, "(?!") {
		end := closing(rest)
		if end < 0 {
			return nil, errors.New("a parenthesis does not close")
		}
		re, err := regexp.Compile(`^(?:` + javaPattern(rest[3:end]) + `)`)
		if err != nil {
			return nil, plainly(err)
		}
		p.ahead = append(p.ahead, lookahead{re, rest[2] == '!'})
		rest, text = rest[end+1:], rest[end+1:]
	}
	if len(p.ahead) > 0 && alternatives(text) {
		return nil, errors.New("a look-ahead stands before alternatives; put these in parentheses")
	}
	re, err := regexp.Compile(`^(?:` + javaPattern(text) + `)$`)
	p.main = re
	return p, plainly(err)
}

func plainly(err error) error {
	if err == nil {
		return nil
	}
	var mistake *syntax.Error // its Expr holds what was written around the pattern
	if errors.As(err, &mistake) {
		return errors.New(mistake.Code.String())
	}
	return err
}

// alternatives reports whether a pattern has a "|" outside of parentheses.
func alternatives(text string) bool {
	found := false
	eachMark(text, func(_ int, c byte, depth int) bool {
		found = c == '|' && depth == 0
		return !found
	})
	return found
}

// closing returns where the parenthesis closes that text begins with, -1 if nowhere.
func closing(text string) int {
	end := -1
	eachMark(text, func(i int, c byte, depth int) bool {
		if c == ')' && depth == 0 {
			end = i
		}
		return end < 0
	})
	return end
}

// eachMark tells each a byte of a pattern outside of classes that no backslash escapes, and how many parentheses are open behind it, until each returns false.
func eachMark(text string, each func(i int, c byte, depth int) bool) {
	depth, class := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\':
			i++
			continue
		case class:
			class = c != ']'
			continue
		case c == '[':
			class = true
			continue
		case c == '(':
			depth++
		case c == ')':
			depth--
		}
		if !each(i, c, depth) {
			return
		}
	}
}

// javaPattern rewrites what Java and JavaScript spell otherwise than Go: \uXXXX, escapes of marks that need none, and in classes "[" and a first "]".
func javaPattern(text string) string {
	var b strings.Builder
	class := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i += writeEscape(&b, text[i+1:], class)
		case class && c == '[' && !strings.HasPrefix(text[i:], "[:"):
			b.WriteString(`\[`)
		case class && c == ']':
			class = false
			b.WriteByte(c)
		case c == '[' && !class:
			class = true
			b.WriteByte(c)
			if strings.HasPrefix(text[i+1:], "^") {
				i++
				b.WriteByte('^')
			}
			if strings.HasPrefix(text[i+1:], "]") {
				i++
				b.WriteString(`\]`)
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// writeEscape writes what follows a backslash, and returns how many bytes it took.
func writeEscape(b *strings.Builder, rest string, class bool) int {
	switch c := rest[0]; {
	case c == 'u' && len(rest) > 4 && isHex(rest[1:5]):
		b.WriteString(`\x{` + rest[1:5] + `}`)
		return 5
	case c == 'p' && strings.HasPrefix(rest, "p{"):
		name, _, ok := strings.Cut(rest[2:], "}")
		if posix := posixClasses[name]; ok && posix != "" {
			if class {
				b.WriteString(posix)
			} else {
				b.WriteString("[" + posix + "]")
			}
			return len(name) + 3
		}
		b.WriteString(`\p{` + strings.TrimPrefix(name, "Is") + `}`)
		return min(len(name)+3, len(rest))
	case c == 'Z':
		b.WriteString(`\z`)
	case c == '_' || c == ' ' || c >= 0x80:
		b.WriteByte(c)
	default:
		b.WriteByte('\\')
		b.WriteByte(c)
	}
	return 1
}

// posixClasses are the classes that Java names \p{Alpha} and Go [:alpha:].
var posixClasses = map[string]string{
	"Lower": "[:lower:]", "Upper": "[:upper:]", "ASCII": "[:ascii:]", "Alpha": "[:alpha:]", "Digit": "[:digit:]", "Alnum": "[:alnum:]", "Punct": "[:punct:]",
	"Graph": "[:graph:]", "Print": "[:print:]", "Blank": "[:blank:]", "Cntrl": "[:cntrl:]", "XDigit": "[:xdigit:]", "Space": "[:space:]",
	"IsAlphabetic": `\p{L}`, "IsLetter": `\p{L}`, "IsDigit": `\p{Nd}`, "IsUppercase": `\p{Lu}`, "IsLowercase": `\p{Ll}`,
}

func isHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i] | 32; !isDigit(s[i]) && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
