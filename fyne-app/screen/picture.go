package screen

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"vereda/fyne-app/field"
	"vereda/survey/form"
	"vereda/survey/photo"
	"vereda/survey/record"
)

// endings are those of the files that answer a question of a type, or that a code is read from; a type without any takes all files.
var endings = map[form.Type][]string{
	form.TypeImage:   {".jpg", ".jpeg", ".png"},
	form.TypeBarcode: {".jpg", ".jpeg", ".png"},
	form.TypeAudio:   {".mp3", ".m4a", ".aac", ".amr", ".ogg", ".oga", ".opus", ".wav", ".3gp", ".flac", ".wma", ".webm"},
	form.TypeVideo:   {".mp4", ".m4v", ".mov", ".3gp", ".webm", ".mkv", ".avi", ".mpg", ".mpeg", ".ogv"},
}

// typeAt returns the type of the question at a path.
func (p *interviewPage) typeAt(path record.Path) form.Type {
	if item, ok := p.form().Item(path.Generic()); ok {
		return item.Type
	}
	return ""
}

// pick lets one pick a file of the tablet. It is copied at once: the file itself may be gone tomorrow.
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
		p.picked(path, file)
	}, p.app.window)
	if wanted := endings[p.typeAt(path)]; wanted != nil {
		d.SetFilter(storage.NewExtensionFileFilter(wanted))
	}
	d.Show()
}

// picked answers a question with a file, or with what is read from it.
func (p *interviewPage) picked(path record.Path, file fyne.URIReadCloser) {
	if p.typeAt(path) == form.TypeBarcode {
		p.readCode(path, file)
		return
	}
	content, err := p.reduced(path, file)
	if err != nil {
		p.app.complain(err)
		return
	}
	name, err := p.app.tablet.Album.Add(file.URI().Name(), content)
	if err != nil {
		p.app.complain(err)
		return
	}
	p.names[name] = file.URI().Name()
	p.attach(path, name)
}

// reduced returns a file as it is to be kept: of a photo no more pixels than the form asks for.
func (p *interviewPage) reduced(path record.Path, file io.Reader) (io.Reader, error) {
	item, ok := p.form().Item(path.Generic())
	if !ok || item.Type != form.TypeImage {
		return file, nil
	}
	most, err := strconv.Atoi(item.Parameters["max-pixels"])
	if err != nil || most <= 0 {
		return file, nil
	}
	b, err := io.ReadAll(io.LimitReader(file, photo.MostBytes))
	if err != nil {
		return nil, err
	}
	return io.MultiReader(bytes.NewReader(photo.Reduce(b, most)), file), nil // what is longer than any photo goes as it is
}

// attach answers a question with a file of the album.
func (p *interviewPage) attach(path record.Path, name string) {
	v, err := record.New(record.File, name)
	if err == nil {
		err = p.c.answer(path, v)
	}
	if err != nil {
		p.app.complain(err)
	}
}

// fileOf tells what is known of a file of the album.
func (p *interviewPage) fileOf(name string) field.File {
	f := field.File{Name: p.names[name]}
	if m, err := p.app.tablet.Album.Media(name); err == nil {
		f.Size = m.Size
	}
	return f
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

// keepDrawing puts a drawing into the album and answers a question with it.
func (p *interviewPage) keepDrawing(path record.Path, drawn image.Image) error {
	var b bytes.Buffer
	if err := png.Encode(&b, drawn); err != nil {
		return err
	}
	name, err := p.app.tablet.Album.Add("drawing.png", &b)
	if err != nil {
		return err
	}
	p.pictures[name] = drawn
	p.attach(path, name)
	return nil
}
