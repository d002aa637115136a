package look

import (
	"html"
	"image/color"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is words of one style.
type span struct {
	words        string
	bold, italic bool
	under        bool
	color        color.Color // nil: the text's own
}

// block is a paragraph: its bullet or number, if it is of a list, its size as a factor, and its words.
type block struct {
	bullet string
	size   float32
	spans  []span
}

// plain reports whether the block looks as any text does.
func (b block) plain() bool {
	for _, s := range b.spans {
		if s.bold || s.italic || s.under || s.color != nil {
			return false
		}
	}
	return b.size == 1 && b.bullet == ""
}

func (b block) words() string {
	var w strings.Builder
	w.WriteString(b.bullet)
	for _, s := range b.spans {
		w.WriteString(s.words)
	}
	return w.String()
}

// Unmark returns the words of a text as XLSForm writes it, without the marks of its styles: what is read out, searched and tested.
func Unmark(s string) string {
	var lines []string
	for _, b := range blocks(s) {
		lines = append(lines, b.words())
	}
	return strings.Join(lines, "\n")
}

var (
	lineBreak = regexp.MustCompile(`(?i)[ \t]*<(?:br\s*/?|/p|/div|/ul|/ol|/li|/h[1-6])>[ \t]*\n?`)
	lineStart = regexp.MustCompile(`(?i)\n?<(?:p|div|ul|ol)(?:\s[^<>]*)?>`)
	listItem  = regexp.MustCompile(`(?i)\n?<li(?:\s[^<>]*)?>`)
	htmlHead  = regexp.MustCompile(`(?i)\n?<h([1-6])(?:\s[^<>]*)?>`)
	heading   = regexp.MustCompile(`^ {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$`)
	bulleted  = regexp.MustCompile(`^\s*[-*+•][ \t]+(.*)$`)
	numbered  = regexp.MustCompile(`^\s*(\d{1,3}[.)])[ \t]+(.*)$`)
	tag       = regexp.MustCompile(`(?i)^<(/?)(b|strong|i|em|u|span|font|a|small|big|sub|sup|code|center)(\s[^<>]*)?>`)
	link      = regexp.MustCompile(`^\[([^\[\]\n]+)\]\(([^()\s]+)\)`)
	hue       = regexp.MustCompile(`(?i)color\s*[:=]\s*["']?\s*(#[0-9a-f]{3,6}|[a-z]+)`)
	address   = regexp.MustCompile(`(?i)href\s*=\s*["']?([^"'\s>]+)`)
)

// headSizes are the sizes of headings, from the first level on.
var headSizes = [...]float32{1.3, 1.2, 1.12, 1.05, 1, 1}

// blocks reads the part of Markdown and HTML that ODK shows: emphasis, headings, lists, links, colours, line breaks. What is no mark of these stays as
// it is written.
func blocks(s string) []block {
	if strings.ContainsRune(s, '<') {
		s = lineBreak.ReplaceAllString(s, "\n")
		s = listItem.ReplaceAllString(s, "\n- ")
		s = htmlHead.ReplaceAllStringFunc(s, func(m string) string {
			level := htmlHead.FindStringSubmatch(m)[1]
			return "\n" + strings.Repeat("#", int(level[0]-'0')) + " "
		})
		s = strings.Trim(lineStart.ReplaceAllString(s, "\n"), "\n")
	}
	var list []block
	for line := range strings.SplitSeq(s, "\n") {
		list = append(list, readBlock(line))
	}
	return list
}

func readBlock(line string) block {
	b := block{size: 1}
	style := span{}
	if m := heading.FindStringSubmatch(line); m != nil {
		b.size, style.bold, line = headSizes[len(m[1])-1], true, m[2]
	} else if m := bulleted.FindStringSubmatch(line); m != nil {
		b.bullet, line = "• ", m[1]
	} else if m := numbered.FindStringSubmatch(line); m != nil {
		b.bullet, line = m[1]+" ", m[2]
	}
	b.spans = inline(line, style)
	return b
}

// inline reads the styles within a line.
func inline(s string, style span) []span {
	var list []span
	from := 0
	flush := func(to int) {
		if words := html.UnescapeString(s[from:to]); words != "" {
			piece := style
			piece.words = words
			list = append(list, piece)
		}
	}
	for i := 0; i < len(s); {
		inner, next, n := mark(s, i, style)
		if n == 0 {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
			continue
		}
		flush(i)
		list = append(list, inline(inner, next)...)
		i += n
		from = i
	}
	flush(len(s))
	return list
}

// mark reads a mark at a place of a line: what it encloses, the style of that, and how many bytes it takes in all; 0 when none stands there.
func mark(s string, at int, style span) (inner string, next span, n int) {
	rest := s[at:]
	switch rest[0] {
	case '\\':
		if len(rest) > 1 && strings.ContainsRune(`\*_#[]()<>-+.!`, rune(rest[1])) {
			return html.EscapeString(rest[1:2]), style, 2
		}
	case '*', '_':
		return emphasis(s, at, style)
	case '[':
		if m := link.FindStringSubmatch(rest); m != nil {
			return linked(m[1], m[2]), under(style), len(m[0])
		}
	case '<':
		return tagged(rest, style)
	}
	return "", style, 0
}

func under(style span) span { style.under = true; return style }

// linked is a link as text: where it leads stands behind what it says.
func linked(words, to string) string {
	if words == to || strings.Contains(to, words) {
		return to
	}
	return words + " (" + to + ")"
}

func emphasis(s string, at int, style span) (string, span, int) {
	rest, wide := s[at:], 1
	if len(rest) > 1 && rest[1] == rest[0] {
		wide = 2
	}
	sign := rest[:wide]
	if at > 0 && sign[0] == '_' && letter(lastRune(s[:at])) {
		return "", style, 0
	}
	end := strings.Index(rest[wide:], sign)
	if end <= 0 {
		return "", style, 0
	}
	inner, after := rest[wide:wide+end], rest[wide+end+wide:]
	if unicode.IsSpace(firstRune(inner)) || unicode.IsSpace(lastRune(inner)) || inner[0] == sign[0] || sign[0] == '_' && letter(firstRune(after)) {
		return "", style, 0
	}
	if wide == 2 {
		style.bold = true
	} else {
		style.italic = true
	}
	return inner, style, wide + end + wide
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
func lastRune(s string) rune  { r, _ := utf8.DecodeLastRuneInString(s); return r }
func letter(r rune) bool      { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// tagged reads an HTML tag with what it encloses; one without its other half is passed over.
func tagged(rest string, style span) (string, span, int) {
	m := tag.FindStringSubmatch(rest)
	if m == nil {
		return "", style, 0
	}
	if m[1] == "/" {
		return "", style, len(m[0])
	}
	name, inner, n := strings.ToLower(m[2]), "", len(m[0])
	end := strings.Index(strings.ToLower(rest[n:]), "</"+name+">")
	if end < 0 {
		return "", style, n
	}
	inner, n = rest[n:n+end], n+end+len(name)+3
	switch name {
	case "b", "strong":
		style.bold = true
	case "i", "em":
		style.italic = true
	case "u":
		style.under = true
	case "a":
		if to := address.FindStringSubmatch(m[3]); to != nil {
			inner = linked(inner, to[1])
		}
		style.under = true
	}
	if c := hue.FindStringSubmatch(m[3]); c != nil {
		style.color = readable(c[1])
	}
	return inner, style, n
}

// hues are the colours that forms name, as they can be read on the app's ground in the sun.
var hues = map[string]color.Color{
	"red": Danger, "darkred": Danger, "crimson": Danger, "maroon": Danger, "green": Brand, "darkgreen": Brand, "orange": Amber, "darkorange": Amber,
	"brown": Amber, "gray": Muted, "grey": Muted, "blue": inkBlue, "darkblue": inkBlue, "navy": inkBlue, "purple": inkPurple, "magenta": inkPurple,
}

var (
	inkBlue   = color.NRGBA{0x12, 0x3f, 0x9c, 0xff}
	inkPurple = color.NRGBA{0x6a, 0x1b, 0x83, 0xff}
)

// readable returns a colour that a form names, darkened until it can be read; nil for one that is not known.
func readable(name string) color.Color {
	if !strings.HasPrefix(name, "#") {
		return hues[strings.ToLower(name)]
	}
	digits := name[1:]
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	if len(digits) != 6 {
		return nil
	}
	var c [3]uint8
	for i := range c {
		c[i] = nibble(digits[2*i])<<4 | nibble(digits[2*i+1])
	}
	for shade(c) > 0.11 {
		for i := range c {
			c[i] -= c[i] / 8
		}
	}
	return color.NRGBA{c[0], c[1], c[2], 0xff}
}

func nibble(b byte) uint8 {
	if b <= '9' {
		return b - '0'
	}
	return (b | 0x20 - 'a') + 10
}

// shade is near enough WCAG's: 0.11 has a contrast of 5.5:1 with the app's ground.
func shade(c [3]uint8) float64 {
	linear := func(b uint8) float64 { x := float64(b) / 255; return x * x * (0.6 + 0.4*x) }
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}
