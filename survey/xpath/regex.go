package xpath

import (
	"regexp"
	"strings"
	"sync"
)

// maxPattern bounds a pattern; Go's regexp runs in linear time, but compiling a huge one costs memory.
const maxPattern = 4096

// prepareRegex compiles a pattern that is written out in the expression.
func prepareRegex(c *call) string {
	lit, ok := c.args[1].(stringLit)
	if !ok {
		return ""
	}
	re, err := compilePattern(string(lit))
	if err != nil {
		return "the pattern cannot be read: " + err.Error()
	}
	c.data = re
	return ""
}

func regex(f *frame, c *call) Value {
	re, ok := c.data.(*regexp.Regexp)
	if !ok {
		var err error
		if re, err = cachedPattern(c.args[1].text(f)); err != nil {
			f.fail(c.at, "regex(): the pattern cannot be read: "+err.Error())
			return boolValue(false)
		}
	}
	return boolValue(re.MatchString(c.args[0].text(f)))
}

var patterns = struct {
	sync.Mutex
	byText map[string]*regexp.Regexp
}{byText: map[string]*regexp.Regexp{}}

// cachedPattern compiles a pattern that an answer made; the last few are kept.
func cachedPattern(text string) (*regexp.Regexp, error) {
	patterns.Lock()
	defer patterns.Unlock()
	if re := patterns.byText[text]; re != nil {
		return re, nil
	}
	re, err := compilePattern(text)
	if err != nil {
		return nil, err
	}
	if len(patterns.byText) >= 64 {
		clear(patterns.byText)
	}
	patterns.byText[text] = re
	return re, nil
}

type patternError string

func (e patternError) Error() string { return string(e) }

// compilePattern compiles a pattern that must match the whole text, as Java's Pattern.matches does.
func compilePattern(text string) (*regexp.Regexp, error) {
	if len(text) > maxPattern {
		return nil, patternError("it is too long")
	}
	if strings.Contains(text, "(?=") || strings.Contains(text, "(?!") || strings.Contains(text, "(?<") && !strings.Contains(text, "(?<"+"name") {
		if simple, ok := lookahead(text); ok {
			return simple, nil
		}
	}
	return regexp.Compile(`^(?:` + javaPattern(text) + `)$`)
}

func lookahead(string) (*regexp.Regexp, bool) { return nil, false }

// javaPattern rewrites what Java and JavaScript spell otherwise than Go: \uXXXX, \cX, \/, \-, [^] and unescaped [ in classes,
// \d and \w as they are, a quantifier's possessive +.
func javaPattern(text string) string {
	var b strings.Builder
	class := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			switch e := text[i]; {
			case e == 'u' && i+4 < len(text) && isHex(text[i+1:i+5]):
				b.WriteString(`\x{` + text[i+1:i+5] + `}`)
				i += 4
			case e == 'Z':
				b.WriteString(`\z`)
			case e == 'e':
				b.WriteString(`\x1b`)
			case e == '_' || e == '<' || e == '>' || e == '"' || e == '\'' || e == '`' || e == '~' || e == '!' || e == '@' || e == '#' ||
				e == '%' || e == '&' || e == ',' || e == ';' || e == ':' || e == '=' || e == ' ' || e == '/':
				b.WriteByte('\\')
				if e == '_' || e == ' ' {
					b.Reset()
				}
				b.WriteByte(e)
			default:
				b.WriteByte('\\')
				b.WriteByte(e)
			}
		case class > 0 && c == '[' && !strings.HasPrefix(text[i:], "[:"):
			b.WriteString(`\[`)
		case c == '[':
			class++
			b.WriteByte(c)
			if strings.HasPrefix(text[i+1:], "^") {
				i++
				b.WriteByte('^')
			}
			if strings.HasPrefix(text[i+1:], "]") {
				i++
				b.WriteString(`\]`)
			}
		case c == ']' && class > 0:
			class--
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i] | 32; !isDigit(s[i]) && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
