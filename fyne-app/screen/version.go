package screen

import (
	"strings"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"github.com/google/uuid"

	"vereda/fyne-app/look"
	"vereda/survey/change"
	"vereda/survey/form"
	"vereda/survey/move"
	"vereda/survey/record"
	"vereda/survey/store"
)

// mostListed is how many questions of each sort the page lists; of more it says how many.
const mostListed = 25

// versionPage asks whether a draft goes on under a newer version of its form, and says first what would become of its answers.
type versionPage struct {
	app    *App
	info   store.Interview
	offer  Offer
	agreed map[record.Path]bool // questions of the old version that a person said are the same as their guess
	plan   move.Plan
	old    *form.Form
	new    *form.Form
	body   *look.Body
}

// newer returns the version of a draft's form that this tablet got after the draft's own; false when there is none.
func (a *App) newer(i store.Interview) (Offer, bool) {
	if i.State != store.Draft && i.State != store.Handed {
		return Offer{}, false
	}
	offers, err := a.tablet.Questionnaires.Offered()
	if err != nil {
		return Offer{}, false // who begins an interview is told
	}
	for _, o := range offers {
		if o.Form == i.Form && o.Version != i.Version && o.Missing == "" {
			return o, true
		}
	}
	return Offer{}, false
}

// staying is a person's wish that a draft goes on under its version, though there is a newer one.
type staying struct {
	interview uuid.UUID
	version   string
}

// offerNewer shows what a newer version would mean for a draft, once while the app runs; false when there is nothing to offer.
func (a *App) offerNewer(i store.Interview) bool {
	offer, ok := a.newer(i)
	if !ok || a.stays[staying{i.ID, offer.Version}] {
		return false
	}
	page := &versionPage{app: a, info: i, offer: offer, agreed: map[record.Path]bool{}}
	if err := page.consider(); err != nil {
		return false // under its own version it can be opened, and says what is wrong
	}
	a.show(page)
	return true
}

// consider plans the move with what is agreed to now.
func (p *versionPage) consider() (err error) {
	if p.old, err = p.app.tablet.Questionnaires.Form(p.info.Form, p.info.Version); err != nil {
		return err
	}
	if p.new, err = p.app.tablet.Questionnaires.Form(p.offer.Form, p.offer.Version); err != nil {
		return err
	}
	answers, derived, err := p.app.tablet.Shelf.Answers(p.info.ID)
	if err != nil {
		return err
	}
	env, err := p.app.remembering(p.new, p.app.tablet.Env())
	if err != nil {
		return err
	}
	p.plan, err = move.Draft(p.old, p.new, env, answers, derived, func(f change.Fate) bool { return p.agreed[f.Old] })
	return err
}

func (p *versionPage) back()  { p.app.Home() }
func (p *versionPage) leave() {}

func (p *versionPage) build() look.Object {
	say := p.app.say
	rows := []look.Object{
		look.NewText(say.Say("version.lead", p.info.Version, p.offer.Version), look.SizeBody, look.Ink),
		notice(look.Reassure, theme.ConfirmIcon(), say.Say("version.carried", len(p.plan.Carried))),
	}
	rows = append(rows, p.guesses()...)
	if n := len(p.plan.Asked); n > 0 {
		rows = append(rows, heading(say.Say("version.asked", n)), p.asked())
	}
	if n := len(p.plan.Aside); n > 0 {
		rows = append(rows, heading(say.Say("version.aside", n)), look.NewText(say.Say("version.aside.detail"), look.SizeSmall, look.Muted), p.aside())
	}
	rows = append(rows,
		look.NewButton("move", say.Say("version.move", p.offer.Version), theme.MailForwardIcon(), look.Main, p.move),
		look.NewButton("stay", say.Say("version.stay", p.info.Version), nil, look.Quiet, p.stay),
		look.NewText(say.Say("version.stay.detail"), look.SizeSmall, look.Muted))
	back := look.NewIconButton("back", say.Say("back"), theme.NavigateBackIcon(), look.OnBrand, p.back)
	p.body = look.NewBody(look.NewPage(margin, 18, look.NewColumn(14, rows...)))
	return container.NewBorder(bar(say.Say("version.title"), back), nil, nil, nil, p.body)
}

// guesses are the questions that may have another name now: a person taps those that are the same.
func (p *versionPage) guesses() []look.Object {
	if len(p.plan.Guesses) == 0 {
		return nil
	}
	say := p.app.say
	rows := []look.Object{heading(say.Say("version.guess")), look.NewText(say.Say("version.guess.detail"), look.SizeSmall, look.Muted)}
	for _, f := range p.plan.Guesses {
		before, now := p.label(p.old, f.Old), p.label(p.new, f.New)
		face, sign := look.Plain, theme.CheckButtonIcon()
		if p.agreed[f.Old] {
			face, sign = look.Chosen, theme.CheckButtonCheckedIcon()
		}
		words := look.NewColumn(4, look.NewText(say.Say("version.before", before), look.SizeBody, look.Ink), look.NewText(say.Say("version.now", now), look.SizeBody, look.Ink))
		rows = append(rows, look.NewTile("same:"+string(f.Old), before, face, look.NewRow(12, 1, look.NewIcon(sign, 28, look.Brand), words), func() { p.agree(f.Old) }))
	}
	return rows
}

