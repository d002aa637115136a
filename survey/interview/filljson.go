package interview

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// misfitError is a sentence for people: why JSON is no answer.
type misfitError string

func (e misfitError) Error() string { return string(e) }

func misfit(format string, args ...any) error { return misfitError(fmt.Sprintf(format, args...)) }

// valueOf reads a question's answer from JSON. Its errors are misfitErrors.
func valueOf(i *form.Item, given any) (record.Value, error) {
	text, err := textOf(i, given)
	if err != nil || text == "" {
		return record.Value{}, err
	}
	if i.KindOf() == 0 {
		return record.Value{}, misfit("A note takes no answer: leave it out.")
	}
	v, err := record.New(i.KindOf(), text)
	if err != nil {
		return record.Value{}, misfit("%q is no answer to a question of type %s: %v.", text, i.Type, strings.TrimPrefix(err.Error(), "record: "))
	}
	return v, nil
}

// textOf writes a JSON value as ODK text.
func textOf(i *form.Item, given any) (string, error) {
	switch g := given.(type) {
	case nil:
		return "", nil
	case string:
		return g, nil
	case json.Number:
		return wholeNumber(g.String()), nil
	case float64:
		return strconv.FormatFloat(g, 'f', -1, 64), nil
	case int:
		return strconv.Itoa(g), nil
	case []any:
		return joined(i, g)
	}
	return "", misfit("A question of type %s takes no %s: give a string or a number.", i.Type, jsonKind(given))
}

// wholeNumber writes 3.0 and 3e0 as 3, as JSON means it.
func wholeNumber(text string) string {
	if !strings.ContainsAny(text, ".eE") {
		return text
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// joined writes an array: of choices, or the numbers of a position.
func joined(i *form.Item, list []any) (string, error) {
	kind := i.KindOf()
	if kind != record.Choices && kind != record.Geopoint {
		return "", misfit("A question of type %s takes one answer, not an array.", i.Type)
	}
	words := make([]string, len(list))
	for n, element := range list {
		word, err := textOf(i, element)
		if err != nil {
			return "", err
		}
		if word == "" || strings.ContainsAny(word, " \t\n") {
			return "", misfit("%q is no single name: give each choice as an element of its own.", word)
		}
		words[n] = word
	}
	return strings.Join(words, " "), nil
}

func jsonKind(given any) string {
	switch given.(type) {
	case bool:
		return "true or false"
	case map[string]any:
		return "object"
	}
	return fmt.Sprintf("%T", given)
}

// object writes the relevant answers below a group or an instance as nested JSON; groups without any are left out.
func object(group *cell, l *layout) map[string]any {
	out := map[string]any{}
	for _, item := range group.item.Children {
		c := &group.frame.cells[l.places[item.Index].at]
		switch {
		case c.holder != nil:
			if list := objects(c, l); len(list) > 0 {
				out[item.Name] = list
			}
		case !c.relevant:
		case item.Kind == form.Group:
			if inner := object(c, l); len(inner) > 0 {
				out[item.Name] = inner
			}
		case !c.value.IsZero():
			out[item.Name] = plain(c.value)
		}
	}
	return out
}

func objects(c *cell, l *layout) []any {
	var list []any
	for _, f := range c.holder.live {
		if f.cells[0].relevant {
			list = append(list, object(&f.cells[0], l))
		}
	}
	return list
}

// plain writes a value as people write it in JSON.
func plain(v record.Value) any {
	switch v.Kind() {
	case record.Integer, record.Decimal:
		if n := json.Number(v.String()); json.Valid([]byte(n)) {
			return n
		}
	case record.Choices:
		return strings.Fields(v.String())
	}
	return v.String()
}
