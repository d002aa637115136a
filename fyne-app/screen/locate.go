package screen

import (
	"vereda/fyne-app/field"
	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
)

// locate answers with the position of the tablet, or adds it to a line or an area.
func (p *interviewPage) locate(path record.Path) {
	here := p.c.session.Position()
	if here.IsZero() {
		p.app.tell(p.app.say.Say("locate.none.title"), p.app.say.Say("locate.none.detail"))
		return
	}
	if t := p.typeAt(path); t == form.TypeGeotrace || t == form.TypeGeoshape {
		kind := record.Geotrace
		if t == form.TypeGeoshape {
			kind = record.Geoshape
		}
		here = field.JoinPoints(kind, append(field.SplitPoints(p.c.session.Value(path)), here.String()))
	}
	if err := p.c.answer(path, here); err != nil {
		p.app.complain(err)
	}
}

// locateWaiting gives the position of the tablet to the questions that wait for it unseen, such as start-geopoint. It never waits itself.
func (p *interviewPage) locateWaiting() {
	if !p.c.session.Locating() || p.c.session.Position().IsZero() {
		return
	}
	defer func(was func(interview.Change)) { p.c.shown = was }(p.c.shown)
	p.c.shown = func(interview.Change) {} // the page is being built
	p.c.take(p.c.session.Locate(), "")
}
