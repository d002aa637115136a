package screen

import (
	"math"

	"vereda/fyne-app/field"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// measures are the length and the area of an answer, as the form's own expressions would reckon them.
func measures(v record.Value) field.Measures {
	switch v.Kind() {
	case record.Geotrace:
		return field.Measures{Length: reckon("distance(.)", v)}
	case record.Geoshape:
		return field.Measures{Length: reckon("distance(.)", v), Area: reckon("area(.)", v)}
	}
	return field.Measures{}
}

func reckon(expression string, v record.Value) float64 {
	e, err := xpath.Parse(expression)
	if err != nil {
		return 0
	}
	node := &xpath.Node{Name: "line", Value: v.String()}
	result, err := e.Eval(&xpath.Context{Node: node, Env: &xpath.Env{Root: node}})
	if x := result.Number(); err == nil && !math.IsNaN(x) {
		return x
	}
	return 0
}
