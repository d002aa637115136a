package interview

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// AnswerError says why an act was not possible. Nothing changed.
type AnswerError struct {
	Path   record.Path
	Kind   string // "unknown", "kind", "read-only", "count"
	Reason string // a sentence, without the path
}

func (e *AnswerError) Error() string { return fmt.Sprintf("%s: %s", e.Path, e.Reason) }

// Set gives an answer. The zero Value takes it back. The answer is taken even where a constraint rejects it (Problems names it then);
// the error (*AnswerError) is for an unknown path, a value of the wrong kind, or a read-only question.
func (s *Session) Set(p record.Path, v record.Value) (Change, error) {
	c := s.find(p, false)
	if c == nil {
		return Change{}, &AnswerError{p, "unknown", "The form has no such question, or the repeat no such instance."}
	}
	if err := c.takes(p, v); err != nil {
		return Change{}, err
	}
	another := c.value != v
	s.store(c, v)
	c.chosen, c.typed = c.isDefault(), true
	s.settle()
	if another && len(s.form.Actions) > 0 {
		s.answered(c)
	}
	return s.finish(), nil
}

// takes returns an error when a person cannot give a cell that answer.
func (c *cell) takes(p record.Path, v record.Value) error {
	kind := c.item.KindOf()
	switch {
	case c.item.Kind != form.Question:
		return &AnswerError{p, "kind", fmt.Sprintf("A %v takes no answer.", c.item.Kind)}
	case unseen(c.item):
		return &AnswerError{p, "read-only", "The form or the device answers this itself."}
	case c.locked():
		return &AnswerError{p, "read-only", "The question is read-only."}
	case !v.IsZero() && kind == 0:
		return &AnswerError{p, "kind", "A note takes no answer."}
	case !v.IsZero() && v.Kind() != kind:
		return &AnswerError{p, "kind", fmt.Sprintf("The question takes a value of kind %v, not %v.", kind, v.Kind())}
	}
	return nil
}

// numeric reports whether values of a kind are numbers in expressions.
func numeric(k record.Kind) bool { return k == record.Integer || k == record.Decimal }

// result turns what a calculation gave into an answer of the question's kind, as JavaRosa does: nothing for NaN, 1 and 0 for true and false,
// whole numbers without a point, cut off where the question takes whole numbers only.
func result(v xpath.Value, kind record.Kind) (record.Value, error) {
	text := ""
	switch v.Type() {
	case "boolean":
		text = strconv.Itoa(map[bool]int{true: 1}[v.Bool()])
	case "number":
		n := v.Number()
		if math.IsNaN(n) {
			return record.Value{}, nil
		}
		if kind == record.Integer {
			n = math.Trunc(n)
			return parse(kind, strconv.FormatFloat(n, 'f', -1, 64))
		}
		text = v.String()
	default:
		text = v.String()
	}
	return parse(kind, text)
}

// parse reads a value of a kind; no text is no answer.
func parse(kind record.Kind, text string) (record.Value, error) {
	switch {
	case text == "":
		return record.Value{}, nil
	case kind == 0:
		return record.Value{}, nil
	}
	return record.New(kind, text)
}

// parsed is parse for texts known to be right.
func parsed(kind record.Kind, text string) record.Value {
	v, _ := parse(kind, text)
	return v
}

func textOrNothing(s string) record.Value { return parsed(record.Text, s) }

// timestamp writes a time as ODK does, to the millisecond.
func timestamp(t time.Time) record.Value {
	return parsed(record.DateTime, t.Format("2006-01-02T15:04:05.000-07:00"))
}
