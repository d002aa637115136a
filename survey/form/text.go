package form

import (
	"slices"
	"strings"

	"vereda/survey/xpath"
)

// Text is a text in the form's languages, with places that show answers.
type Text struct {
	byLanguage map[string][]Part // key: Language.Name
}

// Part is a piece of a text: words, or an expression whose value stands there.
type Part struct {
	Words string
	Expr  *xpath.Expr // nil for words
}

// NewText returns a text of the given parts by language name. It keeps the map.
func NewText(byLanguage map[string][]Part) Text { return Text{byLanguage} }

// In returns the parts in a language; those of the form's default language or of any other when it has none.
func (t Text) In(language, fallback string) []Part {
	if parts, ok := t.byLanguage[language]; ok {
		return parts
	}
	if parts, ok := t.byLanguage[fallback]; ok {
		return parts
	}
	if languages := t.Languages(); len(languages) > 0 {
		return t.byLanguage[languages[0]]
	}
	return nil
}

// Plain returns the words in a language, chosen as In does, with "…" where an answer would stand.
func (t Text) Plain(language, fallback string) string {
	var b strings.Builder
	for _, part := range t.In(language, fallback) {
		if part.Expr != nil {
			b.WriteString("…")
		} else {
			b.WriteString(part.Words)
		}
	}
	return b.String()
}

// Has reports whether the text is written in a language.
func (t Text) Has(language string) bool {
	_, ok := t.byLanguage[language]
	return ok
}

// Languages returns the names of the languages the text is written in, sorted.
func (t Text) Languages() []string {
	if len(t.byLanguage) == 0 {
		return nil
	}
	names := make([]string, 0, len(t.byLanguage))
	for name := range t.byLanguage {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Exprs returns the expressions of all languages, by language.
func (t Text) Exprs() []*xpath.Expr {
	var list []*xpath.Expr
	for _, name := range t.Languages() {
		for _, part := range t.byLanguage[name] {
			if part.Expr != nil {
				list = append(list, part.Expr)
			}
		}
	}
	return list
}

// IsZero reports whether the text is empty in every language.
func (t Text) IsZero() bool { return len(t.byLanguage) == 0 }
