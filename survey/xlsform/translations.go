package xlsform

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"vereda/survey/form"
)

// checkTranslations warns of texts that are there in one language and not in another: for a whole column where a language has none, else for the
// first cell that is missing, with the number of them.
func (r *reader) checkTranslations() {
	if r.strict {
		r.checkBare()
	}
	if len(r.form.Languages) < 2 {
		return
	}
	r.checkAlike()
	for _, s := range []*sheet{r.survey, r.choices} {
		if s == nil {
			continue
		}
		for _, key := range translated {
			if columns := s.byLanguage(key, r.form.DefaultLanguage); len(columns) > 0 {
				r.checkColumns(s, key, columns)
			}
		}
	}
}

// checkAlike warns of two languages that are most likely one, written in two ways: "Español (es)" and "espanol", or "es".
func (r *reader) checkAlike() {
	for n, l := range r.form.Languages {
		for _, before := range r.form.Languages[:n] {
			alike := plainLanguage(l) == plainLanguage(before)
			if l.Code != "" && before.Code != "" {
				alike = strings.EqualFold(l.Code, before.Code)
			}
			if !alike {
				continue
			}
			r.note(form.Warning, "languages-alike", form.Cell{Sheet: r.survey.name, Row: r.survey.headRow}, l.Name,
				fmt.Sprintf("The languages %q and %q look like one, but are two here.", before.Name, l.Name), fmt.Sprintf("Write ::%s in all columns.", before.Name))
			break
		}
	}
}

// plainLanguage returns the letters of a language's name, small and without accents, and without the code behind it.
func plainLanguage(l form.Language) string {
	return strings.Map(func(c rune) rune {
		if !unicode.IsLetter(c) {
			return -1
		}
		return unicode.ToLower(c)
	}, norm.NFD.String(trailingCode.ReplaceAllString(l.Name, "")))
}

// checkBare warns of columns without a language in a form with the setting default_language: here they are in that language, for the reference converter in one
// named default.
func (r *reader) checkBare() {
	language := r.form.Settings["default_language"]
	for _, s := range []*sheet{r.survey, r.choices} {
		if s == nil || language == "" {
			continue
		}
		for _, c := range s.columns {
			if c.known && c.language == "" && slices.Contains(translated, c.key) {
				r.note(form.Warning, "no-language", form.Cell{Sheet: s.name, Row: s.headRow, Column: c.heading}, c.heading,
					fmt.Sprintf("The column names no language; it is taken to be in %s.", r.form.DefaultLanguage), fmt.Sprintf("Write %s::%s.", c.heading, language))
			}
		}
	}
}

// byLanguage returns the places of the columns of a key by language.
func (s *sheet) byLanguage(key, defaultLanguage string) map[string]int {
	columns := map[string]int{}
	for n, c := range s.columns {
		if c.key != key {
			continue
		}
		language := c.language
		if language == "" {
			language = defaultLanguage
		}
		columns[language] = n
	}
	return columns
}

func (r *reader) checkColumns(s *sheet, key string, columns map[string]int) {
	for _, l := range r.form.Languages {
		n, ok := columns[l.Name]
		if !ok {
			r.note(form.Warning, "no-translation", form.Cell{Sheet: s.name, Row: s.headRow, Column: key + "::" + l.Name}, "",
				fmt.Sprintf("There is no column %s in the language %s; another language is shown.", key, l.Name), fmt.Sprintf("Add the column %s::%s.", key, l.Name))
			continue
		}
		missing, first := 0, (*row)(nil)
		for _, row := range s.rows {
			if row.empty(n) && row.any(columns) {
				if missing++; first == nil {
					first = row
				}
			}
		}
		if first != nil {
			r.note(form.Warning, "no-translation", first.at(n), "",
				fmt.Sprintf("Texts missing in the language %s, this one first: %d; another language is shown.", l.Name, missing), "Write them.")
		}
	}
}

// empty reports whether the nth cell is empty.
func (r *row) empty(n int) bool { return n >= len(r.cells) || r.cells[n] == "" }

// any reports whether one of these cells holds something.
func (r *row) any(columns map[string]int) bool {
	for _, n := range columns {
		if !r.empty(n) {
			return true
		}
	}
	return false
}
