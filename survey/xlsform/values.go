package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// dynamicDefault finds what makes a default an expression: a reference, a call, a predicate, or arithmetic.
var (
	dynamicDefault = regexp.MustCompile(`\$\{|(^|[^\w.-])[A-Za-z][\w.:-]*\(|\[.*\]|\|`)
	arithmetic     = regexp.MustCompile(`[+*]|\S\s+-\s+\S|\s(div|mod)\s`)
)

// readDefault reads a question's default: an expression, or a fixed answer, which must be one that the type takes.
func (r *reader) readDefault(i *form.Item, row *row) {
	text, at := row.get("default")
	if text == "" {
		return
	}
	kind := i.KindOf()
	switch {
	case kind == record.File:
		r.keep(i, "default", text)
		r.note(form.Warning, "default-file", at, text, "The file is no answer until one is taken: the question begins without one.", "To show a picture, write it in media::image.")
		return
	case isDynamic(i.Type, text):
		i.Default = r.expression(i, row, "default")
		return
	case kind == 0:
		kind = record.Text
	}
	v, err := record.New(kind, text)
	if err != nil {
		r.note(form.Error, "bad-default", at, text, fmt.Sprintf("%q is no answer of type %s: %v.", text, i.Type, err), "")
		return
	}
	if i.Type.Select() && i.List != nil && len(i.List.Choices) > 0 {
		for _, name := range strings.Fields(text) {
			if _, ok := i.List.Choice(name); !ok {
				r.note(form.Error, "bad-default", at, text, fmt.Sprintf("%s is no choice of list %s.", name, i.List.Name), "Write the name of a choice, not its label.")
				return
			}
		}
	}
	i.DefaultText = v.String()
}

func isDynamic(t form.Type, text string) bool {
	if dynamicDefault.MatchString(text) {
		return true
	}
	switch t {
	case form.TypeInteger, form.TypeDecimal, form.TypeRange, form.TypeSelectOne, form.TypeCalculate:
		_, err := strconv.ParseFloat(text, 64) // 1e+6 is a number
		return err != nil && arithmetic.MatchString(text)
	}
	return false
}

// parameters are the parameters of each type.
var parameters = map[form.Type][]string{
	form.TypeRange: {"start", "end", "step", "tick_interval", "placeholder", "tick_labelset"},
	form.TypeText:  {"rows"}, form.TypeImage: {"max-pixels", "app"},
	form.TypeAudio: {"quality"}, form.TypeVideo: {"quality"}, form.TypeSelectOne: {"randomize", "seed"}, form.TypeSelectMultiple: {"randomize", "seed"},
	form.TypeRank: {"randomize", "seed"}, form.TypeGeopoint: {"capture-accuracy", "warning-accuracy", "allow-mock-accuracy", "reference-geometry"},
	form.TypeGeotrace: {"incremental", "allow-mock-accuracy", "reference-geometry"}, form.TypeGeoshape: {"incremental", "allow-mock-accuracy", "reference-geometry"},
	"background-audio": {"quality"},
	form.TypeAudit:     {"location-priority", "location-min-interval", "location-max-age", "track-changes", "track-changes-reasons", "identify-user"},
}

// readParameters reads "name=value name=value".
func (r *reader) readParameters(i *form.Item, row *row) {
	text, at := row.get("parameters")
	if i.Type == form.TypeRange {
		i.Parameters = map[string]string{"start": "1", "end": "10", "step": "1"}
	}
	if cell, _ := row.get("type"); text == "" || r.strict && !checksParameters(cell) {
		return
	}
	if len(r.parametersOf(i)) == 0 {
		r.note(form.Warning, "no-effect", at, text, fmt.Sprintf("%s has no parameters.", r.typeName(i)), "Clear the cell.")
		return
	}
	for _, word := range strings.FieldsFunc(spacedEquals.ReplaceAllString(text, "="), func(c rune) bool { return c == ' ' || c == ',' || c == ';' || c == '\n' }) {
		name, value, ok := strings.Cut(word, "=")
		switch name = strings.ToLower(name); {
		case !ok || value == "":
			r.note(form.Error, "bad-parameters", at, text, fmt.Sprintf("%q is no parameter.", word), "Write name=value, with a blank between two parameters.")
		case !slices.Contains(r.parametersOf(i), name):
			r.note(form.Error, "unknown-parameter", at, text, fmt.Sprintf("%s has no parameter %s.", r.typeName(i), name), parameterHint(r.parametersOf(i), name))
		default:
			if i.Parameters == nil {
				i.Parameters = map[string]string{}
			}
			i.Parameters[name] = value
		}
	}
	if bad, hint := r.checkParameters(i); bad != "" {
		r.note(form.Error, "bad-parameters", at, text, bad, hint)
	}
}

var spacedEquals = regexp.MustCompile(`\s*=\s*`)

func (r *reader) typeName(i *form.Item) string {
	if device := r.devices[i]; device != "" {
		return device
	}
	if i.Kind == form.Question {
		return string(i.Type)
	}
	return "A " + i.Kind.String()
}

func parameterHint(known []string, name string) string {
	if near := nearest(name, known); near != "" {
		return fmt.Sprintf("Write %s.", near)
	}
	if len(known) > 0 {
		return fmt.Sprintf("It has: %s.", strings.Join(known, ", "))
	}
	return "Clear the cell."
}

// checkParameters checks the values of parameters.
func (r *reader) checkParameters(i *form.Item) (bad, hint string) {
	for _, name := range []string{"start", "end", "step", "capture-accuracy", "warning-accuracy", "tick_interval", "placeholder"} {
		value, ok := i.Parameters[name]
		if _, err := strconv.ParseFloat(value, 64); ok && err != nil {
			return fmt.Sprintf("%s is %s, which is no number.", name, value), fmt.Sprintf("Write a number, as in %s=1.", name)
		}
	}
	for _, name := range []string{"max-pixels", "rows", "location-min-interval", "location-max-age"} {
		value, ok := i.Parameters[name]
		if n, err := strconv.Atoi(value); ok && (err != nil || n < 0 && name != "rows" && (name != "max-pixels" || !r.strict)) {
			return fmt.Sprintf("%s is %s, which is no whole number.", name, value), fmt.Sprintf("Write a whole number, as in %s=60.", name)
		}
	}
	for _, name := range []string{"randomize", "allow-mock-accuracy", "track-changes", "incremental", "identify-user"} {
		switch value, ok := i.Parameters[name]; {
		case ok && r.strict && !strings.EqualFold(value, "true") && !strings.EqualFold(value, "false"):
			return fmt.Sprintf("%s is %s.", name, value), fmt.Sprintf("Write %s=true or %s=false.", name, name)
		case ok && yes(value):
			i.Parameters[name] = "true"
		case ok && no(value):
			i.Parameters[name] = "false"
		case ok:
			return fmt.Sprintf("%s is %s.", name, value), fmt.Sprintf("Write %s=true or %s=false.", name, name)
		}
	}
	if seed, seeded := i.Parameters["seed"]; seeded {
		if random, given := i.Parameters["randomize"]; random != "true" && !(given && r.strict) {
			return "A seed has no use without randomize.", "Write randomize=true before it."
		}
		if _, err := strconv.ParseFloat(seed, 64); err != nil && !triggerPart.MatchString(seed) {
			return fmt.Sprintf("The seed is %s, which is neither a number nor a reference.", seed), "Write seed=1, for instance."
		}
	}
	if i.Type == form.TypeRange {
		return r.checkRange(i)
	}
	return r.checkOthers(i)
}
