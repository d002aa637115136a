package phrase

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"vereda/survey/xpath"
)

// pattern says what a regular expression asks of a text: simple ones in words, "8 digits", others as they are.
func (t *telling) pattern(source string, tree xpath.Tree) string {
	if parts := t.runs(source); len(parts) > 0 {
		return t.words.Say("made.of", strings.Join(parts, " "+t.words.Say("then")+" "))
	}
	if source == "" {
		return t.words.Say("matches", t.value(tree).words)
	}
	return t.words.Say("matches", t.mark(Piece{Words: strip(source), Code: true}))
}

// runs says a pattern that is a row of classes with how often each comes; nil for any other.
func (t *telling) runs(s string) []string {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "^"), "$")
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && strings.Count(s, "(") == 1 {
		s = s[1 : len(s)-1]
	}
	var parts []string
	for s != "" {
		class, rest, ok := cutClass(s)
		if !ok {
			return nil
		}
		least, most, rest, ok := cutTimes(rest)
		if !ok {
			return nil
		}
		said := t.characters(class, least, most)
		if said == "" {
			return nil
		}
		parts = append(parts, said)
		s = rest
	}
	return parts
}

// cutClass cuts what stands for one character off a pattern: what is in brackets, or a digit class as its brackets.
func cutClass(s string) (class, rest string, ok bool) {
	if rest, ok := strings.CutPrefix(s, `\d`); ok {
		return "0-9", rest, true
	}
	end := strings.IndexByte(s, ']')
	if s[0] != '[' || end < 2 || s[1] == '^' || strings.ContainsAny(s[1:end], `\[`) {
		return "", "", false
	}
	return s[1:end], s[end+1:], true
}

// cutTimes cuts how often off a pattern; most is -1 for any number.
func cutTimes(s string) (least, most int, rest string, ok bool) {
	switch {
	case strings.HasPrefix(s, "+"):
		return 1, -1, s[1:], true
	case strings.HasPrefix(s, "*"):
		return 0, -1, s[1:], true
	case strings.HasPrefix(s, "?"):
		return 0, 1, s[1:], true
	case !strings.HasPrefix(s, "{"):
		return 1, 1, s, true
	}
	inside, rest, closed := strings.Cut(s[1:], "}")
	low, high, ranged := strings.Cut(inside, ",")
	least, err := strconv.Atoi(low)
	if err != nil || !closed {
		return 0, 0, "", false
	}
	switch {
	case !ranged:
		return least, least, rest, true
	case high == "":
		return least, -1, rest, true
	}
	most, err = strconv.Atoi(high)
	return least, most, rest, err == nil
}

// characters says how many of which characters; "" for a class that has no words.
func (t *telling) characters(class string, least, most int) string {
	kind, others := t.kind(class)
	if kind == "" {
		return ""
	}
	said := ""
	switch {
	case least == most:
		said = t.words.Say("exactly."+kind, least)
	case most < 0 && least == 0:
		said = t.words.Say("any." + kind)
	case most < 0:
		said = t.words.Say("least."+kind, least)
	default:
		said = t.words.Say("range."+kind, least, most)
	}
	if kind == "characters" {
		return said + " (" + others + ")"
	}
	return said
}

// kind tells digits and letters from other classes, of which it says the members.
func (t *telling) kind(class string) (kind, members string) {
	switch class {
	case "0-9":
		return "digits", ""
	case "a-zA-Z", "A-Za-z", "a-z", "A-Z":
		return "letters", ""
	}
	var said []string
	for class != "" {
		if len(class) >= 3 && class[1] == '-' && class[2] < 0x80 {
			said, class = append(said, class[:1]+"–"+class[2:3]), class[3:]
			continue
		}
		r, size := utf8.DecodeRuneInString(class)
		one := string(r)
		if class = class[size:]; r == ' ' {
			one = t.words.Say("blank")
		}
		said = append(said, one)
	}
	return "characters", strip(strings.Join(said, " "))
}
