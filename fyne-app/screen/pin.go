package screen

import (
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vereda/fyne-app/look"
	"vereda/survey/store"
)

// pinPage asks for one PIN after the other on a keypad, and does something with them. It shows nothing of anybody.
type pinPage struct {
	app   *App
	title string                               // key of what stands in the bar
	intro string                               // key of what stands below the keypad, which is always in the same place; "" for nothing
	asks  []string                             // keys of what is asked, in order; "pin.again" must be the PIN before it
	check func(first string, done func(error)) // whether the first may be followed by more; nil: it may
	act   func(given []string, progress func(float64), done func(error))
	then  func()               // after it was done
	out   func()               // the way back; nil: there is none
	more  func() []look.Object // below the keypad; nil: nothing

	given   []string
	message string
	working bool
	part    float64
	pad     *keypad
	notice  *look.Text
	stop    func() // ends the countdown
}

func (p *pinPage) back() {
	if p.out != nil && !p.working {
		p.out()
	}
}

func (p *pinPage) leave() { p.given = nil }

func (p *pinPage) build() look.Object {
	say := p.app.say
	var content []look.Object
	p.notice = look.NewText(p.message, look.SizeBody, look.Danger).Centered()
	ask := say.Say(p.asks[min(len(p.given), len(p.asks)-1)])
	if p.working {
		ask = say.Say("pin.working")
	}
	pad, keys := newKeypad(say.Say("pin.backspace"), say.Say("ok"), p.take)
	p.pad = pad
	pad.disable(p.working)
	content = append(content, look.NewBold(ask, look.SizeQuestion, look.Ink).Centered(), p.notice)
	if p.working && p.part > 0 {
		place := newGauge()
		place.set(float32(p.part))
		content = append(content, place)
	}
	content = append(content, keys)
	if p.intro != "" {
		content = append(content, look.NewText(say.Say(p.intro), look.SizeBody, look.Ink))
	}
	if p.more != nil && !p.working {
		content = append(content, p.more()...)
	}
	p.count()
	if p.out != nil && !p.working {
		return p.app.plainPage(say.Say(p.title), p.back, content...)
	}
	return container.NewBorder(bar(say.Say(p.title), look.NewInset(6, 0, logo())), nil, nil, nil, look.NewBody(look.NewPage(margin, 18, look.NewColumn(14, content...))))
}

// typed takes a digit from a keyboard.
func (p *pinPage) typed(r rune) { p.pad.typed(r) }

func (p *pinPage) pressed(key fyne.KeyName) { p.pad.pressed(key) }

// take takes what was typed.
func (p *pinPage) take(pin string) {
	if p.working {
		return
	}
	p.message = ""
	if n := len(p.given); p.asks[n] == "pin.again" && p.given[n-1] != pin {
		p.given, p.message = p.given[:n-1], p.app.say.Say("pin.differ")
		p.app.redraw()
		return
	}
	if p.given = append(p.given, pin); len(p.given) == len(p.asks) {
		p.do()
		return
	}
	if len(p.given) == 1 && p.check != nil {
		p.settle()
		return
	}
	p.app.redraw()
}

// settle says at once when the first PIN is wrong, before others are typed for it.
func (p *pinPage) settle() {
	p.working, p.part = true, 0
	p.app.redraw()
	p.check(p.given[0], func(err error) {
		p.working = false
		if p.app.page != p {
			return
		}
		if err != nil {
			p.given, p.message = nil, p.app.pinWords(err)
		}
		p.app.renew()
	})
}

func (p *pinPage) do() {
	given := p.given
	p.given, p.working, p.part = nil, true, 0
	p.app.redraw()
	progress := func(part float64) {
		if p.part = part; p.app.page == p {
			p.app.renew()
		}
	}
	p.act(given, progress, func(err error) {
		p.working = false
		if p.app.page != p {
			return
		}
		if err != nil {
			p.message = p.app.pinWords(err)
			p.app.renew()
			return
		}
		p.then()
	})
}

// count shows how long one has to wait after wrong PINs, second by second.
func (p *pinPage) count() {
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
	wait := p.app.tablet.Guard.Wait()
	if wait <= 0 || p.working {
		return
	}
	p.pad.disable(true)
	p.notice.SetText(p.app.say.Say("pin.wait", waitWords(wait)))
	p.stop = p.app.tablet.Clock.After(time.Second, func() {
		p.stop = nil
		if p.app.page != p || p.working {
			return
		}
		if p.message = ""; p.app.tablet.Guard.Wait() > 0 {
			p.count()
			return
		}
		p.app.renew()
	})
}

// waitWords writes a duration as a clock does: "4:05".
func waitWords(d time.Duration) string {
	seconds := int((d + time.Second - 1) / time.Second)
	return time.Date(0, 1, 1, 0, 0, seconds, 0, time.UTC).Format("4:05")
}

// pinWords says what went wrong with a PIN.
func (a *App) pinWords(err error) string {
	var pin *store.PINError
	var code *CodeError
	switch {
	case errors.As(err, &code) && code.Part != "":
		return a.say.Say("pin.code.part", code.Part)
	case errors.As(err, &code):
		return a.say.Say("pin.code.length")
	case errors.As(err, &pin) && pin.Wrong:
		return a.say.Say("pin.wrong")
	case errors.As(err, &pin):
		return a.say.Say("pin.wait", waitWords(pin.Wait))
	case errors.Is(err, store.ErrFull):
		return a.say.Say("error.full")
	}
	return a.say.Say("error.other", err.Error())
}
