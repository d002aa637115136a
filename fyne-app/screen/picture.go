package screen

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"vereda/survey/record"
)

// pick lets one pick a picture among the tablet's files. It is copied at once: the file itself may be gone tomorrow.
func (p *interviewPage) pick(path record.Path) {
	p.c.flush()
	if !fyne.CurrentDevice().IsMobile() {
		p.app.show(newFolderPage(p, path))
		return
	}
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			p.app.complain(err)
			return
		}
		if file == nil {
			return
		}
		defer file.Close()
		p.attach(path, file)
	}, p.app.window)
	d.SetFilter(storage.NewExtensionFileFilter(pictureEndings))
	d.Show()
}

func (p *interviewPage) attach(path record.Path, file fyne.URIReadCloser) {
	name, err := p.app.tablet.Album.Add(file.URI().Name(), file)
	if err != nil {
		p.app.complain(err)
		return
	}
	v, err := record.New(record.File, name)
	if err == nil {
		err = p.c.answer(path, v)
	}
	if err != nil {
		p.app.complain(err)
	}
}

// picture returns a picture by its name, read once; nil when it cannot be shown.
func (p *interviewPage) picture(name string) image.Image {
	if shown, ok := p.pictures[name]; ok {
		return shown
	}
	shown, err := p.app.tablet.Album.Picture(name)
	if err != nil {
		shown = nil
	}
	p.pictures[name] = shown
	return shown
}
