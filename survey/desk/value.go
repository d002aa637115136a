package desk

import (
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// Value reads what a person typed as the answer to a question of a form; "" is no answer. The path may lie in a repeat instance. It fails with an
// *AnswerError.
func Value(f *form.Form, p record.Path, typed string) (record.Value, error) {
	if f == nil {
		return record.Value{}, &AnswerError{p, "unknown"}
	}
	i, there := f.Item(p.Generic())
	if !there || i.Kind != form.Question || i.KindOf() == 0 {
		return record.Value{}, &AnswerError{p, "unknown"}
	}
	typed = strings.TrimSpace(typed)
	v, err := record.New(i.KindOf(), typed)
	if err != nil {
		return record.Value{}, &AnswerError{p, "kind"}
	}
	return v, nil
}

// splitChoices are the names of choices in an answer.
func splitChoices(v record.Value) []string {
	if v.Kind() == record.Choices {
		return strings.Fields(v.String())
	}
	return []string{v.String()}
}
