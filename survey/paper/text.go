package paper

import (
	"io"
	"strings"
	"unicode"

	"vereda/survey/phrase"
)

// width is how many characters a line of text holds.
const width = 88

// Text writes the questionnaire for a terminal: the same as HTML, without links. Expressions that could not be said stand between backquotes.
func (q *Questionnaire) Text(w io.Writer) error {
	t := &textWriter{q: q}
	p := q.page()
	t.line(0, p.Title)
	t.line(0, strings.Repeat("=", min(len([]rune(p.Title)), width)))
	about := t.say("form", p.ID)
	if p.Version != "" {
		about += ", " + t.say("version", p.Version)
	}
	t.line(0, about)
	var counts []string
	for _, c := range p.Counts {
		counts = append(counts, t.say(c.Key, c.N))
	}
	t.line(0, strings.Join(counts, " · "))
	if len(q.tongues) > 1 {
		var names []string
		for _, l := range q.tongues {
			names = append(names, l.Name)
		}
		t.line(0, t.say("languages")+": "+strings.Join(names, ", "))
	}
	t.line(0, "( ) "+t.say("legend.single")+"   [ ] "+t.say("legend.many")+"   * "+t.say("legend.star"))
	if p.Unsaid {
		t.line(0, "`…` "+t.say("legend.code"))
	}
	if len(p.Device) > 0 {
		var names []string
		for _, i := range p.Device {
			names = append(names, i.Name)
		}
		t.line(0, t.say("device")+" "+strings.Join(names, ", "))
	}
	t.blocks(p.Blocks, 0)
	for _, l := range p.Lists {
		t.gap()
		t.line(0, t.say("list", l.Name))
		t.choices(2, "", l.Choices, l.Columns)
	}
	t.depends(p.Depends)
	_, err := io.WriteString(w, t.String())
	return err
}

func (t *textWriter) depends(all []dependence) {
	if len(all) == 0 {
		return
	}
	t.gap()
	t.line(0, t.say("depends"))
	t.line(0, strings.Repeat("-", width))
	for _, d := range all {
		t.line(0, d.From.String())
		for _, k := range d.To {
			var names []string
			for _, p := range k.Items {
				names = append(names, p.String())
			}
			t.hanging("     › ", t.say("kind."+k.Kind)+": "+strings.Join(names, ", "))
		}
	}
}

type textWriter struct {
	strings.Builder
	q *Questionnaire
}

// say says a text of the page in the first language.
func (t *textWriter) say(key string, args ...any) string {
	return t.q.tongues[0].words.Say(key, args...)
}

func (t *textWriter) gap() { t.WriteByte('\n') }

// line writes text at an indent, its further lines below its beginning.
func (t *textWriter) line(indent int, text string) { t.hanging(strings.Repeat(" ", indent), text) }

// hanging writes text behind a lead, wrapped, its further lines below its beginning.
func (t *textWriter) hanging(lead, text string) {
	room := max(width-cells(lead), 24)
	for _, paragraph := range strings.Split(text, "\n") {
		for _, l := range wrapped(paragraph, room) {
			t.WriteString(strings.TrimRight(lead+l, " ") + "\n")
			lead = strings.Repeat(" ", cells(lead))
		}
	}
}

// wrapped breaks a paragraph at blanks into lines of at most room characters; longer words stay whole.
func wrapped(s string, room int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(s) {
		n := cells(word)
		if line != "" && used+1+n > room {
			lines, line, used = append(lines, line), "", 0
		}
		if line != "" {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+n
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// cells counts the characters of a text that take room.
func cells(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.Is(unicode.Mn, r) {
			n++
		}
	}
	return n
}

func (t *textWriter) blocks(blocks []*block, indent int) {
	for _, b := range blocks {
		t.block(b, indent)
	}
}

func (t *textWriter) block(b *block, indent int) {
	t.gap()
	switch b.Kind {
	case "section", "repeat":
		inner := indent
		if b.Number != "" {
			t.labels(indent, b.Number+"  ", b)
			t.line(indent, strings.Repeat("-", width-indent))
			inner = indent + 2
		}
		t.texts(inner, "", b.Hints)
		t.rules(inner, b.Rules)
		if b.Kind == "repeat" {
			t.line(inner, "↻ "+t.say("repeat.each"))
		}
		t.blocks(b.Children, inner)
	case "note":
		t.rules(indent, b.Rules)
		t.texts(indent, "│ ", b.Labels)
		t.texts(indent, "│ ", b.Hints)
	case "computed":
		t.line(indent, b.Number+"  "+b.Item.Name)
		t.texts(indent+5, "", b.Labels)
		t.rules(indent+5, b.Rules)
	default:
		t.question(b, indent)
	}
}

func (t *textWriter) question(b *block, indent int) {
	star := " "
	if b.Star {
		star = "*"
	}
	t.labels(indent, b.Number+star+" ", b)
	inner := indent + 5
	t.texts(inner, "", b.Hints)
	t.texts(inner, t.say("guidance")+" ", b.Guidance)
	t.rules(inner, b.Rules)
	t.answer(inner, b.Answer)
}

// labels writes a number and the labels behind it, or the name of what has none.
func (t *textWriter) labels(indent int, number string, b *block) {
	lead := strings.Repeat(" ", indent) + number
	if len(b.Labels) == 0 {
		t.hanging(lead, b.Item.Name)
		return
	}
	for _, s := range b.Labels {
		t.hanging(lead, tagged(s))
		lead = strings.Repeat(" ", cells(lead))
	}
}

func tagged(s said) string {
	if s.Only {
		return s.Phrase.String()
	}
	return "[" + s.Tag + "] " + s.Phrase.String()
}

func (t *textWriter) texts(indent int, lead string, all []said) {
	for _, s := range all {
		t.hanging(strings.Repeat(" ", indent)+lead, tagged(s))
	}
}

func (t *textWriter) rules(indent int, rules []rule) {
	for _, r := range rules {
		for _, s := range r.Said {
			s.Phrase = append(phrase.Phrase{{Words: s.Lead + " "}}, s.Phrase...)
			t.hanging(strings.Repeat(" ", indent)+"› ", tagged(s))
		}
	}
}
