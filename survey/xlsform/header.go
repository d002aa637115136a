package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"vereda/survey/form"
)

// column is a column of a sheet.
type column struct {
	heading  string // as written
	key      string // the XLSForm name: "relevant"; the heading itself for columns of the team's own
	language string // of a translated column; "" when the heading names none
	known    bool
}

// translated are the columns that may be written in several languages.
var translated = []string{"label", "hint", "guidance_hint", "constraint_message", "required_message",
	"media::image", "media::big-image", "media::audio", "media::video"}

// surveyColumns are the columns of sheet survey that Vereda runs. rules are those whose loss would change an answer.
var (
	rules = []string{"type", "name", "required", "relevant", "constraint", "calculation", "default", "read_only", "repeat_count",
		"choice_filter", "parameters"}
	surveyColumns = slices.Concat(rules, translated, []string{"appearance", "disabled", "save_to", "trigger"})
)

// unsupported are columns of sheet survey that Vereda does not run, and what to do.
var unsupported = map[string]string{
	"query": "Put the choices on the sheet choices and use choice_filter.",
}

// harmless are columns that change nothing here.
var harmless = map[string]bool{"no_app_error_string": true, "intent": true}

// aliases are other names of columns, as the reference converter takes them.
var aliases = map[string]string{
	"relevance": "relevant", "bind::relevant": "relevant",
	"caption": "label", "command": "type", "tag": "name", "value": "name",
	"calculate": "calculation", "bind::calculate": "calculation",
	"readonly": "read_only", "bind::readonly": "read_only", "bind::required": "required", "bind::constraint": "constraint",
	"constraining_message": "constraint_message", "bind::jr:constraintmsg": "constraint_message",
	"requiredmsg": "required_message", "bind::jr:requiredmsg": "required_message",
	"count": "repeat_count", "jr:count": "repeat_count", "control::jr:count": "repeat_count", "body::jr:count": "repeat_count",
	"control::appearance": "appearance", "body::appearance": "appearance",
	"media:image": "media::image", "media:big-image": "media::big-image", "media:audio": "media::audio", "media:video": "media::video",
	"image": "media::image", "big-image": "media::big-image", "audio": "media::audio", "video": "media::video",
	"bind::jr:noapperrorstring": "no_app_error_string", "noapperrorstring": "no_app_error_string",
	"bind::entities:saveto": "save_to",
	"autoplay":              "body::autoplay", "rows": "body::rows",
	"list": "list_name", "dataset": "list_name",
}

// choiceColumns are the columns of sheet choices with a meaning; all others are for filters.
var choiceColumns = []string{"list_name", "name", "label", "media::image", "media::big-image", "media::audio", "media::video"}

// readHeader turns headings into columns, and reports those that look misspelt or come twice.
func (r *reader) readHeader(s *sheet, headings []string) []column {
	known := surveyColumns
	switch strings.ToLower(strings.TrimSpace(s.name)) {
	case "entities":
		known = entityColumns
	case "choices", "external_choices":
		known = choiceColumns
	case "settings":
		known = settingsColumns
	case "osm":
		known = tagColumns
	}
	columns := make([]column, len(headings))
	for n, heading := range headings {
		c := newColumn(heading, known)
		at := form.Cell{Sheet: s.name, Row: s.headRow, Column: heading}
		twice := func(d column) bool {
			return d.key == c.key && d.language == c.language && (d.known || d.heading == heading)
		}
		if heading != "" && slices.ContainsFunc(columns[:n], twice) {
			r.note(form.Error, "column-twice", at, heading, fmt.Sprintf("The column %s is there twice.", nameOf(c)), "Keep one of them.")
		} else if !c.known && heading != "" {
			r.checkSpelling(at, c, known)
		}
		columns[n] = c
	}
	return columns
}

// checkSpelling reports an unknown column whose name is near a known one.
func (r *reader) checkSpelling(at form.Cell, c column, known []string) {
	base, _, _ := strings.Cut(normal(c.heading), "::")
	near := nearest(base, known)
	if near == "" || len(base) < 4 || base == "attribute" {
		return
	}
	severity := form.Warning
	if slices.Contains(rules, near) && !slices.Equal(known, choiceColumns) {
		severity = form.Error
	}
	r.note(severity, "unknown-column", at, c.heading, fmt.Sprintf("There is no column %s.", c.heading),
		fmt.Sprintf("Write %s, or give a note of your own a name less like it.", near))
}

// newColumn reads a heading: an XLSForm name or an alias of one, with "::language" or ":language" behind it.
func newColumn(heading string, known []string) column {
	whole := normal(heading)
	if key, ok := keyOf(whole, known); ok {
		return column{heading, key, "", true}
	}
	parts := strings.Split(heading, "::")
	if len(parts) == 1 {
		parts = strings.SplitN(heading, ":", 2)
	}
	if len(parts) > 2 { // media::image::Español, bind::jr:constraintMsg::Español
		parts = []string{strings.Join(parts[:len(parts)-1], "::"), parts[len(parts)-1]}
	}
	if len(parts) == 2 {
		key, ok := keyOf(normal(parts[0]), known)
		if language := strings.Join(strings.Fields(parts[1]), " "); ok && slices.Contains(translated, key) && language != "" {
			return column{heading, key, language, true}
		}
	}
	if key, ok := aliases[whole]; ok {
		whole = key
	}
	if _, refused := unsupported[whole]; refused || harmless[whole] || strings.HasPrefix(whole, "bind::") || strings.HasPrefix(whole, "body::") ||
		strings.HasPrefix(whole, "control::") || strings.HasPrefix(whole, "instance::") {
		return column{heading, whole, "", true}
	}
	return column{heading, strings.TrimSpace(heading), "", false}
}

func keyOf(normal string, known []string) (string, bool) {
	if key, ok := aliases[normal]; ok && slices.Contains(known, key) {
		return key, true
	}
	return normal, slices.Contains(known, normal)
}

// normal writes a heading in lower case, without blanks around "::" and with "_" for blanks inside.
func normal(heading string) string {
	parts := strings.Split(strings.ToLower(heading), "::")
	for n, p := range parts {
		parts[n] = strings.Join(strings.Fields(p), "_")
	}
	return strings.Join(parts, "::")
}

func nameOf(c column) string {
	if c.language == "" {
		return c.key
	}
	return c.key + "::" + c.language
}
