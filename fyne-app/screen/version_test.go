package screen_test

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"vereda/fyne-app/screen"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/store"
)

// versions of one form, the newest last.
type versions []*form.Form

func (v *versions) Offered() ([]screen.Offer, error) {
	f := (*v)[len(*v)-1]
	return []screen.Offer{{Form: f.ID, Version: f.Version, Title: f.Title}}, nil
}

func (v *versions) Form(_, version string) (*form.Form, error) {
	for _, f := range *v {
		if f.Version == version {
			return f, nil
		}
	}
	return nil, store.ErrNotFound
}

const farmBefore = `
| survey |
| | type | name | label::Español (es) | label::English (en) | label::Português (pt) | label::Français (fr) | label::Kreyòl (ht) |
| | text | owner | Nombre del dueño de la finca | Name of the owner of the farm | Nome do dono da fazenda | Nom du propriétaire de la ferme | Non mèt fèm nan |
| | integer | cows | ¿Cuántas vacas hay? | How many cows are there? | Quantas vacas há? | Combien de vaches y a-t-il ? | Konbyen bèf ki genyen? |
| | text | size | ¿De qué tamaño es el terreno? | How large is the land? | Qual é o tamanho do terreno? | Quelle est la taille du terrain ? | Ki gwosè tè a? |
| | select_multiple net | net | ¿Qué redes llegan? | Which networks reach it? | Que redes chegam? | Quels réseaux y arrivent ? | Ki rezo ki rive? |
| choices |
| | list_name | name | label::Español (es) | label::English (en) | label::Português (pt) | label::Français (fr) | label::Kreyòl (ht) |
| | net | 2g | Segunda generación | Second generation | Segunda geração | Deuxième génération | Dezyèm jenerasyon |
| | net | 4g | Cuarta generación | Fourth generation | Quarta geração | Quatrième génération | Katriyèm jenerasyon |
| settings |
| | form_id | form_title | version | default_language |
| | farm | Finca | 1 | Español (es) |
`

const farmAfter = `
| survey |
| | type | name | label::Español (es) | label::English (en) | label::Português (pt) | label::Français (fr) | label::Kreyòl (ht) |
| | text | owner_name | Nombre completo del dueño de la finca | Full name of the owner of the farm | Nome completo do dono da fazenda | Nom complet du propriétaire de la ferme | Non konplè mèt fèm nan |
| | integer | cows | ¿Cuántas vacas hay? | How many cows are there? | Quantas vacas há? | Combien de vaches y a-t-il ? | Konbyen bèf ki genyen? |
| | date | size | ¿Qué día se midió? | On which day was it measured? | Em que dia foi medido? | Quel jour a-t-il été mesuré ? | Ki jou yo te mezire l? |
| | integer | goats | ¿Cuántas cabras hay? | How many goats are there? | Quantas cabras há? | Combien de chèvres y a-t-il ? | Konbyen kabrit ki genyen? |
| settings |
| | form_id | form_title | version | default_language |
| | farm | Finca | 2 | Español (es) |
`

// farm begins a draft of the first version; then the second arrives.
func farm(t *testing.T) (b *bench, draft store.Interview) {
	t.Helper()
	b = start(t)
	known := &versions{readForm(t, farmBefore)}
	for _, version := range []string{"1", "2"} {
		if err := b.store().PutForm(record.FormVersion{V: 1, Form: "farm", Version: version, Name: "f.xlsx", Source: []byte(version)}); err != nil {
			t.Fatal(err)
		}
	}
	b.ports.Questionnaires = known
	b.show("es")
	b.tap("new")
	for _, answer := range [][2]string{{"owner", "Luz Marina"}, {"cows", "12"}, {"size", "grande"}} {
		b.typed("box:"+answer[0], answer[1])
		b.clock.pass(time.Second)
		b.tap("next")
	}
	b.tap("choice:net:2g")
	b.tap("choice:net:4g")
	b.tap("home")
	*known = append(*known, readForm(t, farmAfter))
	b.show("es")
	return b, b.only()
}

// toEnd goes on to the end page.
func (b *bench) toEnd() {
	b.Helper()
	for range 30 {
		if b.has("finalize") {
			return
		}
		b.tap("next")
	}
	b.Fatal("the end does not come")
}

func TestADraftMovesToANewVersionWhenAPersonSaysSo(t *testing.T) {
	b, draft := farm(t)
	b.want(b.say("es", "home.newer"))
	b.tap("interview:" + draft.ID.String())
	b.want(b.say("es", "version.lead", "1", "2"))
	b.want(b.say("es", "version.carried", 1))
	b.want(b.say("es", "version.before", "Nombre del dueño de la finca"))
	b.want("Segunda generación, Cuarta generación")
	if got := b.only(); got.Version != "1" {
		t.Errorf("it moved by itself: %+v", got)
	}
	b.tap("same:owner")
	b.want(b.say("es", "version.carried", 2))
	b.tap("move")

	moved := b.only()
	answers, _, err := b.ports.Shelf.Answers(draft.ID)
	if err != nil || moved.Version != "2" || answers["owner_name"].String() != "Luz Marina" || answers["cows"].String() != "12" ||
		answers["aside/size"].String() != "grande" || answers["net"].String() != "2g 4g" {
		t.Errorf("%+v %v, %v", moved, answers, err)
	}
	b.want("¿Qué día se midió?")
	b.tap("home")
	if b.says(b.say("es", "home.newer")) {
		t.Error("it has the newest version now")
	}
	b.tap("interview:" + draft.ID.String())
	b.toEnd()
	if b.has("version") {
		t.Error("it has the newest version now")
	}
	b.tap("finalize")
	h, err := b.ports.Shelf.History(draft.ID)
	if err != nil || h.Len() != 1 {
		t.Fatal(h, err)
	}
	r := h.Revisions()[0]
	if r.Version != "2" || r.Set["aside/size"].String() != "grande" || r.Set["net"].String() != "2g 4g" || r.Set["owner_name"].String() != "Luz Marina" {
		t.Errorf("%+v", r.Body)
	}
}

func TestADraftStaysUnderItsVersion(t *testing.T) {
	b, draft := farm(t)
	b.tap("interview:" + draft.ID.String())
	b.tap("stay")
	b.toEnd()
	b.tap("draft")
	b.tap("interview:" + draft.ID.String()) // it is not asked again
	b.toEnd()
	b.tap("version") // but can be
	b.want(b.say("es", "version.lead", "1", "2"))
	b.tap("stay")
	b.toEnd()
	b.tap("finalize")
	h, err := b.ports.Shelf.History(draft.ID)
	if err != nil || h.Revisions()[0].Version != "1" || h.Revisions()[0].Set["owner"].String() != "Luz Marina" {
		t.Errorf("%+v, %v", h.Revisions(), err)
	}
}

// TestTheVersionPageInEveryLanguage writes pictures for eyes, where VEREDA_PICTURES names a folder.
func TestTheVersionPageInEveryLanguage(t *testing.T) {
	b, draft := farm(t)
	for _, language := range []string{"es", "pt", "fr", "en", "ht"} {
		b.app.Speak(language)
		b.app.Home()
		b.want(b.say(language, "home.newer"))
		b.tap("interview:" + draft.ID.String())
		for _, key := range []string{"version.title", "version.guess", "version.aside.detail", "version.stay.detail"} {
			b.want(b.say(language, key))
		}
		folder := os.Getenv("VEREDA_PICTURES")
		if folder == "" {
			continue
		}
		b.window.Resize(fyne.NewSize(571, 1180))
		file, err := os.Create(filepath.Join(folder, "version-"+language+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(file, b.window.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
}
