package screen

import (
	"bytes"
	"io"
	"os"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
)

// invitationEndings are those of invitation files, and of pictures of a QR code.
var invitationEndings = []string{".vereda", ".txt", ".png", ".jpg", ".jpeg"}

// linkBegins is how the link of an invitation begins.
const linkBegins = "vereda://join?"

// pick lets one choose the file or picture that holds an invitation. There is no camera here: a picture that another app took will do.
func (j *joinPage) pick() {
	if fyne.CurrentDevice().IsMobile() {
		dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
			if err != nil || file == nil {
				return
			}
			defer file.Close()
			j.take(file)
		}, j.app.window).Show()
		return
	}
	places, first := j.app.tablet.Stick.Places(), ""
	if home, err := os.UserHomeDir(); err == nil && len(places) == 0 { // nobody speaks of a stick where there is none: a picture may lie anywhere
		first = home
	}
	j.app.show(&browsePage{
		app: j.app, title: j.app.say.Say("join.file.title"), places: places, folder: first, first: first, endings: invitationEndings,
		cancel: func() { j.app.show(j) },
		chosen: func(path string) {
			j.app.show(j)
			file, err := os.Open(path)
			if err != nil {
				j.fail(j.app.say.Say("error.other", err.Error()))
				return
			}
			defer file.Close()
			j.take(file)
		},
	})
}

// take reads an invitation out of a file: a text that has the link in it, or a picture of its QR code.
func (j *joinPage) take(file io.Reader) {
	link, ok := linkIn(io.LimitReader(file, mostCodeBytes))
	if !ok {
		j.fail(j.app.say.Say("join.error.file"))
		return
	}
	j.given.Link, j.failure = link, ""
	j.app.renew()
}

func linkIn(file io.Reader) (string, bool) {
	b, err := io.ReadAll(file)
	if err != nil {
		return "", false
	}
	text := string(b)
	if !strings.Contains(text, linkBegins) {
		if text, _ = codeIn(bytes.NewReader(b)); !strings.Contains(text, linkBegins) {
			return "", false
		}
	}
	_, rest, _ := strings.Cut(text, linkBegins)
	word, _, _ := strings.Cut(strings.ReplaceAll(rest, "\r", "\n"), "\n")
	return linkBegins + strings.TrimSpace(word), true
}
