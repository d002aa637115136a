package interview

import (
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// Text shows a text in a language (form.Language.Name, or its code) as seen from a path: label, hint, message. Places that show answers are
// filled in.
func (s *Session) Text(t form.Text, at record.Path, language string) string {
	c := s.find(at, true)
	if c == nil {
		c = &s.root.cells[0]
	}
	return s.say(t, c, language)
}

func (s *Session) say(t form.Text, c *cell, language string) string {
	parts := t.In(s.languageName(language), s.form.DefaultLanguage)
	if len(parts) == 0 {
		return ""
	}
	if len(parts) == 1 && parts[0].Expr == nil {
		return parts[0].Words
	}
	defer func(tongue string) { s.tongue = tongue }(s.tongue)
	s.tongue = language
	var b strings.Builder
	for _, part := range parts {
		if part.Expr == nil {
			b.WriteString(part.Words)
			continue
		}
		if v, err := s.eval(part.Expr, c); err == nil {
			b.WriteString(v.String())
		}
	}
	return b.String()
}

// Speak sets the language of texts in expressions (jr:choice-name, jr:itext, names of months and days in format-date); "" is the form's own, as at the start. What asks for texts is evaluated
// again.
func (s *Session) Speak(language string) Change {
	s.tongue = language
	for _, r := range s.form.Rules() {
		if r.Expr == nil || slices.ContainsFunc(r.Expr.Functions(), speaks) {
			s.pushBelow(s.root, r)
		}
	}
	s.settle()
	return s.finish()
}

// spoken is the code of the language of texts in expressions, its name where it has none.
func (s *Session) spoken() string {
	name := s.languageName(s.tongue)
	for _, l := range s.form.Languages {
		if l.Name == name && l.Code != "" {
			return l.Code
		}
	}
	return name
}

// speaks reports whether a function gives something else in another language.
func speaks(function string) bool {
	switch function {
	case "jr:choice-name", "jr:itext", "format-date", "format-date-time":
		return true
	}
	return false
}

// languageName returns the name of the language that is named so or has that code; the default one for "".
func (s *Session) languageName(language string) string {
	f := s.form
	if language == "" {
		return f.DefaultLanguage
	}
	for _, l := range f.Languages {
		if l.Code == language {
			return l.Name
		}
	}
	return language
}
