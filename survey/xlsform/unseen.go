package xlsform

import "vereda/survey/form"

// hideCalculated makes a question that is calculated, or set by a trigger, and that has neither label nor hint one that no screen shows, as the reference
// converter does: it holds what its type holds.
func (r *reader) hideCalculated(i *form.Item, row *row) {
	trigger, _ := row.get("trigger")
	if !i.Type.Shown() || i.Calculation == nil && trigger == "" || !i.Label.IsZero() || !i.Hint.IsZero() || !i.Guidance.IsZero() || len(i.Media) > 0 {
		return
	}
	i.Holds = i.KindOf()
	if i.Type = form.TypeHidden; i.Calculation != nil {
		i.Type = form.TypeCalculate
	}
}
