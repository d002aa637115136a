package phrase

import (
	"strings"

	"vereda/survey/form"
)

// longest is how many characters of a label are said.
const longest = 44

// reference names a question: the first time with its label.
func (t *telling) reference(i *form.Item) string {
	number := t.number(i)
	name := i.Name
	if label := t.label(i.Short); label != "" {
		name = "«" + label + "»"
	} else if label := t.label(i.Label); label != "" {
		name = "«" + label + "»"
	}
	switch {
	case number == "":
		number = name
	case !t.named[i]:
		number += " " + name
	}
	t.named[i] = true
	return t.mark(Piece{Words: number, Item: i})
}

// label returns the beginning of a label, without the marks of its typesetting.
func (t *telling) label(text form.Text) string {
	return Short(strip(text.Plain(t.language, t.form.DefaultLanguage)), longest)
}

// Short returns a text on one line, without markup, cut at a blank to about n characters.
func Short(s string, n int) string {
	s = strings.Join(strings.Fields(Unmarked(s)), " ")
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	s = string(r[:n])
	if cut := strings.LastIndexByte(s, ' '); cut > len(s)/2 {
		s = s[:cut]
	}
	return strings.TrimRight(s, " ,;:.(") + "…"
}

// Unmarked takes the marks of typesetting out of a text: the tags of HTML, and the stars and hashes of Markdown as ODK's forms use them.
func Unmarked(s string) string {
	var b strings.Builder
	for s != "" {
		open := strings.IndexByte(s, '<')
		end := -1
		if open >= 0 {
			end = strings.IndexByte(s[open:], '>')
		}
		if end < 0 || !isTag(s[open+1:open+end]) {
			if open < 0 {
				open = len(s) - 1
			}
			b.WriteString(s[:open+1])
			s = s[open+1:]
			continue
		}
		b.WriteString(s[:open])
		s = s[open+end+1:]
	}
	lines := strings.Split(strings.ReplaceAll(b.String(), "**", ""), "\n")
	for n, l := range lines {
		if heading := strings.TrimLeft(l, "#"); heading != l && strings.HasPrefix(heading, " ") {
			lines[n] = strings.TrimSpace(heading)
		}
	}
	return strings.Join(lines, "\n")
}

// isTag tells a tag from "x < 5 and y > 3".
func isTag(s string) bool {
	s = strings.TrimPrefix(s, "/")
	return s != "" && (s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z') && !strings.ContainsRune(s, '<')
}
