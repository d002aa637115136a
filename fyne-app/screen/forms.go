package screen

import (
	"fyne.io/fyne/v2/theme"
	"github.com/google/uuid"

	"vereda/fyne-app/look"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/survey/words"
)

// formsPage lets one choose the form of a new interview.
type formsPage struct {
	app    *App
	offers []Offer
}

func (p *formsPage) back()  { p.app.Home() }
func (p *formsPage) leave() {}

func (p *formsPage) build() look.Object {
	var rows []look.Object
	for _, o := range p.offers {
		text := look.NewColumn(2, look.NewBold(o.Title, look.SizeBody, look.Ink), look.NewText(p.app.say.Say("forms.version", o.Version), look.SizeSmall, look.Muted))
		if o.Missing != "" {
			text.Add(look.NewText(p.app.say.Say("forms.missing", o.Missing), look.SizeSmall, look.Danger))
		}
		content := look.NewRow(12, 1, look.NewIcon(theme.DocumentIcon(), 26, look.Brand), text)
		rows = append(rows, look.NewTile("form:"+o.Form, o.Title, look.Plain, content, func() { p.app.begin(o) }))
	}
	if len(rows) == 0 {
		rows = append(rows, look.NewText(p.app.say.Say("forms.none"), look.SizeBody, look.Muted))
	}
	return p.app.plainPage(p.app.say.Say("forms.title"), p.app.Home, rows...)
}

// begin starts an interview and shows its first page.
func (a *App) begin(o Offer) { a.beginVisit(o, record.Assignment{}) }

// beginVisit starts an interview of an assignment, with what is known beforehand. The zero assignment is none.
func (a *App) beginVisit(o Offer, visit record.Assignment) {
	if o.Missing != "" {
		a.tell(a.say.Say("error.title"), a.say.Say("forms.missing", o.Missing))
		return
	}
	env := a.tablet.Env()
	info, session, err := a.started(o, env, visit.Assignment)
	if err != nil {
		a.complain(err)
		return
	}
	c := newCapture(info, session, a.tablet.Keeper, a.tablet.Clock)
	c.record(env, true, nil)
	answers, derived := session.Answers(false)
	c.take(interview.Change{Set: answers, Derived: derived}, "")
	c.prefill(visit.Answers)
	a.show(newInterviewPage(a, c, ""))
}

func (a *App) started(o Offer, env interview.Env, visit uuid.UUID) (store.Interview, *interview.Session, error) {
	f, err := a.tablet.Questionnaires.Form(o.Form, o.Version)
	if err != nil {
		return store.Interview{}, nil, err
	}
	if env, err = a.remembering(f, env); err != nil {
		return store.Interview{}, nil, err
	}
	session, err := interview.Start(f, env)
	if err != nil {
		return store.Interview{}, nil, err
	}
	id, err := a.tablet.NewID()
	if err != nil {
		return store.Interview{}, nil, err
	}
	now := a.tablet.Clock.Now()
	info := store.Interview{ID: id, Form: f.ID, Version: f.Version, Language: a.formLanguage(f), State: store.Draft, Created: now, Changed: now, Assignment: visit}
	return info, session, a.tablet.Keeper.Begin(info)
}

// resume goes on with a draft, on the page where it was left; first it is asked whether it moves to a newer version of its form.
func (a *App) resume(i store.Interview) {
	if a.offerNewer(i) {
		return
	}
	f, err := a.tablet.Questionnaires.Form(i.Form, i.Version)
	if err != nil {
		a.complain(err)
		return
	}
	answers, derived, err := a.tablet.Shelf.Answers(i.ID)
	if err != nil {
		a.complain(err)
		return
	}
	env, err := a.remembering(f, a.tablet.Env())
	if err != nil {
		a.complain(err)
		return
	}
	session, err := interview.Reopen(f, env, answers, derived)
	if err != nil {
		a.complain(err)
		return
	}
	before, err := a.tablet.Shelf.Traces(i.ID)
	if err != nil {
		a.complain(err)
		return
	}
	if i.Language == "" { // it was begun on another tablet
		i.Language = a.formLanguage(f)
	}
	c := newCapture(i, session, a.tablet.Keeper, a.tablet.Clock)
	c.record(env, false, before)
	page := newInterviewPage(a, c, i.At)
	if at, ok := page.pageOf(page.at); ok {
		page.at = at
	}
	page.comments = a.commentsOn(i)
	page.visiting = page.comments.at[record.Path(i.At)] != nil // one mends what was asked for, and is done
	if len(page.comments.paths)+len(page.comments.general) > 0 {
		if err := a.tablet.Shelf.Heed(i.ID); err != nil {
			a.complain(err)
			return
		}
	}
	a.show(page)
}

// codeOf returns the app's language that a language of a form is, or "".
func codeOf(code string) string {
	if code == "" {
		return ""
	}
	if m := words.Match(code); len(code) >= 2 && m == code[:2] {
		return m
	}
	return ""
}
