package screen

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/words"
)

// narrow is the width, at text size 1, below which the way back is an arrow alone, so that all fits beside it.
const narrow = 390

// top is what stands above every page of an interview, where no keyboard hides it: the way home, the section, the language; and
// below it the way back, how far one is, and the way on.
func (p *interviewPage) top(i, n int) look.Object {
	say := p.app.say
	home := look.NewIconButton("home", say.Say("home"), theme.HomeIcon(), look.OnBrand, p.goHome)
	objects := []look.Object{}
	if len(p.form().Languages) > 1 {
		objects = append(objects, look.NewButton("language", shortLanguage(p.form(), p.c.info.Language), nil, look.Face{Fill: look.Brand, Edge: look.Paper, Ink: look.Paper, Border: 1.5}, func() {
			p.app.chooseLanguage(p.form(), p.c.info.Language, func(l form.Language) { p.speak(l) })
		}))
	}
	back := look.NewButton("previous", say.Say("interview.back"), theme.NavigateBackIcon(), look.Quiet, p.previous)
	if width := p.app.window.Canvas().Size().Width; width < look.Scaled(narrow) {
		back = look.NewIconButton("previous", say.Say("interview.back"), theme.NavigateBackIcon(), look.Quiet, p.previous)
	}
	p.next = look.NewForward("next", say.Say("interview.next"), theme.NavigateNextIcon(), look.Main, p.forward)
	p.showNext()
	p.place = newProgress(say)
	p.place.set(i+1, n)
	row := look.NewRow(12, 1, back, p.place.column, p.next)
	return look.NewColumn(0, bar(p.section(), home, objects...), onColor(look.Paper, look.NewInset(10, 8, row)), rule())
}

func (p *interviewPage) showNext() {
	if p.warned {
		p.next.SetCaption(p.app.say.Say("interview.anyway"))
		return
	}
	p.next.SetCaption(p.app.say.Say("interview.next"))
}

// goHome leaves the interview. While answers could not be kept it stays: they are nowhere but here.
func (p *interviewPage) goHome() {
	if p.c.flush(); len(p.c.unkept) > 0 {
		p.app.complain(p.c.fault)
		return
	}
	p.c.leaves()
	p.note()
	p.app.Home()
}

// section is the label of the innermost group or repeat that the page is in; before it, where it is not cut, the place of a repeat's instance.
func (p *interviewPage) section() string {
	path := p.page.Path
	if p.page.Item.Kind == form.Question {
		path = path.Parent()
	}
	for ; path != ""; path = path.Parent() {
		title := p.textOf(path)
		if title == "" {
			continue
		}
		if path.IsInstance() {
			title = p.ordinal(path) + "  ·  " + title
		}
		return title
	}
	return p.form().Title
}

// ordinal says which of a repeat's instances one is: "2 of 3".
func (p *interviewPage) ordinal(instance record.Path) string {
	all := p.c.session.Instances(instance.Parent())
	for i, other := range all {
		if other == instance {
			return p.app.say.Say("interview.of", i+1, len(all))
		}
	}
	return ""
}

// rule is a thin line across the page.
func rule() look.Object {
	line := canvas.NewRectangle(look.Rule)
	line.SetMinSize(fyne.NewSize(1, 1))
	return line
}

// progress says how far one is, in words and as a bar.
type progress struct {
	say    words.Words
	text   *look.Text
	bar    *gauge
	column look.Object
}

func newProgress(say words.Words) *progress {
	p := &progress{say: say, text: look.NewText("", look.SizeSmall, look.Muted).Centered(), bar: newGauge()}
	p.column = look.NewColumn(6, p.text, p.bar)
	return p
}

func (p *progress) set(i, n int) {
	p.text.SetText(p.say.Say("interview.of", i, n))
	p.bar.set(float32(i) / float32(max(n, 1)))
}

// gauge is a bar that is filled in part.
type gauge struct {
	widget.BaseWidget
	part        float32
	back, front *canvas.Rectangle
}

func newGauge() *gauge {
	g := &gauge{back: canvas.NewRectangle(look.Rule), front: canvas.NewRectangle(look.Brand)}
	g.back.CornerRadius, g.front.CornerRadius = 4, 4
	g.ExtendBaseWidget(g)
	return g
}

func (g *gauge) set(part float32) {
	g.part = part
	g.Refresh()
}

func (g *gauge) CreateRenderer() fyne.WidgetRenderer { return gaugeRenderer{g} }

type gaugeRenderer struct{ g *gauge }

func (r gaugeRenderer) MinSize() fyne.Size { return fyne.NewSize(40, 8) }
func (r gaugeRenderer) Layout(size fyne.Size) {
	r.g.back.Resize(size)
	r.g.front.Resize(fyne.NewSize(size.Width*r.g.part, size.Height))
}
func (r gaugeRenderer) Refresh()               { r.Layout(r.g.Size()); canvas.Refresh(r.g) }
func (r gaugeRenderer) Objects() []look.Object { return []look.Object{r.g.back, r.g.front} }
func (r gaugeRenderer) Destroy()               {}
