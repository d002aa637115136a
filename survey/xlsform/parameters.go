package xlsform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"vereda/survey/form"
)

// located are the three parameters of an audit that records places, which need each other.
var located = []string{"location-priority", "location-min-interval", "location-max-age"}

// allowed are the values of parameters that are words.
var allowed = map[string][]string{
	"location-priority":     {"no-power", "low-power", "balanced", "high-accuracy"},
	"quality":               {"voice-only", "low", "normal", "external"},
	"track-changes-reasons": {"on-form-edit"},
}

// packageName is the name of an Android package.
var packageName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+$`)

// columnName is what the parameters value and label may be.
var columnName = regexp.MustCompile(`^[A-Za-z_][\w.-]*$`)

// checkOthers checks the parameters of questions other than ranges, by the rules of the reference converter.
func (r *reader) checkOthers(i *form.Item) (bad, hint string) {
	for _, name := range keys(allowed) {
		words := allowed[name]
		if r.devices[i] != "" && name == "quality" { // "external" is another app, which a recording in the background is not left to
			words = words[:3]
		}
		if v, ok := i.Parameters[name]; ok && !slices.Contains(words, v) && i.Type != form.TypeVideo {
			return fmt.Sprintf("%s is no %s.", v, name), fmt.Sprintf("Write one of: %s.", strings.Join(words, ", "))
		}
	}
	if seed := i.Parameters["seed"]; strings.HasPrefix(seed, "$") && r.selectFiles[i] == "" {
		row := r.rowOf(i)
		text, at := row.get("parameters")
		if e := r.replace(seed, i, false); e.bad != "" {
			r.note(form.Error, e.code, at, text, e.bad, e.hint)
		} else {
			i.Seed = r.parse(e.text, row, "parameters", nil)
		}
	}
	given := 0
	for _, name := range located {
		if _, ok := i.Parameters[name]; ok {
			given++
		}
	}
	if given > 0 && given < len(located) {
		return fmt.Sprintf("To record places, an audit needs %s.", strings.Join(located, ", ")), "Write all three, or none."
	}
	least, _ := strconv.Atoi(i.Parameters["location-min-interval"])
	if most, err := strconv.Atoi(i.Parameters["location-max-age"]); err == nil && most < least {
		return "location-max-age is below location-min-interval.", "Write a larger number."
	}
	for _, name := range []string{"value", "label"} {
		if v, ok := i.Parameters[name]; ok && !columnName.MatchString(v) {
			return fmt.Sprintf("%s is %s, which cannot be the name of a column.", name, v), "Write a letter or _ first, then letters, digits, _, - or ."
		}
	}
	appearance := strings.Join(i.Appearance, " ")
	if app, ok := i.Parameters["app"]; ok && (appearance == "" || appearance == "annotate") && !packageName.MatchString(app) {
		return fmt.Sprintf("%s is no name of an Android package.", app), "Write its full name, such as org.example.camera."
	}
	if v, ok := i.Parameters["incremental"]; ok && v != "true" {
		return "incremental can only be true.", "Write incremental=true, or nothing."
	}
	if v, ok := i.Parameters["reference-geometry"]; ok && !r.isGeometry(v) {
		return fmt.Sprintf("reference-geometry is %s, which names neither a list, an entity, a file nor a repeat.", v), "Write the name of a list with a column geometry, or ${name} of a repeat."
	}
	return "", ""
}

// rowOf returns the row that an item is written in.
func (r *reader) rowOf(i *form.Item) *row { return r.survey.row(i.Source.Row) }

// isGeometry reports whether a reference geometry names something that holds geometries.
func (r *reader) isGeometry(name string) bool {
	if inner, ok := strings.CutPrefix(name, "${"); ok {
		found := r.byName[strings.TrimSuffix(inner, "}")]
		return len(found) == 1 && found[0].Kind == form.Repeat
	}
	_, list := r.form.Lists[name]
	_, file := r.files[name]
	return list && !r.searched[name] || file || slices.ContainsFunc(r.form.Entities, func(e form.Entity) bool { return e.List == name })
}

// attached notes a file of data that belongs to the form: a name by which expressions reach it, and where it lies. Two files
// of one name cannot be told apart.
func (r *reader) attached(at form.Cell, text, name, file string) {
	if r.files == nil {
		r.files = map[string]string{}
	}
	if there, ok := r.files[name]; ok && there != file {
		r.note(form.Error, "file-name", at, text, fmt.Sprintf("The name %s stands for %s and for %s.", name, there, file), "Give one of the files another name.")
		return
	}
	r.files[name] = file
	r.checkClash(at, text, name, file)
}

// checkClash warns of a file that has the name of a list of the sheet choices: expressions reach the file by it.
func (r *reader) checkClash(at form.Cell, text, name, file string) {
	if r.form.Lists[name] != nil && !r.searched[name] {
		r.note(form.Warning, "file-list", at, text, fmt.Sprintf("%s has the name of the list %s of the sheet choices; instance('%s') is the file.", file, name, name), "Give one of them another name.")
	}
}

// findFiles notes the files that the types of questions and calls of pulldata() name.
func (r *reader) findFiles() {
	for _, ir := range r.rows {
		if file := r.selectFiles[ir.item]; file != "" {
			text, at := ir.row.get("type")
			id := strings.TrimSuffix(file, path.Ext(file))
			r.attached(at, text, id, file)
			r.addFile(at, id, file)
		}
		if appearance, _ := ir.row.get("appearance"); strings.Contains(appearance, "search(") && ir.item.List != nil {
			r.searched[ir.item.List.Name] = true
		}
		for n, cell := range ir.row.cells {
			if strings.Contains(cell, "pulldata") && n < len(ir.row.sheet.columns) {
				for _, m := range pulled.FindAllStringSubmatch(cell, -1) {
					r.pulls = append(r.pulls, pull{ir.row.at(n), cell, m[1]})
				}
			}
		}
	}
	for _, p := range r.pulls {
		r.checkClash(p.at, p.cell, p.name, p.name+".csv")
		if there, ok := r.files[p.name]; ok && there != p.name+".csv" {
			r.note(form.Error, "file-name", p.at, p.cell, fmt.Sprintf("pulldata() reads %s.csv, and the name %s stands for %s.", p.name, p.name, there), "Give one of the files another name.")
		}
	}
}

// pull is a call of pulldata().
type pull struct {
	at         form.Cell
	cell, name string
}

var pulled = regexp.MustCompile(`pulldata\s*\(\s*['"]([^'"]+)['"]`)
