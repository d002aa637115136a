package screen_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/fyne-app/screen"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/survey/words"
)

// store is the tablet's real one, to which the test brings what a collector would.
func (b *bench) store() *store.Store { return b.ports.Shelf.(*store.Store) }

// arrive brings an entry that a coordinator wrote.
func (b *bench) arrive(e record.Entry, err error) record.Entry {
	b.Helper()
	if err == nil {
		err = b.store().Accept([]record.Entry{e}, "C", 1)
	}
	if err != nil {
		b.Fatal(err)
	}
	return e
}

// central settles all that waits, as the project's centre does.
func (b *bench) central() {
	b.Helper()
	pending, err := b.store().Pending("C", 100, 1<<20)
	if err != nil {
		b.Fatal(err)
	}
	answer := record.Settlement{Archive: "C", Name: "Central", Device: b.ports.Env().Device, Central: true, At: b.clock.now}
	for _, e := range pending {
		answer.Receipts = append(answer.Receipts, record.Receipt{Entry: e.ID(), Status: record.Stored})
	}
	if err := b.store().Settle(answer); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) only() store.Interview {
	b.Helper()
	all, err := b.ports.Shelf.Interviews()
	if err != nil || len(all) != 1 {
		b.Fatal(all, err)
	}
	return all[0]
}

// An interview comes back: the list says it, each comment leads to its question and stands there, and the correction names the verdict.
func TestAReturnedInterviewIsCorrected(t *testing.T) {
	b := start(t)
	b.tap("new")
	b.walk("finalize")
	b.tap("finalize")
	b.central()
	back := b.arrive(record.Verdict{Interview: b.only().ID, Knows: record.Vector{b.ports.Env().Device: 1}, Decision: record.Returned, Note: "Falta poco, Rosa",
		Comments: []record.Comment{{Path: "grp_a/a_hh_num", Text: "La hoja de ruta dice 121"}, {Path: "grp_c/hh_size", Text: "¿Viven tres o cuatro?"}},
		Said:     record.Said{By: "Inés", Device: "K", At: b.clock.now}}.Entry())

	b.app.Home()
	b.want("Falta poco, Rosa")
	b.want(b.say("es", "state.returned"))
	b.tap("state:returned")
	b.tap("interview:" + b.only().ID.String())
	b.want(b.say("es", "done.returned"))
	b.want("La hoja de ruta dice 121")
	b.tap("comment:grp_a/a_hh_num")
	b.want("La hoja de ruta dice 121")
	if got := b.written("box:grp_a/a_hh_num"); got != "12" {
		t.Errorf("the box says %q", got)
	}
	if !b.has("to_end") {
		t.Error("who mended what was asked for has to go through the whole interview")
	}
	b.typed("box:grp_a/a_hh_num", "1") // behind what is there
	b.clock.pass(pause)

	b.kill() // the comments are there again when the draft is opened
	b.open("es")
	b.tap("interview:" + b.only().ID.String())
	b.want("La hoja de ruta dice 121")
	for !b.has("finalize") {
		b.tap("next")
	}
	b.want(b.say("es", "end.comments"))
	b.tap("comment:grp_c/hh_size")
	b.want("¿Viven tres o cuatro?")
	b.tap("to_end")
	b.tap("finalize")

	history, err := b.store().History(b.only().ID)
	if err != nil {
		t.Fatal(err)
	}
	corrected := slices.ContainsFunc(history.Revisions(), func(r record.Revision) bool {
		return r.Final && slices.Equal(r.Verdicts, []record.ID{back.ID()}) && r.Set["grp_a/a_hh_num"].String() == "121"
	})
	if i := b.only(); !corrected || i.State != store.Finalized {
		t.Fatalf("%+v", i)
	}
	if b.says("La hoja de ruta dice 121") {
		t.Error("a comment that is answered is still shown")
	}
}

func TestHouseholdsToVisit(t *testing.T) {
	b := start(t)
	form := questionnaire.Form()
	assign := func(id byte, change func(*record.Assignment)) {
		a := record.Assignment{Assignment: uuid.UUID{id}, Form: form.ID, EA: "0101-07", Household: string('0' + rune(id)), Assignee: b.ports.Env().Device,
			Said: record.Said{By: "Inés", Device: "K", At: b.clock.now}}
		change(&a)
		b.arrive(a.Entry())
	}
	assign(1, func(a *record.Assignment) { a.Due = "2026-11-30" })
	assign(2, func(a *record.Assignment) { a.Due, a.Note = "2026-11-20", "Portón verde, hay perro" })
	assign(3, func(a *record.Assignment) {
		a.Call = b.clock.now.Add(26 * time.Hour)
		a.Answers = map[record.Path]string{"grp_a/a_ea": "0101-07", "grp_a/a_hh_num": "3", "grp_a/nobody": "x", "grp_c/hh_size": "many"}
	})
	assign(4, func(a *record.Assignment) { a.Assignee = "SOMEBODY-ELSE" })
	for _, code := range words.Languages {
		b.app.Speak(code)
		b.app.Home()
		b.want(b.say(code, "visits.title", 3, 3))
		b.want(b.say(code, "visits.late"))
		b.want("Portón verde, hay perro")
		b.want(b.say(code, "visits.household", "0101-07", "1"))
		if b.has("visit:" + uuid.UUID{4}.String()) {
			t.Error("somebody else's household is shown")
		}
	}
	b.app.Speak("es")
	b.tap("visit:" + uuid.UUID{3}.String())
	b.walkTo("grp_a/a_ea")
	if got := b.written("box:grp_a/a_ea"); got != "0101-07" {
		t.Errorf("the box says %q", got)
	}
	i := b.only()
	if i.Assignment != (uuid.UUID{3}) || b.kept("grp_a/a_hh_num") != "3" || b.kept("grp_c/hh_size") != "" {
		t.Errorf("%+v", i)
	}
	b.tap("home")
	b.want(b.say("es", "visits.visited", b.say("es", "state.draft")))
	b.want(b.say("es", "visits.title", 2, 3))
	b.tap("visit:" + uuid.UUID{3}.String()) // goes on with the one that was begun
	if b.only().ID != i.ID {
		t.Error("another interview was begun")
	}
}

