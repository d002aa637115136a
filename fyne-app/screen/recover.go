package screen

import (
	"errors"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"github.com/skip2/go-qrcode"

	"vereda/fyne-app/look"
	"vereda/survey/store"
)

// recoverPage helps who forgot the PIN: it shows what a coordinator needs to see, and takes the code that the coordinator tells.
type recoverPage struct {
	app     *App
	code    string
	message string
}

func (r *recoverPage) back()  { r.app.Home() }
func (r *recoverPage) leave() {}

func (r *recoverPage) build() look.Object {
	say := r.app.say
	link, ok := r.app.tablet.Guard.Request()
	if !ok {
		return r.app.plainPage(say.Say("pin.forgotten"), r.back, notice(look.Warning, theme.WarningIcon(), say.Say("recover.none")))
	}
	content := []look.Object{look.NewText(say.Say("recover.show"), look.SizeBody, look.Ink)}
	if picture := qr(link); picture != nil {
		content = append(content, picture)
	}
	content = append(content, look.NewButton("copy", say.Say("recover.copy"), theme.ContentCopyIcon(), look.Quiet, func() {
		fyne.CurrentApp().Clipboard().SetContent(link)
		r.app.tell(say.Say("recover.copied"), say.Say("recover.copied.detail"))
	}))
	box := newEntry("code")
	box.SetText(r.code)
	box.OnChanged = func(s string) { r.code = s }
	content = append(content, look.NewColumn(6, look.NewBold(say.Say("recover.code"), look.SizeBody, look.Ink), box))
	if r.message != "" {
		content = append(content, notice(look.Alarm, theme.ErrorIcon(), r.message))
	}
	content = append(content, look.NewButton("go", say.Say("recover.go"), nil, look.Main, r.next))
	return r.app.plainPage(say.Say("pin.forgotten"), r.back, content...)
}

// next asks for the new PIN, of a code that is not mistyped, and comes back here when the code was not right.
func (r *recoverPage) next() {
	a := r.app
	if err := a.tablet.Guard.Mistyped(r.code); err != nil {
		r.message = a.recoverWords(err)
		a.renew()
		return
	}
	again := func() { a.show(r) }
	a.show(&pinPage{app: a, title: "pin.forgotten", asks: []string{"pin.new", "pin.again"}, then: a.Home, out: again,
		act: func(given []string, _ func(float64), done func(error)) {
			a.tablet.Guard.Recover(r.code, given[0], func(err error) {
				done(err)
				if r.message = ""; err != nil {
					r.message = a.recoverWords(err)
					again()
				}
			})
		}})
}

// recoverWords says what went wrong with a code.
func (a *App) recoverWords(err error) string {
	var pin *store.PINError
	if errors.As(err, &pin) && pin.Wrong {
		return a.say.Say("recover.wrong")
	}
	return a.pinWords(err)
}

// qrSide is how large a QR code is, in dp: it is read by a phone held over the tablet.
const qrSide = 360

// qr draws a text; nil where it is too long for a code that a camera reads.
func qr(text string) look.Object {
	code, err := qrcode.New(text, qrcode.Low)
	if err != nil {
		return nil
	}
	picture := canvas.NewRasterWithPixels(squares(code.Bitmap()))
	picture.SetMinSize(fyne.NewSquareSize(qrSide))
	return container.NewCenter(picture)
}

// squares draws a bitmap in squares that are all of the same whole number of pixels, as large as there is room for.
func squares(dark [][]bool) func(x, y, w, h int) color.Color {
	return func(x, y, w, h int) color.Color {
		side := max(min(w, h)/len(dark), 1)
		x, y = x-(w-side*len(dark))/2, y-(h-side*len(dark))/2
		if x >= 0 && y >= 0 && x < side*len(dark) && y < side*len(dark) && dark[y/side][x/side] {
			return color.Black
		}
		return color.White
	}
}
