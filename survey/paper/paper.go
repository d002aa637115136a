// Package paper sets a form as a questionnaire to read and to print: every question with its number, its texts in one language or in all, the boxes and lines to
// answer in, and its rules in words (package phrase). It is written as one HTML file that needs nothing else, or as text for a terminal.
package paper

import (
	"embed"
	"io/fs"
	"strings"
	"sync"

	"vereda/survey/diagram"
	"vereda/survey/form"
	"vereda/survey/phrase"
	"vereda/survey/words"
)

// Questionnaire is a form set for paper. It is only read after New, and safe for concurrent use.
type Questionnaire struct {
	form    *form.Form
	numbers Numbers
	tongues []tongue
	graph   diagram.Graph
	tables  map[*form.List]bool // lists that stand at the end, because they are long
}

// tongue is one of the languages that a questionnaire is set in.
type tongue struct {
	Tag     string // "es"; what there is of it in a language without code
	Lang    string // for HTML's lang; "" when it is not known
	Name    string // form.Language.Name
	own     bool   // the rules can be said in the language itself
	words   words.Words
	speaker *phrase.Speaker
}

//go:embed texts/*.json
var textFiles embed.FS

var catalogue = sync.OnceValue(func() *words.Catalogue {
	texts, err := fs.Sub(textFiles, "texts")
	if err == nil {
		var c *words.Catalogue
		if c, err = words.Load(texts); err == nil {
			return c
		}
	}
	panic("paper: " + err.Error()) // the texts are part of the program; a test loads them
})

// New sets a compiled form in some of its languages, by code or name in the order given; in all for none. A language that the form does not
// have, but package words has, gives the form's default texts with the rules in that language.
func New(f *form.Form, languages ...string) *Questionnaire {
	q := &Questionnaire{form: f, numbers: NewNumbers(f), graph: diagram.New(f), tables: map[*form.List]bool{}}
	if len(languages) == 0 {
		for _, l := range f.Languages {
			languages = append(languages, l.Name)
		}
		first(languages, f.DefaultLanguage)
	}
	for _, l := range languages {
		q.add(l)
	}
	if len(q.tongues) == 0 {
		q.add(f.DefaultLanguage)
	}
	q.findTables()
	return q
}

// first moves an element to the front.
func first(list []string, s string) {
	for n, have := range list {
		if have == s {
			copy(list[1:n+1], list[:n])
			list[0] = s
			return
		}
	}
}

func (q *Questionnaire) add(language string) {
	t := tongue{Name: q.form.Language(language), Lang: code(q.form, language)}
	spoken := t.Lang
	t.own = known(spoken)
	if !t.own {
		spoken = common
	}
	if t.Tag = t.Lang; t.Tag == "" {
		t.Tag = t.Name
	}
	t.words = catalogue().In(spoken)
	t.speaker = phrase.New(q.form, t.Name, spoken, q.numbers.Of)
	q.tongues = append(q.tongues, t)
}

// common is the language that rules are said in where the form's own is none of package words: the one that most such forms have beside it.
const common = "en"

func known(language string) bool {
	for _, l := range words.Languages {
		if l == language {
			return true
		}
	}
	return false
}

// names are languages as headings of workbooks write them without a code.
var names = map[string]string{
	"english": "en", "español": "es", "espanol": "es", "spanish": "es", "castellano": "es", "português": "pt", "portugues": "pt", "portuguese": "pt",
	"français": "fr", "francais": "fr", "french": "fr", "kreyòl": "ht", "kreyol": "ht", "creole": "ht", "haitian": "ht", "kreyòl ayisyen": "ht",
}

// code returns the code of a language of the form, or of package words.
func code(f *form.Form, language string) string {
	for _, l := range f.Languages {
		if l.Name == f.Language(language) && (l.Name == language || strings.EqualFold(l.Code, language)) {
			language = l.Name
			if short, _, _ := strings.Cut(strings.ToLower(l.Code), "-"); short != "" {
				return short
			}
		}
	}
	plain := strings.ToLower(strings.TrimSpace(language))
	if cut := strings.IndexAny(plain, " ("); cut > 0 && names[plain] == "" {
		plain = plain[:cut]
	}
	if known(plain) {
		return plain
	}
	return names[plain]
}

// Has reports whether a form can be set in a language: one of its own, by code or name, or one that the rules can be said in.
func Has(f *form.Form, language string) bool {
	if known(code(f, language)) {
		return true
	}
	for _, l := range f.Languages {
		if f.Language(language) == l.Name && (l.Name == language || l.Name != f.DefaultLanguage || strings.EqualFold(l.Code, language)) {
			return true
		}
	}
	return false
}

// longList is how many choices stand right at the question.
const longList = 40

// findTables finds the lists that stand at the end.
func (q *Questionnaire) findTables() {
	for _, i := range q.form.Items() {
		if phrase.Listed(i) && len(i.List.Choices) > longList {
			q.tables[i.List] = true
		}
	}
}
