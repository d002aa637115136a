package screen

import (
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/field"
	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
)

// interviewPage is a page of an interview: one question, the questions of a field-list group, or a repeat's list of instances.
type interviewPage struct {
	app *App
	c   *capture
	at  record.Path // of the page

	comments  comments             // of coordinators, who returned it
	strict    bool                 // what is missing is shown too: somebody wanted to go on
	warned    bool                 // next goes on in spite of problems
	visiting  bool                 // came from the end page or from a comment, to mend something
	garbled   map[record.Path]bool // boxes with something that is no answer
	pictures  map[string]image.Image
	names     map[string]string // of files picked since the interview was opened, by their names in the album
	page      interview.Page
	questions map[record.Path]*field.Question
	column    *fyne.Container
	body      *look.Body
	next      *look.Tile
	place     *progress
	alarm     *look.Tile
}

func newInterviewPage(a *App, c *capture, at string) *interviewPage {
	p := &interviewPage{app: a, c: c, at: record.Path(at), garbled: map[record.Path]bool{}, pictures: map[string]image.Image{}, names: map[string]string{}}
	return p
}

func (p *interviewPage) form() *form.Form { return p.c.session.Form() }

// language is the app's language that the interview is in.
func (p *interviewPage) language() string {
	for _, l := range p.form().Languages {
		if l.Name == p.c.info.Language {
			return codeOf(l.Code)
		}
	}
	return ""
}

func (p *interviewPage) leave() { p.c.flush() }
func (p *interviewPage) back()  { p.previous() }

func (p *interviewPage) build() look.Object {
	p.c.shown = func(interview.Change) { p.update() }
	p.questions = map[record.Path]*field.Question{}
	pages := p.c.session.Pages()
	i := p.indexIn(pages)
	if i < 0 {
		return look.NewText("", look.SizeBody, look.Ink)
	}
	p.page = pages[i]
	p.at = p.page.Path
	p.locateWaiting()
	p.c.sees(p.views()...)
	p.column = look.NewColumn(26)
	p.fill()
	p.alarm = notice(look.Alarm, theme.ErrorIcon(), p.app.say.Say("error.not_kept"))
	p.showAlarm()
	content := look.NewColumn(16, p.alarm, p.column)
	if p.visiting {
		content.Add(look.NewButton("to_end", p.app.say.Say("interview.to_end"), theme.ConfirmIcon(), look.Quiet, p.finishVisit))
	}
	p.body = look.NewBody(look.NewPage(margin, 20, content))
	return container.NewBorder(p.top(i, len(pages)), nil, nil, nil, p.body)
}

// pageOf returns the page that a question stands on.
func (p *interviewPage) pageOf(path record.Path) (record.Path, bool) {
	for _, page := range p.c.session.Pages() {
		if page.Path == path || slices.Contains(page.Items, path) {
			return page.Path, true
		}
	}
	return "", false
}

// indexIn returns where the page is now; where it is no more, the next one that is; -1 for a form without pages.
func (p *interviewPage) indexIn(pages []interview.Page) int {
	for i, page := range pages {
		if page.Path == p.at {
			return i
		}
	}
	item, ok := p.form().Item(p.at.Generic())
	for i, page := range pages {
		if ok && page.Item.Index >= item.Index {
			return i
		}
	}
	if ok {
		return len(pages) - 1
	}
	return min(0, len(pages)-1)
}

// fill puts the page's questions below each other; those that were there already stay as they are.
func (p *interviewPage) fill() {
	p.column.RemoveAll()
	p.addGeneral()
	if p.page.Lists() {
		p.fillRepeat()
		return
	}
	if !slices.Contains(p.page.Items, p.page.Path) {
		p.addComments(p.page.Path)
	}
	group := p.page.Path
	for _, path := range p.page.Items {
		if parent := path.Parent(); parent != group && parent != p.page.Path.Parent() {
			if title := p.textOf(parent); title != "" {
				p.column.Add(look.NewBold(title, look.SizeBody, look.Brand))
			}
			group = parent
		}
		q := p.questions[path]
		if q == nil {
			q = field.New(p.app.say, p.state(path), func(e field.Event) { p.event(path, e) })
			p.questions[path] = q
		}
		p.addComments(path)
		p.column.Add(q)
	}
}

