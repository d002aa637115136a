package xlsform

import "vereda/survey/form"

// preset is a type of the first years of XLSForm that is another type with a constraint and a hint.
type preset struct {
	typ              form.Type
	constraint, hint string
}

// presets are the types with a constraint of their own, as the reference converter has them; what the row says goes before.
var presets = map[string]preset{
	"percentage":                        {form.TypeInteger, "0 <= . and . <= 100", ""},
	"phone number":                      {form.TypeText, `regex(., '^\d*$')`, "Enter numbers only."},
	"number of days in last month":      {form.TypeInteger, "0 <= . and . <= 31", "Enter a number 0-31."},
	"number of days in last six months": {form.TypeInteger, "0 <= . and . <= 183", "Enter a number 0-183."},
	"number of days in last year":       {form.TypeInteger, "0 <= . and . <= 365", "Enter a number 0-365."},
}

// applyPreset gives a question of such a type its constraint and hint.
func (r *reader) applyPreset(i *form.Item, row *row) {
	p, ok := r.presets[i]
	if !ok {
		return
	}
	if i.Constraint == nil {
		i.Constraint = r.parse(p.constraint, row, "type", nil)
	}
	if i.Hint.IsZero() && p.hint != "" {
		i.Hint = r.everywhere(p.hint)
	}
}
