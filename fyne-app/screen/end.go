package screen

import (
	"errors"
	"slices"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/interview"
	"vereda/survey/paradata"
	"vereda/survey/record"
	"vereda/survey/store"
)

// endPage stands behind the last question: what is missing or wrong, and the button that finishes the interview.
type endPage struct{ *interviewPage }

func (e *endPage) back()  { e.app.show(e.interviewPage) }
func (e *endPage) leave() { e.c.flush() }

func (e *endPage) build() look.Object {
	e.c.shown = func(interview.Change) {}
	e.c.sees(paradata.View{Kind: paradata.End})
	say := e.app.say
	problems := e.c.session.Problems(e.c.info.Language)
	column := look.NewColumn(14, look.NewBold(say.Say("end.title"), look.SizeTitle, look.Ink))
	if name := e.c.name(); name != "" {
		column.Add(look.NewText(name, look.SizeBody, look.Muted))
	}
	finish := look.NewButton("finalize", say.Say("end.finalize"), theme.ConfirmIcon(), look.Main, e.finish)
	if len(problems) == 0 {
		column.Add(notice(look.Reassure, theme.ConfirmIcon(), say.Say("end.complete")))
		if n := e.c.session.LeftOut(); n > 0 {
			column.Add(notice(look.Warning, theme.WarningIcon(), say.Say("end.left_out", n)))
		}
	} else {
		finish.Disable(true)
		column.Add(notice(look.Warning, theme.WarningIcon(), say.Say("end.problems", len(problems))))
		rows := look.NewColumn(8)
		for _, problem := range problems {
			rows.Add(e.row(problem))
		}
		column.Add(rows)
	}
	for _, o := range e.commentRows() {
		column.Add(o)
	}
	column.Add(finish)
	column.Add(look.NewButton("draft", say.Say("end.draft"), theme.DocumentSaveIcon(), look.Quiet, e.goHome))
	if offer, ok := e.app.newer(e.c.info); ok {
		column.Add(look.NewButton("version", say.Say("end.version", offer.Version), theme.MailForwardIcon(), look.Bare, e.considerVersion))
	}
	if e.fresh() {
		column.Add(look.NewButton("discard", say.Say("end.discard"), theme.DeleteIcon(), look.Bare, e.discard))
	}
	back := look.NewIconButton("back", say.Say("interview.back"), theme.NavigateBackIcon(), look.OnBrand, e.back)
	return container.NewBorder(bar(e.form().Title, back), nil, nil, nil, look.NewBody(look.NewPage(margin, 20, column)))
}

// fresh reports whether the interview was never finished before: only then can it be deleted.
func (e *endPage) fresh() bool {
	history, err := e.app.tablet.Shelf.History(e.c.info.ID)
	return errors.Is(err, store.ErrNotFound) || err == nil && !slices.ContainsFunc(history.Revisions(), func(r record.Revision) bool { return r.Final })
}

// row is something missing or wrong; tapping it leads there.
func (e *endPage) row(problem interview.Problem) look.Object {
	return e.leading("problem:", problem.Path, e.app.problemWords(problem.Kind, problem.Message))
}

// leading is a question and what is to be said of it; tapping it leads there.
func (e *endPage) leading(tag string, path record.Path, words string) look.Object {
	label := string(path)
	if text := e.textOf(path); text != "" {
		label = text
	}
	if instance, ok := path.Instance(); ok {
		label = e.ordinal(instance) + "  ·  " + label
	}
	text := look.NewColumn(2, look.NewText(label, look.SizeBody, look.Ink), look.NewText(words, look.SizeSmall, look.Danger))
	content := look.NewRow(10, 0, text, look.NewIcon(theme.NavigateNextIcon(), 24, look.Brand))
	return look.NewTile(tag+string(path), label, look.Plain, content, func() { e.visit(path) })
}

// commentRows are what coordinators said of single questions.
func (e *endPage) commentRows() (rows []look.Object) {
	if len(e.comments.paths) == 0 {
		return nil
	}
	rows = []look.Object{heading(e.app.say.Say("end.comments"))}
	for _, path := range e.comments.paths {
		for _, text := range e.comments.at[path] {
			rows = append(rows, e.leading("comment:", path, text))
		}
	}
	return rows
}

// visit goes to the page where a question is, and shows what is wrong there.
func (e *endPage) visit(path record.Path) {
	page, ok := e.pageOf(path)
	if !ok {
		return
	}
	e.visiting = true
	e.c.did(paradata.Jump, "")
	e.turn(page)
	e.strict = true
	e.update()
	if q := e.questions[path]; q != nil {
		e.body.ScrollTo(q)
	}
}

func (e *endPage) finish() {
	env := e.app.tablet.Env()
	author := store.Author{Device: env.Device, By: env.Enumerator, At: e.app.tablet.Clock.Now()}
	if err := e.c.finish(e.app.tablet, author); err != nil {
		e.c.did(paradata.FinalError, "")
		e.app.complain(err)
		return
	}
	e.app.page = nil
	e.app.tablet.Courier.Send()
	e.app.Home()
}

func (e *endPage) discard() {
	say := e.app.say
	e.app.ask(say.Say("end.discard.ask"), say.Say("end.discard.detail"), say.Say("end.discard"), look.Serious, func() {
		if err := e.app.tablet.Shelf.Discard(e.c.info.ID); err != nil {
			e.app.complain(err)
			return
		}
		e.app.page = nil
		e.app.Home()
	})
}
