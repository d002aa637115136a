package screen

import (
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/field"
	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/record"
)

// listPage shows a question's many choices on a page of their own, with a search.
type listPage struct {
	of   *interviewPage
	path record.Path
	body *look.Body
}

func (l *listPage) language() string { return l.of.language() }
func (l *listPage) back()            { l.of.app.show(l.of) }
func (l *listPage) leave()           {}

func (l *listPage) build() look.Object {
	a := l.of.app
	var list *field.List
	list = field.NewList(a.say, l.of.state(l.path), func(e field.Event) {
		if e.Act == field.Choose {
			a.show(l.of)
			return
		}
		if l.of.typeAt(l.path) == form.TypeSelectMultiple {
			l.of.event(l.path, e)
			list.Set(l.of.state(l.path))
			l.body.Settle()
			return
		}
		l.of.event(l.path, e)
		if a.page == page(l) { // not where the form goes on by itself
			a.show(l.of)
		}
	}, func() { l.body.Settle(); l.body.Top() })
	l.body = look.NewBody(look.NewPage(margin, 18, list))
	back := look.NewIconButton("back", a.say.Say("back"), theme.NavigateBackIcon(), look.OnBrand, l.back)
	return container.NewBorder(bar(l.of.section(), back), nil, nil, nil, l.body)
}
