package screen

import (
	"image"
	_ "image/gif" // pictures that come with forms, beside those that package photo reads
	"net/url"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"vereda/fyne-app/field"
	"vereda/survey/form"
	"vereda/survey/photo"
	"vereda/survey/record"
)

// shownPixels is how long the longer side of a form's picture is at most: more no screen shows.
const shownPixels = 1200

// media is what comes with a label: files that came with the form, by the names in its texts.
func (p *interviewPage) media(texts map[string]form.Text, at record.Path) field.Media {
	var m field.Media
	if len(texts) == 0 {
		return m
	}
	if name := p.fileName(texts, "image", at); name != "" {
		if m.Image = p.formPicture(name); m.Image == nil {
			m.Missing = append(m.Missing, name)
		}
	} else if m.Image = p.shownImage(texts, at); m.Image == nil {
		if name := p.fileName(texts, "big-image", at); name != "" {
			m.Missing = append(m.Missing, name)
		}
	}
	m.Sound, m.Missing = p.playable(texts, "audio", at, m.Missing)
	m.Film, m.Missing = p.playable(texts, "video", at, m.Missing)
	return m
}

func (p *interviewPage) playable(texts map[string]form.Text, use string, at record.Path, missing []string) (name string, _ []string) {
	if name = p.fileName(texts, use, at); name == "" {
		return "", missing
	}
	if _, here := p.c.session.File(name); !here {
		return "", append(missing, name)
	}
	return name, missing
}

func (p *interviewPage) fileName(texts map[string]form.Text, use string, at record.Path) string {
	text, ok := texts[use]
	if !ok {
		return ""
	}
	return p.c.session.Text(text, at, p.c.info.Language)
}

// shownImage is the picture of a label; nil when there is none, or none that can be shown.
func (p *interviewPage) shownImage(texts map[string]form.Text, at record.Path) image.Image {
	for _, use := range []string{"image", "big-image"} {
		if name := p.fileName(texts, use, at); name != "" {
			if shown := p.formPicture(name); shown != nil {
				return shown
			}
		}
	}
	return nil
}

// formPicture reads a picture that came with the form, once, as large as it is shown.
func (p *interviewPage) formPicture(name string) image.Image {
	key := "form:" + name
	if shown, ok := p.pictures[key]; ok {
		return shown
	}
	var shown image.Image
	if b, ok := p.c.session.File(name); ok {
		shown = decode(b)
	}
	p.pictures[key] = shown
	return shown
}

func decode(b []byte) image.Image {
	shown, err := photo.Decode(b, shownPixels)
	if err != nil {
		return nil
	}
	return shown
}

// play hands a file that came with the form to whatever the tablet opens such files with. A copy is made for it: what the form brings is no secret, what
// people answered is never handed out so.
func (p *interviewPage) play(name string) {
	b, ok := p.c.session.File(name)
	if !ok {
		return
	}
	file, err := p.app.lend(name, b)
	if err == nil {
		err = p.app.open(file)
	}
	if err != nil {
		p.app.tell(p.app.say.Say("error.title"), p.app.say.Say("play.failed", name))
	}
}

// open hands a file to the program that opens such files.
func (a *App) open(file fyne.URI) error {
	address, err := url.Parse(file.String())
	if err != nil {
		return err
	}
	return fyne.CurrentApp().OpenURL(address)
}

// lend writes a file where other programs can read it, in the app's own folder for such.
func (a *App) lend(name string, b []byte) (fyne.URI, error) {
	folder := filepath.Join(os.TempDir(), "vereda-form-files")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	file := filepath.Join(folder, filepath.Base(filepath.Clean("/"+name)))
	if err := os.WriteFile(file, b, 0o600); err != nil {
		return nil, err
	}
	return storage.NewFileURI(file), nil
}