func TestADraftOfAnotherTabletGoesOnHere(t *testing.T) {
	b := start(t)
	form := questionnaire.Form()
	r, err := record.Seal(record.Body{Interview: uuid.UUID{1}, Form: form.ID, Version: form.Version, Device: "LOST", N: 1, At: b.clock.now,
		Set: record.Answers{"grp_a/a_hh_num": record.NewInteger(44)}})
	if err != nil {
		t.Fatal(err)
	}
	b.arrive(r.Entry(), nil)
	b.app.Home()
	b.want(b.say("es", "state.handed"))
	b.tap("interview:" + b.only().ID.String())
	b.walkTo("grp_a/a_hh_num")
	if got := b.written("box:grp_a/a_hh_num"); got != "44" {
		t.Errorf("the box says %q", got)
	}
	if i := b.only(); i.State != store.Draft {
		t.Errorf("%+v", i)
	}
}

// How far the interviews have come, in each language; what waits at a hub for too long is said aloud.
func TestTheWayToTheCentreInPlainWords(t *testing.T) {
	b := start(t)
	state := screen.Sync{Phase: screen.Resting, Central: 120, Relayed: 8, Hub: "Norte", Hubs: 1, Left: 3}
	for _, code := range words.Languages {
		b.app.Speak(code)
		b.app.ShowSync(state)
		b.app.Home()
		b.tap("sync")
		b.want("120")
		b.want(b.say(code, "sync.relayed.hub", "Norte"))
		b.want(b.say(code, "sync.left"))
		late := state
		late.Late, late.Hubs = 5, 2
		b.app.ShowSync(late)
		b.want(b.say(code, "sync.late", 5, 3, b.say(code, "sync.hubs", "Norte")))
		sending := screen.Sync{Phase: screen.Sending, Up: 2, Left: 9, Remaining: 150 * time.Second}
		b.app.ShowSync(sending)
		b.want(b.say(code, "sync.minutes", 3))
		sending.Remaining = 20 * time.Second
		b.app.ShowSync(sending)
		b.want(b.say(code, "sync.seconds"))
		b.app.Home()
		b.app.ShowSync(screen.Sync{Phase: screen.Resting, Central: 1, Relayed: 1, Hub: "Norte", Hubs: 1})
		b.want(b.say(code, "phase.relayed", 1))
		b.app.ShowSync(screen.Sync{Phase: screen.Resting, Central: 1, Relayed: 1, Hub: "hub", Hubs: 1}) // nobody gave it a name
		b.tap("sync")
		b.want(b.say(code, "sync.relayed.hub", b.say(code, "nameless.hub")))
	}
}

// courierMeanwhile makes a backup of the draft between composing and finalizing, as the real courier may.
type courierMeanwhile struct {
	screen.Finisher
	b *bench
}

func (c courierMeanwhile) Finalize(r record.Revision) error {
	if _, err := c.b.store().Back(store.Author{Device: r.Device, By: r.By, At: r.At}, false); err != nil {
		return err
	}
	return c.Finisher.Finalize(r)
}

func TestABackupWhileOneFinishesDisturbsNobody(t *testing.T) {
	b := start(t)
	b.ports.Finisher = courierMeanwhile{b.ports.Finisher, b}
	b.show("es")
	b.tap("new")
	b.walk("finalize")
	b.tap("finalize")
	b.want(b.say("es", "home.new"))
	history, err := b.store().History(b.only().ID)
	if err != nil {
		t.Fatal(err)
	}
	if i := b.only(); i.State != store.Finalized || history.Len() != 2 || !history.Merge().Final {
		t.Errorf("%+v, %d revisions", i, history.Len())
	}
}

// What another tablet began, and this one goes on with, is asked in the app's language.
func TestAnInterviewOfAnotherTabletIsAskedInTheAppsLanguage(t *testing.T) {
	b := start(t)
	id := uuid.Must(uuid.NewV7())
	if err := b.ports.Keeper.Begin(store.Interview{ID: id, Form: questionnaire.Form().ID, Version: questionnaire.Form().Version, State: store.Draft, Created: b.clock.now, Changed: b.clock.now}); err != nil {
		t.Fatal(err)
	}
	b.show("fr")
	b.tap("interview:" + id.String())
	b.want("FR")
}
