package screen

import (
	"image"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vereda/fyne-app/catalogue"
	"vereda/fyne-app/field"
	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/survey/xlsform"
)

// emptyAlbum has nothing.
type emptyAlbum struct{}

func (emptyAlbum) Add(string, io.Reader) (string, error) { return "", store.ErrFull }
func (emptyAlbum) Media(string) (record.Media, error)    { return record.Media{}, store.ErrNotFound }
func (emptyAlbum) Picture(string) (image.Image, error)   { return nil, store.ErrNotFound }

// pageFor is an interview's page outside of any window.
func pageFor(t *testing.T, f *form.Form, files map[string][]byte) *interviewPage {
	t.Helper()
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	env := interview.Env{Now: func() time.Time { return time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC) }, Random: rand.New(rand.NewSource(1)), Files: files}
	s, err := interview.Start(f, env)
	if err != nil {
		t.Fatal(err)
	}
	a := &App{say: c.In("es"), tablet: Tablet{Album: emptyAlbum{}}}
	return newInterviewPage(a, newCapture(store.Interview{Language: f.DefaultLanguage}, s, nil, nil), "")
}

// instanceOf is where an item is asked: in the first instance of each repeat that it lies in; "" where there is none.
func instanceOf(s *interview.Session, i *form.Item) record.Path {
	if i.Parent == nil {
		return ""
	}
	parent := instanceOf(s, i.Parent)
	if parent == "" && i.Parent.Parent != nil {
		return ""
	}
	path := record.Path(i.Name)
	if parent != "" {
		path = parent.Join(i.Name)
	}
	if i.Kind != form.Repeat {
		return path
	}
	if len(s.Instances(path)) == 0 {
		if _, _, err := s.AddInstance(path); err != nil {
			return ""
		}
	}
	return s.Instances(path)[0]
}

// Every question of the forms of real teams is built, in every language, and laid out on a tablet and on a phone, whether it is asked in an interview or not; none is of a type that
// the app cannot ask.
func TestEveryQuestionOfRealForms(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/data/conformance/forms/*.xls*")
	if len(files) == 0 {
		t.Skip("the real forms are not beside this checkout")
	}
	test.NewTempApp(t).Settings().SetTheme(look.NewTheme(1))
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := xlsform.Read(filepath.Base(file), b)
		if f == nil {
			t.Errorf("%s is not read", file)
			continue
		}
		p, built, left := pageFor(t, f, nil), 0, 0
		for _, i := range f.Items() {
			if i.Kind != form.Question || !i.Type.Shown() {
				continue
			}
			path := instanceOf(p.c.session, i)
			if path == "" {
				path, left = i.Path, left+1
			}
			p.buildIn(t, path)
			built++
		}
		t.Logf("%s: %d questions built, %d of them in repeats that begin without an instance", filepath.Base(file), built, left)
	}
}

func (p *interviewPage) buildIn(t *testing.T, path record.Path) {
	t.Helper()
	for _, l := range p.form().Languages {
		p.c.info.Language = l.Name
		q := field.New(p.app.say, p.state(path), func(field.Event) {})
		for _, width := range []float32{571, 360} {
			q.Resize(fyne.NewSize(width, 400))
			if h := q.MinSize().Height; h <= 0 || h > 20_000 {
				t.Errorf("%s is %.0f high", path, h)
			}
		}
		if !field.Asks(q.State().Type) {
			t.Errorf("%s is a %s", path, q.State().Type)
		}
	}
}
