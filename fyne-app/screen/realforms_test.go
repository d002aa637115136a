package screen_test

import (
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vereda/fyne-app/look/looktest"
	"vereda/fyne-app/screen"
	"vereda/survey/form"
	"vereda/survey/store"
	"vereda/survey/xlsform"
)

// oneForm is a tablet's forms when there is one.
type oneForm struct{ form *form.Form }

func (o oneForm) Offered() ([]screen.Offer, error) {
	return []screen.Offer{{Form: o.form.ID, Version: o.form.Version, Title: o.form.Title}}, nil
}
func (o oneForm) Form(string, string) (*form.Form, error) { return o.form, nil }

// loose is a keeper that minds no form.
type loose struct{ screen.Keeper }

func (loose) Begin(store.Interview) error { return nil }
func (loose) Note(store.Interview) error  { return nil }

// realForms are the workbooks of teams, beside the checkout.
func realForms(t *testing.T) []string {
	t.Helper()
	folder := "../../../shared/data/conformance/forms"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the real forms are not beside this checkout")
	}
	var list []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if strings.HasPrefix(filepath.Ext(path), ".xls") {
			list = append(list, path)
		}
		return err
	})
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	return list
}

func teamForm(t *testing.T, file string) *form.Form {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, _ := xlsform.Read(filepath.Base(file), b)
	return f
}

// wanderer answers whatever the app shows, by chance.
type wanderer struct {
	*bench
	chance *rand.Rand
}

// Every page that chance leads to in the forms of real teams is built and drawn, and takes what is tapped and typed; whatever is answered, the last page is reached.
func TestRealFormsAreWalked(t *testing.T) {
	for _, file := range realForms(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			f := teamForm(t, file)
			if f == nil {
				t.Skip("not a form that runs")
			}
			for range 2 {
				seed := rand.Int63()
				t.Logf("seed %d", seed)
				w := wanderer{start(t), rand.New(rand.NewSource(seed))}
				w.ports.Questionnaires = oneForm{f}
				w.ports.Keeper = loose{w.ports.Keeper}
				w.show("es")
				if w.chance.Intn(2) == 0 {
					w.window.Resize(fyne.NewSize(360, 640))
				}
				w.tap("new")
				w.wander(3 * len(f.Items()))
			}
		})
	}
}

// wander goes on from page to page, at most so many.
func (w wanderer) wander(most int) {
	w.Helper()
	for pages := range most {
		if w.has("finalize") || w.has("draft") {
			w.Logf("%d pages", pages)
			return
		}
		tags := looktest.Tags(w.window)
		for range min(4, len(tags)) {
			w.act(tags[w.chance.Intn(len(tags))])
			tags = looktest.Tags(w.window)
		}
		if pages%10 == 0 {
			w.window.Canvas().Capture()
		}
		w.clock.pass(pause)
		w.tap("next")
		if w.has("next") {
			w.tap("next")
		}
	}
}

var someWords = []string{"3", "12", "0", "María", "4.6097, -74.0817", "-", "2,5", "99999", ""}

// act does to a widget what a person might do; what leads away from the page is left.
func (w wanderer) act(tag string) {
	w.Helper()
	kind, _, _ := strings.Cut(tag, ":")
	switch kind {
	case "box":
		w.typed(tag, someWords[w.chance.Intn(len(someWords))])
	case "choice", "today", "agree", "rank-up", "rank-down", "less", "more", "guidance", "clear", "add", "day+", "day-", "month+", "year-", "hour+", "minute-", "before", "after":
		if tag != "add" && looktest.Enabled(w.window, tag) {
			w.tap(tag)
		}
	case "open":
		if looktest.Enabled(w.window, tag) {
			w.tap(tag)
			if list := looktest.Under(w.window, "choice:"); len(list) > 0 {
				w.tap("choice:" + list[w.chance.Intn(len(list))])
			}
			if w.has("back") {
				w.tap("back")
			}
		}
	case "draw":
		w.tap(tag)
		w.tap("undo")
		w.tap("done")
	}
}
