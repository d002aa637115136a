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
		d.app.redraw()
	}
}

func (d *donePage) build() look.Object {
	say := d.app.say
	face, sign := stateLook(d.info.State)
	text := say.Say("done." + string(d.info.State))
	if d.info.State == store.Refused {
		text = say.Say("done.refused", d.app.reason(d.info.Reason))
	}
	name := d.info.Name
	if name == "" {
		name = say.Say("home.nameless")
	}
	content := []look.Object{
		look.NewBold(name, look.SizeTitle, look.Ink),
		look.NewText(say.Say("done.changed", d.app.when(d.info.Changed), d.info.Answered), look.SizeBody, look.Muted),
		notice(face, sign, text),
	}
	if d.info.State == store.Refused {
		content = append(content,
			look.NewButton("requeue", say.Say("done.again"), theme.MailSendIcon(), look.Main, d.requeue),
			look.NewText(say.Say("done.again.detail"), look.SizeSmall, look.Muted))
	}
	content = append(content,
		look.NewButton("correct", say.Say("done.correct"), theme.DocumentCreateIcon(), look.Quiet, d.correct),
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
	if err := d.app.tablet.Shelf.Reopen(d.info.ID, d.app.tablet.Clock.Now()); err != nil {
		d.app.complain(err)
		return
	}
	i, err := d.app.tablet.Shelf.Interview(d.info.ID)
	if err != nil {
		d.app.complain(err)
		return
	}
	d.app.resume(i)
}

// reason puts a collector's code into words.
func (a *App) reason(code string) string {
	if key := "reason." + code; a.say.Has(key) {
		return a.say.Say(key)
	}
	return a.say.Say("reason.other", code)
}
