package xlsform

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// readRules reads what could not be read before all names were known: expressions, texts, defaults, parameters.
func (r *reader) readRules() {
	for _, ir := range r.rows {
		i, row := ir.item, ir.row
		r.readAttributes(i, row)
		r.readParameters(i, row)
		r.readExpressions(i, row)
		r.readTexts(i, row)
		r.applyPreset(i, row)
		if i.Kind == form.Question {
			r.readDefault(i, row)
		}
		r.checkQuestion(i, row)
		r.checkCells(row)
	}
	r.readChoiceTexts()
	if r.form.External[form.LastSavedID] != "" {
		r.note(form.Warning, "last-saved", form.Cell{Sheet: r.survey.name}, "", "${last-saved#…} is the answer in the interview that the device finished last; before there is one, it is empty.", "")
	}
	if r.settings != nil && len(r.settings.rows) > 0 {
		r.form.InstanceName = r.expression(r.form.Root, r.settings.rows[0], "instance_name")
	}
}

// readExpressions reads the row's rules.
func (r *reader) readExpressions(i *form.Item, row *row) {
	i.Relevant = r.expression(i, row, "relevant")
	i.RepeatCount = r.expression(i, row, "repeat_count")
	if i.Kind != form.Question {
		for _, key := range []string{"constraint", "calculation", "required", "choice_filter", "default"} {
			r.needless(row, key, fmt.Sprintf("%s has no meaning at a %s.", key, i.Kind))
		}
		return
	}
	i.Constraint = r.expression(i, row, "constraint")
	i.Calculation = r.expression(i, row, "calculation")
	i.Required = r.yesOrExpression(i, row, "required")
	i.ReadOnly = r.yesOrExpression(i, row, "read_only")
	r.readTrigger(i, row)
	r.readDeviceAction(i, row)
	if file := r.selectFiles[i]; file != "" {
		r.readSelectFile(i, file, row)
	} else if selectsAnswers(i) {
		r.readSelectFrom(i, row)
	} else if i.Type.Select() && !r.readSearch(i, row) {
		i.ChoiceFilter = r.expression(i, row, "choice_filter")
	} else if !i.Type.Select() {
		r.needless(row, "choice_filter", "choice_filter has no meaning here: the question has no choices.")
	}
}

// needless warns of a cell that does nothing.
func (r *reader) needless(row *row, key, message string) {
	if text, at := row.get(key); text != "" && !no(text) {
		r.note(form.Warning, "no-effect", at, text, message, "Clear the cell.")
	}
}

// yesOrExpression reads a cell that says yes or no, or when.
func (r *reader) yesOrExpression(i *form.Item, row *row, key string) *xpath.Expr {
	switch text, _ := row.get(key); {
	case text == "" || no(text):
		return nil
	case yes(text):
		return r.parse("true()", row, key, nil)
	}
	return r.expression(i, row, key)
}

func yes(s string) bool {
	s = strings.ToLower(s)
	return s == "yes" || s == "true" || s == "true()"
}

func no(s string) bool {
	s = strings.ToLower(s)
	return s == "no" || s == "false" || s == "false()"
}

// expression reads the expression in a cell; nil for an empty cell or a bad one, which is reported.
func (r *reader) expression(i *form.Item, row *row, key string) *xpath.Expr {
	text, at := row.get(key)
	if text == "" {
		return nil
	}
	e := r.replace(text, i, key == "choice_filter")
	if e.bad != "" {
		r.note(form.Error, e.code, at, text, e.bad, e.hint)
		return nil
	}
	for _, target := range e.near {
		r.noteNear(at, text, target)
	}
	return r.parse(e.text, row, key, &e)
}

// parse parses an expression, once for each source, and reports what is wrong with it. from maps its bytes to the cell.
func (r *reader) parse(source string, row *row, key string, from *replaced) *xpath.Expr {
	if expr, ok := r.parsed[source]; ok {
		return expr
	}
	expr, err := xpath.Parse(source)
	if err == nil {
		r.parsed[source] = expr
		return expr
	}
	text, at := row.get(key)
	place := func(offset int) string {
		if from != nil {
			offset = from.cellOffset(offset)
		}
		offset = min(offset, len(text))
		return fmt.Sprintf("at character %d", utf8.RuneCountInString(text[:offset])+1)
	}
	var syntax *xpath.SyntaxError
	var function *xpath.FunctionError
	switch {
	case errors.As(err, &syntax):
		r.note(form.Error, "bad-expression", at, text, fmt.Sprintf("The expression cannot be read %s: %s.", place(syntax.Offset), syntax.Reason), syntax.Hint())
	case errors.As(err, &function):
		r.noteFunction(at, text, function, place(function.Offset))
	default:
		r.note(form.Error, "bad-expression", at, text, fmt.Sprintf("The expression cannot be read: %v.", err), "")
	}
	return nil
}

// noteFunction reports a call of a function that there is not, or that takes another number of arguments.
func (r *reader) noteFunction(at form.Cell, text string, e *xpath.FunctionError, place string) {
	switch {
	case e.Known:
		r.note(form.Error, "arguments", at, text, fmt.Sprintf("The function %s() takes %s arguments, not %d (%s).", e.Name, e.Takes, e.Args, place), "")
	case e.Nearest != "":
		r.note(form.Error, "unknown-function", at, text, fmt.Sprintf("There is no function %s() (%s).", e.Name, place), fmt.Sprintf("Write %s().", e.Nearest))
	default:
		r.note(form.Error, "unknown-function", at, text, fmt.Sprintf("There is no function %s() (%s).", e.Name, place), "Look for it among the functions of ODK (docs.getodk.org/form-operators-functions).")
	}
}
