package xlsform

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vereda/survey/form"
)

// named is what the workbooks of testdata/cases hold.
type named struct {
	types       []string            // cells of the column type, in lower case
	headings    map[string][]string // of each sheet, normalized
	parameters  []string            // "type parameter"
	appearances []string
}

// readNamed reads the tables of all case files.
func readNamed(t *testing.T) named {
	n := named{headings: map[string][]string{}}
	files, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files: %v", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range strings.Split(string(b), "\nform\n")[1:] {
			tables, _, _ := strings.Cut(block, "\n----")
			rows, _ := markdownRows([]byte(tables))
			for _, tab := range grouped(rows) {
				n.readTab(tab)
			}
		}
	}
	return n
}

func (n *named) readTab(t tab) {
	r := &reader{}
	s := r.readSheet(t)
	sheet := strings.ToLower(t.name)
	for _, c := range s.columns {
		n.headings[sheet] = append(n.headings[sheet], normal(c.heading), c.key)
	}
	if sheet != "survey" {
		return
	}
	for _, row := range s.rows {
		cell, _ := row.get("type")
		typ := strings.ToLower(strings.Join(strings.Fields(cell), " "))
		n.types = append(n.types, typ)
		if text, _ := row.get("parameters"); text != "" {
			for _, word := range strings.Fields(text) {
				name, _, _ := strings.Cut(word, "=")
				n.parameters = append(n.parameters, strings.Fields(typ)[0]+" "+name)
			}
		}
		if text, _ := row.get("appearance"); text != "" {
			for _, word := range strings.Fields(text) {
				n.appearances = append(n.appearances, appearanceWord(word))
			}
		}
	}
}

// Each type, column, setting, parameter and appearance that the reader knows stands in a case file of testdata/cases: what has no case is not known to work.
func TestEverythingKnownHasACase(t *testing.T) {
	n := readNamed(t)
	for _, typ := range knownTypes() {
		if !slices.ContainsFunc(n.types, func(cell string) bool { return cell == typ || strings.HasPrefix(cell, typ+" ") }) {
			t.Errorf("no case has the type %s", typ)
		}
	}
	has := func(sheet string, headings ...string) {
		for _, h := range headings {
			if !slices.ContainsFunc(n.headings[sheet], func(have string) bool { return have == h || strings.HasSuffix(h, "::") && strings.HasPrefix(have, h) }) {
				t.Errorf("no case has the column %s on the sheet %s", h, sheet)
			}
		}
	}
	has("survey", surveyColumns...)
	has("survey", keys(unsupported)...)
	has("choices", choiceColumns...)
	has("external_choices", "list_name", "name", "label")
	has("settings", settingsColumns...)
	has("settings", keys(settingsAliases)...)
	has("entities", entityColumns...)
	has("osm", tagColumns...)
	for _, column := range koboGroups {
		has("survey", column)
	}
	for _, name := range slices.Concat(readBind, keptBind) {
		has("survey", "bind::"+strings.ToLower(name))
	}
	for name := range harmless {
		has("survey", name)
	}
	all := slices.Concat(n.headings["survey"], n.headings["choices"], n.headings["entities"])
	for alias := range aliases {
		if !slices.Contains(all, alias) {
			t.Errorf("no case has the heading %s", alias)
		}
	}
	for typ, names := range parameters {
		for _, name := range names {
			if !slices.Contains(n.parameters, string(typ)+" "+name) {
				t.Errorf("no case has the parameter %s at the type %s", name, typ)
			}
		}
	}
	for _, a := range form.Appearances() {
		if !slices.ContainsFunc(n.appearances, func(w string) bool {
			return w == a.Word || strings.TrimRight(a.Word, "-:") != a.Word && strings.HasPrefix(w, a.Word)
		}) {
			t.Errorf("no case has the appearance %s", a.Word)
		}
	}
}

// knownTypes are the beginnings of what may stand in the column type.
func knownTypes() []string {
	list := slices.Concat(keys(typeAliases), keys(deviceTypes), keys(emptyTypes), keys(dialectPrefixes), keys(presets), keys(settingsTypes),
		[]string{"select_one_from_file", "select_multiple_from_file", "select_one_external", "csv-external", "xml-external", "osm", "begin loop over", "end loop",
			"calculate_here", "hidden string", "db:person"})
	for _, typ := range form.Types() {
		list = append(list, strings.ToLower(string(typ)))
	}
	for kind := range koboGroups {
		list = append(list, "begin_"+kind, "end_"+kind)
	}
	for word := range structures {
		list = append(list, "begin "+word, "end "+word)
	}
	return list
}
