package interview

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// Problem is something about the answers that keeps the interview from being finished.
type Problem struct {
	Path    record.Path `json:"path"`
	Kind    string      `json:"kind"`    // "required", "constraint", "choice", "kind", "count", "rule"; Fill adds "unknown", "not-relevant", "read-only"
	Message string      `json:"message"` // the form's own message in the language asked for, or "" where the form has none
}

// Problems returns all problems of relevant questions, in form order, messages in a language.
func (s *Session) Problems(language string) []Problem {
	var list []Problem
	s.root.walk(func(c *cell) { list = s.check(c, language, list) })
	return list
}

// Check returns the problems of one question.
func (s *Session) Check(p record.Path, language string) []Problem {
	c := s.find(p, false)
	if c == nil {
		return nil
	}
	return s.check(c, language, nil)
}

// check adds the problems of a cell. As in ODK, an answer nobody sees is not checked.
func (s *Session) check(c *cell, language string, list []Problem) []Problem {
	add := func(kind, message string) { list = append(list, Problem{c.where(), kind, message}) }
	switch {
	case !c.relevant:
		return list
	case c.holder != nil && c.holder.asked > maxInstances:
		add("count", fmt.Sprintf("The form asks for %.0f instances; no more than %d are made. Correct the number.", c.holder.asked, maxInstances))
	}
	for p := form.Calculate; len(s.troubles) > 0 && p <= form.RepeatCount; p++ {
		if err, there := s.troubles[trouble{c, p}]; there {
			add("rule", fmt.Sprintf("The form's %v could not be evaluated: %v", p, err))
		}
	}
	if c.item.Kind != form.Question || !c.item.Type.Shown() {
		return list
	}
	if c.value.IsZero() {
		if c.required {
			add("required", s.say(c.item.RequiredMessage, c, language))
		}
		return list
	}
	if c.value.Kind() != c.item.KindOf() || unfinished(c.value) {
		add("kind", "")
		return list
	}
	if c.item.Type.Select() && !s.offersAll(c) {
		add("choice", "")
	}
	if c.item.Type == form.TypeRange && !within(c) {
		add("constraint", s.say(c.item.ConstraintMessage, c, language))
		return list
	}
	if kind, message := s.constrain(c, language); kind != "" {
		add(kind, message)
	}
	return list
}

// unfinished reports whether a line has not two points, or an area not three corners or another end than beginning.
func unfinished(v record.Value) bool {
	switch v.Kind() {
	case record.Geotrace:
		return !strings.Contains(v.String(), ";")
	case record.Geoshape:
		points := strings.Split(v.String(), ";")
		return len(points) < 4 || points[0] != points[len(points)-1]
	}
	return false
}

// within reports whether the answer of a range lies between its start and end, whichever of them is the larger. A parameter that is no number bounds nothing.
func within(c *cell) bool {
	v, err := strconv.ParseFloat(c.value.String(), 64)
	start, err1 := strconv.ParseFloat(c.item.Parameters["start"], 64)
	end, err2 := strconv.ParseFloat(c.item.Parameters["end"], 64)
	return errors.Join(err, err1, err2) != nil || min(start, end) <= v && v <= max(start, end)
}

func (s *Session) offersAll(c *cell) bool {
	for _, name := range choiceNames(c.value) {
		if !s.offers(c, name) {
			return false
		}
	}
	return true
}

// constrain evaluates a constraint; kind "" when the answer stands.
func (s *Session) constrain(c *cell, language string) (kind, message string) {
	if c.item.Constraint == nil {
		return "", ""
	}
	s.at = xpath.Context{Node: &c.node, Env: s.world}
	ok, err := c.item.Constraint.Bool(&s.at)
	switch {
	case err != nil:
		return "constraint", err.Error()
	case !ok:
		return "constraint", s.say(c.item.ConstraintMessage, c, language)
	}
	return "", ""
}
