package screen

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"vereda/fyne-app/look"
)

// joinPage lets this tablet into a project: by the link of an invitation, or by address and code.
type joinPage struct {
	app     *App
	given   Invitation
	check   bool // the collector needs check letters
	working bool
	failure string
	alarm   look.Object // what says the failure
}

func newJoin(a *App) *joinPage { return &joinPage{app: a} }

func (j *joinPage) back()  { j.app.Home() }
func (j *joinPage) leave() {}

func (j *joinPage) build() look.Object {
	say := j.app.say
	content := []look.Object{look.NewText(say.Say("join.intro"), look.SizeBody, look.Ink)}
	content = append(content, j.box("name", "join.name", &j.given.Name)...)
	content = append(content, j.box("link", "join.link", &j.given.Link)...)
	content = append(content, look.NewButton("join-file", say.Say("join.file"), theme.FileImageIcon(), look.Quiet, j.pick))
	content = append(content, look.NewText(say.Say("join.or"), look.SizeBody, look.Muted))
	content = append(content, j.box("address", "join.address", &j.given.Address)...)
	content = append(content, j.box("code", "join.code", &j.given.Code)...)
	if j.check {
		content = append(content, j.box("check", "join.check", &j.given.Check)...)
	}
	if j.failure != "" {
		j.alarm = notice(look.Alarm, theme.ErrorIcon(), j.failure)
		content = append(content, j.alarm)
	}
	enter := look.NewButton("enter", say.Say("join.enter"), theme.LoginIcon(), look.Main, j.enter)
	if j.working {
		enter.SetCaption(say.Say("join.working"))
		enter.Disable(true)
	}
	content = append(content, enter, look.NewText(say.Say("join.later"), look.SizeSmall, look.Muted))
	return j.app.plainPage(say.Say("join.title"), j.app.Home, content...)
}

// box is a labelled text box that fills a part of the invitation.
func (j *joinPage) box(name, key string, into *string) []look.Object {
	b := newEntry(name)
	b.SetText(*into)
	b.OnChanged = func(s string) { *into = strings.TrimSpace(s) }
	return []look.Object{look.NewColumn(6, look.NewBold(j.app.say.Say(key), look.SizeBody, look.Ink), b)}
}

func (j *joinPage) enter() {
	say := j.app.say
	switch {
	case j.given.Name == "":
		j.fail(say.Say("join.no_name"))
		return
	case j.given.Link == "" && (j.given.Address == "" || j.given.Code == ""):
		j.fail(say.Say("join.no_invitation"))
		return
	}
	j.working, j.failure = true, ""
	j.app.renew()
	j.app.tablet.Door.Join(j.given, func(err error) {
		j.working = false
		if err != nil {
			var e *JoinError
			j.check = j.check || errors.As(err, &e) && e.Code == "check"
			j.fail(j.app.joinWords(err))
			return
		}
		if j.app.page == j {
			j.app.Home()
		}
	})
}

// fail says what went wrong, where it is seen: on a telephone the page is longer than the screen.
func (j *joinPage) fail(message string) {
	j.failure = message
	if j.app.page != j {
		return
	}
	j.app.renew()
	if body := look.BodyOf(j.app.window.Content()); body != nil {
		body.ScrollTo(j.alarm)
	}
}

// JoinError says why a tablet could not join, by a code that the app has words for: "link", "newer", "code", "file", "offline", "foreign" (the collector is of another project), "busy", "refused"; of the last, Detail is the code of
// docs/sync-protocol.md. "check" asks for the check letters, "letters" says that they are mistyped, "stranger" that they are of another collector.
type JoinError struct {
	Code   string
	Detail string
}

func (e *JoinError) Error() string { return e.Code + ": " + e.Detail }

func (a *App) joinWords(err error) string {
	e, ok := err.(*JoinError)
	if ok && e.Code == "refused" && a.say.Has("join.error."+e.Detail) {
		return a.say.Say("join.error." + e.Detail)
	}
	if ok && a.say.Has("join.error."+e.Code) {
		return a.say.Say("join.error."+e.Code, e.Detail)
	}
	return a.say.Say("error.other", err.Error())
}

// entry is a text box that tests find by its name.
type entry struct {
	widget.Entry
	name string
}

func newEntry(name string) *entry {
	e := &entry{name: name}
	e.ExtendBaseWidget(e)
	return e
}

// Tag names the box for tests.
func (e *entry) Tag() string { return "box:" + e.name }

// Written returns what stands in the box.
func (e *entry) Written() string { return e.Text }
