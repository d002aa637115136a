// Package xlsform turns an XLSForm workbook into a form, or into a list of problems with sheet, row and column.
//
// Read goes through the workbook once: what the file is (tabs.go, tables.go, sniff.go), its sheets as cells (sheets.go), where the headings are (head.go)
// and what columns they name (header.go), the settings, the choices, the rows of the survey as a tree (survey.go), then, when all names are known, expressions and texts (rules.go,
// refs.go, text.go), and last Form.Compile. Every stage notes what is wrong and goes on, so that all problems of a workbook are
// told at once. What Vereda does not run is an error with the place where it stands; nothing that could change an answer is passed over.
package xlsform

import (
	"path"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// Read reads a workbook. name is its file name, for messages. A form is returned when no problem is an Error;
// warnings come beside it. It never panics, whatever the bytes.
func Read(name string, workbook []byte) (*form.Form, []form.Problem) {
	return read(name, workbook, false)
}

func read(name string, workbook []byte, strict bool) (*form.Form, []form.Problem) {
	r := &reader{
		strict:      strict,
		form:        &form.Form{Lists: map[string]*form.List{}, Settings: map[string]string{}},
		byName:      map[string][]*form.Item{},
		parsed:      map[string]*xpath.Expr{},
		said:        map[string]bool{},
		devices:     map[*form.Item]string{},
		lower:       map[string]*form.Item{},
		presets:     map[*form.Item]preset{},
		selectFiles: map[*form.Item]string{},
		renamed:     map[string]int{},
		searched:    map[string]bool{},
	}
	if !r.load(name, workbook) {
		return nil, r.tidy()
	}
	r.readSettings(strings.TrimSuffix(path.Base(strings.ReplaceAll(name, `\`, "/")), path.Ext(name)))
	r.checkSettings()
	r.oneBlank()
	r.readLanguages()
	r.readChoices()
	r.readSurvey()
	if r.strict {
		r.checkReferences()
	}
	r.readEntities()
	r.findFiles()
	r.checkRows()
	r.readRules()
	r.checkTranslations()
	for _, p := range r.form.Compile() {
		r.problems = append(r.problems, r.placed(p))
	}
	problems := r.tidy()
	if form.HasErrors(problems) {
		return nil, problems
	}
	return r.form, problems
}

// reader is the state of one Read.
type reader struct {
	strict                    bool // the problems are those of the reference converter
	form                      *form.Form
	survey, choices, settings *sheet
	external, entities, osm   *sheet            // external_choices; entities; osm
	files                     map[string]string // that belong to the form, by the name they are reached with
	pulls                     []pull
	selectFiles               map[*form.Item]string // of selects whose choices are in a file
	renamed                   map[string]int        // how often a name was there already, by path
	searched                  map[string]bool       // lists that only a search() reads
	choosing                  *form.Item            // the section whose instances a choice_filter is evaluated on
	lower                     map[string]*form.Item // by path of the section and name in lower case
	presets                   map[*form.Item]preset
	devices                   map[*form.Item]string // the type of a question that the device answers, one of deviceTypes
	externalLists             map[string]*form.List
	others                    []string // names of the other sheets that hold something
	rows                      []itemRow
	byName                    map[string][]*form.Item
	parsed                    map[string]*xpath.Expr // by source
	problems                  []form.Problem
	said                      map[string]bool // what noteOnce has noted
}

// itemRow is an item and the row it is written in.
type itemRow struct {
	item *form.Item
	row  *row
}