// textOf returns the label of a group or repeat.
func (p *interviewPage) textOf(path record.Path) string {
	item, ok := p.form().Item(path.Generic())
	if !ok {
		return ""
	}
	return p.c.session.Text(item.Label, path, p.c.info.Language)
}

// event is what a person did to a question.
func (p *interviewPage) event(path record.Path, e field.Event) {
	p.warned = false
	delete(p.garbled, path)
	switch e.Act {
	case field.Answered:
		if err := p.c.answer(path, e.Value); err != nil {
			p.garbled[path] = true
			p.update()
		}
	case field.Typing:
		p.c.typed(path, e.Value)
	case field.Garbled:
		p.c.forget(path)
		p.garbled[path] = true
	case field.Choose:
		p.c.flush()
		p.app.show(&listPage{of: p, path: path})
	case field.Pick:
		p.pick(path)
	case field.Draw:
		p.draw(path)
	case field.Locate:
		p.locate(path)
	case field.Play:
		p.play(e.Value.String())
	case field.Unfold:
		p.body.Settle()
	}
	p.quick(path, e)
}

// update shows what an answer changed: questions appear and disappear, labels and choices follow.
func (p *interviewPage) update() {
	pages := p.c.session.Pages()
	i := p.indexIn(pages)
	if i < 0 || pages[i].Path != p.page.Path {
		p.app.redraw()
		return
	}
	same := equalPaths(p.page.Items, pages[i].Items)
	p.page = pages[i]
	p.c.sees(p.views()...)
	if !same || p.page.Lists() {
		p.fill()
	}
	for _, path := range p.page.Items {
		p.questions[path].Set(p.state(path))
	}
	p.place.set(i+1, len(pages))
	p.showNext()
	p.showAlarm()
	p.body.Settle()
}

func equalPaths(a, b []record.Path) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (p *interviewPage) showAlarm() {
	if p.c.fault != nil {
		p.alarm.Show()
	} else {
		p.alarm.Hide()
	}
}

// forward goes to the next page. With something wrong on this one it says so first, and goes on when asked again.
func (p *interviewPage) forward() {
	p.c.flush()
	if first := p.firstProblem(); first != nil && !p.warned {
		p.strict, p.warned = true, true
		p.objects()
		p.update()
		p.body.ScrollTo(first)
		return
	}
	pages := p.c.session.Pages()
	if i := p.indexIn(pages); i+1 < len(pages) {
		p.turn(pages[i+1].Path)
		return
	}
	p.end()
}

// end goes to the page behind the last one.
func (p *interviewPage) end() {
	p.visiting = false
	p.app.show(&endPage{interviewPage: p})
}

// finishVisit goes back to the end page from where it led.
func (p *interviewPage) finishVisit() {
	p.c.flush()
	p.end()
}

func (p *interviewPage) previous() {
	p.c.flush()
	pages := p.c.session.Pages()
	if i := p.indexIn(pages); i > 0 {
		p.turn(pages[i-1].Path)
		return
	}
	p.goHome()
}

// turn shows another page and remembers that it is the one to open at.
func (p *interviewPage) turn(to record.Path) {
	p.at, p.strict, p.warned = to, false, false
	clear(p.garbled)
	p.app.show(p)
	p.note()
	if len(p.page.Items) == 1 {
		if q := p.questions[p.page.Items[0]]; q.State().Value.IsZero() {
			q.Focus(p.app.window.Canvas())
		}
	}
}

func (p *interviewPage) note() {
	if err := p.c.note(p.at, p.c.info.Language); err != nil {
		p.c.fault = err
		p.showAlarm()
	}
}

// firstProblem returns the first question of the page with which something is wrong.
func (p *interviewPage) firstProblem() look.Object {
	for _, path := range p.page.Items {
		if p.garbled[path] || len(p.c.session.Check(path, p.c.info.Language)) > 0 {
			return p.questions[path]
		}
	}
	return nil
}

// speak goes on in another language.
func (p *interviewPage) speak(l form.Language) {
	p.c.flush()
	p.c.info.Language = l.Name
	p.app.redraw()
	p.note()
}
