package screen

import (
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/store"
)

// donePage is an interview that is finished: where it is on its way, and how to correct it.
type donePage struct {
	app  *App
	info store.Interview
}

func (d *donePage) back()  { d.app.Home() }
func (d *donePage) leave() {}

// synced shows the interview's state anew.
func (d *donePage) synced() {
	if i, err := d.app.tablet.Shelf.Interview(d.info.ID); err == nil {
		d.info = i
		d.app.renew()
	}
}

func (d *donePage) build() look.Object {
	say := d.app.say
	face, sign := stateLook(d.info.State)
	text := say.Say("done." + string(d.info.State))
	switch {
	case d.info.State == store.Refused:
		text = say.Say("done.refused", d.app.reason(d.info.Reason))
	case d.info.State == store.Finalized && d.info.Reason != "":
		text = say.Say("done.refused.hub", d.app.reason(d.info.Reason))
	}
	comments := d.app.commentsOn(d.info)
	name := d.info.Name
	if name == "" {
		name = say.Say("home.nameless")
	}
	content := []look.Object{
		look.NewBold(name, look.SizeTitle, look.Ink),
		look.NewText(say.Say("done.changed", d.app.when(d.info.Changed), d.info.Answered), look.SizeBody, look.Muted),
		notice(face, sign, text),
	}
	content = append(content, d.rows(comments)...)
	if d.info.State == store.Refused {
		content = append(content,
			look.NewButton("requeue", say.Say("done.again"), theme.MailSendIcon(), look.Main, d.requeue),
			look.NewText(say.Say("done.again.detail"), look.SizeSmall, look.Muted))
	}
	correct := look.Quiet
	if d.info.State == store.Returned {
		correct = look.Main
	}
	content = append(content,
		look.NewButton("correct", say.Say("done.correct"), theme.DocumentCreateIcon(), correct, d.correct),
		look.NewText(say.Say("done.correct.detail"), look.SizeSmall, look.Muted))
	return d.app.plainPage(say.Say("done.title"), d.app.Home, content...)
}

// requeue sends what the collector refused once more.
func (d *donePage) requeue() {
	if err := d.app.tablet.Shelf.Requeue(d.info.ID); err != nil {
		d.app.complain(err)
		return
	}
	d.app.tablet.Courier.Send()
	d.synced()
}

// correct makes a draft of the interview again.
func (d *donePage) correct() {
	d.app.reopen(d.info)
}

// rows are what the coordinators said; tapping one leads to the question.
func (d *donePage) rows(c comments) (rows []look.Object) {
	for _, text := range c.general {
		rows = append(rows, notice(look.Warning, theme.MailReplyIcon(), text))
	}
	for _, path := range c.paths {
		label := d.app.labelOf(d.info, path)
		for _, text := range c.at[path] {
			words := look.NewColumn(2, look.NewText(label, look.SizeBody, look.Ink), look.NewText(text, look.SizeSmall, look.Danger))
			content := look.NewRow(10, 0, words, look.NewIcon(theme.NavigateNextIcon(), 24, look.Brand))
			rows = append(rows, look.NewTile("comment:"+string(path), label, look.Plain, content, func() {
				d.info.At = string(path)
				d.correct()
			}))
		}
	}
	return rows
}

// reopen makes a draft of an interview and goes on with it, at the page that i names.
func (a *App) reopen(i store.Interview) {
	if err := a.tablet.Shelf.Reopen(i.ID, a.tablet.Clock.Now()); err != nil {
		a.complain(err)
		return
	}
	draft, err := a.tablet.Shelf.Interview(i.ID)
	if err != nil {
		a.complain(err)
		return
	}
	if draft.At != i.At {
		draft.At = i.At
		if err := a.tablet.Keeper.Note(draft); err != nil {
			a.complain(err)
			return
		}
	}
	a.resume(draft)
}

// reason puts a collector's code into words.
func (a *App) reason(code string) string {
	if key := "reason." + code; a.say.Has(key) {
		return a.say.Say(key)
	}
	return a.say.Say("reason.other", code)
}
