package xlsform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vereda/survey/form"
)

// Columns headed bind::x, body::x and instance::x write an attribute x into the XForm. Some have a meaning here; those of the teams' own tools are kept in
// Item.Columns as bind::x, body::x and instance::x.

// readBind are attributes of binds that are read; the rest have columns of their own, which are aliases.
var readBind = []string{"type", "jr:preload", "jr:preloadParams", "orx:max-pixels"}

// keptBind are attributes of binds that ODK's tools know and that change no answer here.
var keptBind = []string{"odk:length", "saveIncomplete", "id"}

// bodyParameters are attributes of controls that have a parameter.
var bodyParameters = map[string]string{"rows": "rows", "accuracythreshold": "capture-accuracy", "unacceptableaccuracythreshold": "warning-accuracy"}

// readAttributes reads the columns of attributes. It comes before all that asks for the type of the question.
func (r *reader) readAttributes(i *form.Item, row *row) {
	preload, params := "", ""
	var preloadAt form.Cell
	for n, text := range row.cells {
		if text == "" || n >= len(row.sheet.columns) {
			continue
		}
		c := row.sheet.columns[n]
		prefix, _, attribute := strings.Cut(c.key, "::")
		if !attribute || c.language != "" || !c.known {
			continue
		}
		_, name, _ := strings.Cut(c.heading, "::")
		if name == "" {
			name = c.heading // autoplay, rows
		}
		name = strings.TrimSpace(name)
		switch prefix {
		case "bind":
			switch name {
			case "jr:preload":
				preload, preloadAt = text, row.at(n)
			case "jr:preloadParams":
				params = text
			default:
				r.readBindAttribute(i, row, n, name)
			}
		case "body", "control":
			r.readBodyAttribute(i, row, n, name)
		case "instance":
			r.keep(i, "instance::"+name, text)
			r.noteOnce(form.Warning, "attribute", row.at(n), text, fmt.Sprintf("What the column %s says is kept in the form; it has no effect here.", c.heading), "")
		}
	}
	if preload != "" {
		r.readPreload(i, preload, params, preloadAt)
	}
}

func (r *reader) keep(i *form.Item, name, text string) {
	if i.Columns == nil {
		i.Columns = map[string]string{}
	}
	i.Columns[name] = text
}

func (r *reader) readBindAttribute(i *form.Item, row *row, n int, name string) {
	text, at, heading := row.cells[n], row.at(n), row.sheet.columns[n].heading
	space, _, foreign := strings.Cut(name, ":")
	foreign = foreign && space != "jr" && space != "odk" && space != "orx"
	switch {
	case name == "type":
		r.bindType(i, at, text)
	case name == "orx:max-pixels":
		r.setParameter(i, "max-pixels", text, at)
	case harmless["bind::"+strings.ToLower(name)] || harmless[row.sheet.columns[n].key]:
	case foreign || slices.Contains(keptBind, name):
		r.keep(i, "bind::"+name, text)
		r.noteOnce(form.Warning, "attribute", at, text, fmt.Sprintf("What the column %s says is kept in the form; it has no effect here.", heading), "")
	default:
		hint := "Take the column out."
		known := slices.Concat(readBind, keptBind, []string{"relevant", "constraint", "calculate", "required", "readonly", "jr:constraintMsg", "jr:requiredMsg"})
		if near := r.nearest(name, func() []string { return known }); near != "" {
			hint = fmt.Sprintf("Write bind::%s.", near)
		}
		r.note(form.Error, "unsupported-column", at, text, fmt.Sprintf("The column %s is not supported.", heading), hint)
	}
}

// bindType gives a question the type that its bind has: a calculated number is a number then.
func (r *reader) bindType(i *form.Item, at form.Cell, text string) {
	t, ok := form.BoundType(text)
	asked := i.Type == form.TypeText || i.Type == form.TypeInteger || i.Type == form.TypeDecimal || i.Type == form.TypeDate || i.Type == form.TypeTime || i.Type == form.TypeDateTime || i.Type == form.TypeBarcode
	switch {
	case !ok:
		r.note(form.Error, "bad-bind", at, text, fmt.Sprintf("%s is no type of a bind.", text), "Write string, int, decimal, date, time, dateTime, geopoint, geotrace, geoshape or barcode.")
	case i.Type == form.TypeCalculate || i.Type == form.TypeHidden:
		i.Holds = (&form.Item{Kind: form.Question, Type: t}).KindOf()
	case asked:
		i.Type = t
	default:
		r.note(form.Warning, "no-effect", at, text, fmt.Sprintf("A %s keeps its own type.", i.Type), "Clear the cell.")
	}
}

func (r *reader) readBodyAttribute(i *form.Item, row *row, n int, name string) {
	text, at := row.cells[n], row.at(n)
	if parameter := bodyParameters[strings.ToLower(name)]; parameter != "" {
		r.setParameter(i, parameter, text, at)
		return
	}
	r.keep(i, "body::"+name, text)
	if !strings.EqualFold(name, "autoplay") {
		r.noteOnce(form.Warning, "unsupported-column", at, text, fmt.Sprintf("The column %s has no effect here.", row.sheet.columns[n].heading), "")
	}
}

// setParameter takes a parameter, a number, from a column of its own.
func (r *reader) setParameter(i *form.Item, name, text string, at form.Cell) {
	if !slices.Contains(parameters[i.Type], name) {
		r.note(form.Warning, "no-effect", at, text, fmt.Sprintf("A question of type %s has no %s.", i.Type, name), "Clear the cell.")
		return
	}
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		r.note(form.Error, "bad-parameters", at, text, fmt.Sprintf("%s is %s, which is no number.", name, text), "Write a number.")
		return
	}
	if i.Parameters == nil {
		i.Parameters = map[string]string{}
	}
	i.Parameters[name] = text
}

// readPreload gives a question what the device knows.
func (r *reader) readPreload(i *form.Item, preload, params string, at form.Cell) {
	t, known := form.PreloadType(preload, params)
	switch {
	case known && i.Kind == form.Question:
		i.Type = t
	case preload == "uid":
		r.form.Actions = append(r.form.Actions, form.Action{Event: form.FirstLoad, Target: i, Value: r.parse("concat('uuid:', uuid())", r.rowOf(i), "type", nil)})
	case preload == "property":
		r.note(form.Warning, "stays-empty", at, preload, fmt.Sprintf("The question stays empty: the device does not tell its %s.", params), "")
	default:
		r.note(form.Error, "bad-bind", at, preload, fmt.Sprintf("There is no preload %s with the parameter %q.", preload, params), "Write timestamp with start or end, date with today, property with deviceid or username, or uid.")
	}
}