func (p *versionPage) agree(question record.Path) {
	p.agreed[question] = !p.agreed[question]
	if err := p.consider(); err != nil {
		p.app.complain(err)
		return
	}
	at := p.body.At()
	p.app.redraw()
	p.body.Go(at)
}

func (p *versionPage) asked() look.Object {
	column := look.NewColumn(6)
	for i, path := range p.plan.Asked {
		if i == mostListed {
			column.Add(look.NewText(p.app.say.Say("version.more", len(p.plan.Asked)-i), look.SizeBody, look.Muted))
			break
		}
		column.Add(look.NewText("·  "+p.label(p.new, path), look.SizeBody, look.Ink))
	}
	return look.NewCard(look.Card, column)
}

func (p *versionPage) aside() look.Object {
	column := look.NewColumn(10)
	for i, item := range p.plan.Aside {
		if i == mostListed {
			column.Add(look.NewText(p.app.say.Say("version.more", len(p.plan.Aside)-i), look.SizeBody, look.Muted))
			break
		}
		column.Add(look.NewColumn(2, look.NewText(p.label(p.old, item.Old), look.SizeSmall, look.Muted), look.NewText(p.answer(item), look.SizeBody, look.Ink)))
	}
	return look.NewCard(look.Card, column)
}

// answer is an answer as a person reads it: choices by their labels.
func (p *versionPage) answer(item move.Item) string {
	i, ok := p.old.Item(item.Old.Generic())
	if !ok || i.List == nil {
		return item.Value.String()
	}
	var labels []string
	for _, name := range strings.Fields(item.Value.String()) {
		label := name
		if c, ok := i.List.Choice(name); ok && !c.Label.IsZero() {
			label = c.Label.Plain(p.language(p.old), "")
		}
		labels = append(labels, label)
	}
	return strings.Join(labels, ", ")
}

// label is a question as a person reads it, without the answers that its text may show.
func (p *versionPage) label(f *form.Form, path record.Path) string {
	if i, ok := f.Item(path.Generic()); ok {
		if text := i.Label.Plain(p.language(f), ""); text != "" {
			return text
		}
	}
	return path.Generic().Name()
}

// language is the app's, as far as a form is written in it.
func (p *versionPage) language(f *form.Form) string { return p.app.formLanguage(f) }

func (p *versionPage) stay() {
	if p.app.stays == nil {
		p.app.stays = map[staying]bool{}
	}
	p.app.stays[staying{p.info.ID, p.offer.Version}] = true
	p.app.page = nil
	p.app.resume(p.info)
}

// move moves the draft, and goes on where the first question is to be asked.
func (p *versionPage) move() {
	m := store.Move{Version: p.offer.Version, From: p.plan.From, Answers: p.plan.Answers, Derived: p.plan.Derived, At: p.app.tablet.Clock.Now()}
	if err := p.app.tablet.Keeper.Move(p.info.ID, m); err != nil {
		p.app.complain(err)
		return
	}
	moved, err := p.app.tablet.Shelf.Interview(p.info.ID)
	if err != nil {
		p.app.complain(err)
		return
	}
	moved.At = p.follow(moved.At)
	p.app.page = nil
	p.app.resume(moved)
}

// follow returns where to go on: at the first question that is to be asked, else where the answer of the page last shown went.
func (p *versionPage) follow(at string) string {
	if len(p.plan.Asked) > 0 {
		return string(p.plan.Asked[0])
	}
	for _, item := range p.plan.Carried {
		if string(item.Old) == at {
			return string(item.New)
		}
	}
	return at
}

// considerVersion leaves the interview for the page that tells what a newer version would mean for it.
func (e *endPage) considerVersion() {
	if e.c.flush(); len(e.c.unkept) > 0 {
		e.app.complain(e.c.fault)
		return
	}
	e.c.leaves()
	e.note()
	clear(e.app.stays)
	e.app.offerNewer(e.c.info)
}

// outdated reports whether there is a newer version of a draft's form. The list asks for each draft: the versions are read once.
func (h *home) outdated(i store.Interview) bool {
	if i.State != store.Draft && i.State != store.Handed {
		return false
	}
	if h.offered == nil {
		h.offered = map[string]string{}
		offers, err := h.app.tablet.Questionnaires.Offered()
		if err != nil {
			return false // who begins an interview is told
		}
		for _, o := range offers {
			h.offered[o.Form] = o.Version
		}
	}
	newest, ok := h.offered[i.Form]
	return ok && newest != i.Version
}
