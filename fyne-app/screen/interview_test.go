package screen_test

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/fyne-app/look/looktest"
	"vereda/fyne-app/screen"
	"vereda/survey/record"
	"vereda/survey/store"
)

// pause is longer than one waits after the last letter before an answer is kept.
const pause = 300 * time.Millisecond

func TestAnAnswerIsKeptAfterAPause(t *testing.T) {
	b := start(t)
	b.tap("new")
	b.walkTo("grp_a/a_ea")
	b.typed("box:grp_a/a_ea", "EA-9")
	b.clock.pass(pause - time.Millisecond)
	if b.says(b.say("es", "field.kept")) {
		t.Error("what is not kept yet is shown as kept")
	}
	b.clock.pass(time.Millisecond)
	b.want(b.say("es", "field.kept"))
	if got := b.kept("grp_a/a_ea"); got != "EA-9" {
		t.Errorf("the store has %q", got)
	}
}

// walkTo answers pages until one asks a question.
func (b *bench) walkTo(path string) {
	b.Helper()
	done := map[string]bool{}
	for range 100 {
		if b.has("box:"+path) || b.has("open:"+path) || len(looktest.Under(b.window, "choice:"+path+":")) > 0 {
			return
		}
		b.answerPage(done)
		b.tap("next")
	}
	b.Fatalf("no page asks %s", path)
}

// kept returns what the store has at a path of the only interview.
func (b *bench) kept(path record.Path) string {
	b.Helper()
	all, err := b.ports.Shelf.Interviews()
	if err != nil || len(all) != 1 {
		b.Fatal(all, err)
	}
	answers, _, err := b.ports.Shelf.Answers(all[0].ID)
	if err != nil {
		b.Fatal(err)
	}
	return answers[path].String()
}

// Whatever ends the app, and whenever: all that was shown as kept is there again, on the same page, in the same language.
func TestKilledAndReopened(t *testing.T) {
	b := start(t)
	b.tap("new")
	b.walkTo("grp_c/hh_size")
	b.tap("language")
	b.tap("language:pt")
	b.typed("box:grp_c/hh_size", "4")
	b.clock.pass(pause)
	b.kill()

	b.open("es")
	all, err := b.ports.Shelf.Interviews()
	if err != nil || len(all) != 1 || all[0].Answered < 10 {
		t.Fatalf("%+v, %v", all, err)
	}
	b.want(b.say("es", "home.answered", all[0].Answered))
	b.tap("interview:" + all[0].ID.String())
	if got := b.written("box:grp_c/hh_size"); got != "4" {
		t.Errorf("the box says %q", got)
	}
	b.want("Quantas pessoas moram habitualmente")
	b.want(b.say("pt", "interview.next"))
	b.tap("previous")
	if !looktest.Chosen(b.window, "choice:grp_b/b_consent:1") {
		t.Error("an earlier answer is gone")
	}
}

func TestWhatIsBeingTypedIsKeptWhenTheAppLeaves(t *testing.T) {
	b := start(t)
	b.tap("new")
	b.walkTo("grp_a/a_enum")
	b.typed("box:grp_a/a_enum", "E77")
	b.app.Flush()
	b.kill()
	b.open("es")
	if got := b.kept("grp_a/a_enum"); got != "E77" {
		t.Errorf("the store has %q", got)
	}
}

func TestTheLanguageChangesInTheMiddle(t *testing.T) {
	b := start(t)
	b.tap("new")
	b.walkTo("grp_a/a_hh_num")
	b.want("Número de hogar en la lista de muestra")
	b.typed("box:grp_a/a_hh_num", "0")
	b.clock.pass(pause)
	b.want("Valor fuera de rango")
	for _, step := range []struct{ code, question, message, next string }{
		{"fr", "Numéro du ménage", "Valeur hors limites", "Suivant"},
		{"ht", "Nimewo menaj la", "Valè a depase limit yo", "Swivan"},
		{"en", "Household number", "Value out of range", "Next"},
	} {
		b.tap("language")
		b.tap("language:" + step.code)
		b.want(step.question)
		b.want(step.message)
		b.want(step.next)
		if b.written("box:grp_a/a_hh_num") != "0" {
			t.Error("the answer did not stay in its box")
		}
	}
	b.tap("home")
	b.want(b.say("es", "home.new")) // the app itself stays in its own language
}

func TestNextSaysWhatIsWrongAndThenGoesOn(t *testing.T) {
	b := start(t)
	b.tap("new")
	b.tap("next")
	b.want(b.say("es", "problem.required"))
	b.want(b.say("es", "interview.anyway"))
	b.tap("next")
	b.want("código")
	if b.says(b.say("es", "interview.anyway")) {
		t.Error("a new page begins anew")
	}
}

// fullDisk is a keeper whose disk is full for a while.
type fullDisk struct {
	screen.Keeper
	full bool
}

func (f *fullDisk) Keep(i uuid.UUID, c store.Changes) error {
	if f.full {
		return fmt.Errorf("writing: %w", store.ErrFull)
	}
	return f.Keeper.Keep(i, c)
}

func TestAFullDiskLosesNothing(t *testing.T) {
	b := start(t)
	disk := &fullDisk{Keeper: b.ports.Keeper}
	b.ports.Keeper = disk
	b.show("es")
	b.tap("new")
	b.walkTo("grp_a/a_ea")
	disk.full = true
	b.typed("box:grp_a/a_ea", "EA-9")
	b.clock.pass(pause)
	b.want(b.say("es", "error.not_kept"))
	b.want(b.say("es", "field.not_kept"))
	if b.says(b.say("es", "field.kept")) || b.written("box:grp_a/a_ea") != "EA-9" {
		t.Error("the answer must stay in its box and not be shown as kept")
	}
	b.tap("next")
	b.tap("choice:grp_a/a_area:rural")
	if got := b.kept("grp_a/a_area"); got != "" {
		t.Errorf("the full disk took %q", got)
	}
	b.tap("home")
	b.want(b.say("es", "error.full"))
	b.tap("ok")
	b.want(b.say("es", "error.not_kept")) // still in the interview: its answers are nowhere else
	disk.full = false
	b.tap("next") // whatever is tapped next tries again
	if b.says(b.say("es", "error.not_kept")) {
		t.Error("all is kept now, and the alarm still rings")
	}
	if b.kept("grp_a/a_ea") != "EA-9" || b.kept("grp_a/a_area") != "rural" {
		t.Errorf("the store has %q and %q", b.kept("grp_a/a_ea"), b.kept("grp_a/a_area"))
	}
}

func TestTheEndLeadsToWhatIsMissing(t *testing.T) {
	b := start(t)
	b.tap("new")
	for range 40 {
		if b.has("finalize") {
			break
		}
		b.tap("next")
	}
	if looktest.Enabled(b.window, "finalize") {
		t.Error("an interview with holes can be finished")
	}
	b.want(b.say("es", "problem.required"))
	b.tap("problem:grp_a/a_ea")
	if !b.has("box:grp_a/a_ea") {
		t.Errorf("not there: %v", looktest.Tags(b.window))
	}
	b.want(b.say("es", "problem.required"))
	b.typed("box:grp_a/a_ea", "EA-1")
	b.tap("to_end")
	if b.has("problem:grp_a/a_ea") || !b.has("finalize") {
		t.Errorf("back at the end: %v", looktest.Tags(b.window))
	}
}

// An interview has its name only when all that the name is made of is answered; "COL---v1" is no name.
func TestADraftIsNamedWhenItsHouseholdIsKnown(t *testing.T) {
	b := start(t)
	b.tap("new")
	b.walkTo("grp_a/a_hh_num")
	b.tap("home")
	b.want(b.say("es", "home.nameless"))
	all, err := b.ports.Shelf.Interviews()
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	b.tap("interview:" + all[0].ID.String())
	b.typed("box:grp_a/a_hh_num", "12")
	b.tap("next")
	b.tap("home")
	if b.says(b.say("es", "home.nameless")) {
		t.Error("it has a name now")
	}
	b.want("-12-v1")
}

func TestADraftCanBeDeletedAfterAsking(t *testing.T) {
	b := start(t)
	b.tap("new")
	for !b.has("finalize") {
		b.tap("next")
	}
	b.tap("discard")
	b.want(b.say("es", "end.discard.ask"))
	b.tap("cancel")
	b.tap("discard")
	b.tap("confirm")
	if all, err := b.ports.Shelf.Interviews(); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
	b.want(b.say("es", "home.empty"))
}

func TestAPictureIsPicked(t *testing.T) {
	b := start(t)
	b.tap("new")
	done := map[string]bool{}
	for !b.has("pick") {
		b.answerPage(done)
		b.tap("next")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	writePicture(t, filepath.Join(home, "antena.PNG"))
	if err := os.Mkdir(filepath.Join(home, "vacía"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.tap("pick")
	b.tap("folder:vacía")
	b.want(b.say("es", "folder.empty"))
	b.tap("up")
	b.tap("file:antena.PNG")
	if err := os.RemoveAll(filepath.Join(home, "antena.PNG")); err != nil {
		t.Fatal(err)
	}
	b.want("Foto de la antena")
	b.want(b.say("es", "field.kept"))
	b.want(b.say("es", "field.picture.change"))
	if shown, err := b.ports.Album.Picture(b.kept("grp_z/z_photo")); err != nil || shown.Bounds().Dx() != 4 {
		t.Errorf("%v, %v", shown, err)
	}
}

const twoPhotos = `
| survey |
| | type | name | label | parameters |
| | image | small | Small | max-pixels=8 |
| | image | large | Large | |
| settings |
| | form_id | version |
| | photos | 1 |
`

// A photo has no more pixels than the form asks for; where it does not ask, the photo is kept as it is.
func TestAPhotoIsMadeAsSmallAsTheFormAsks(t *testing.T) {
	b := start(t)
	b.ports.Questionnaires = questionnaires{readForm(t, twoPhotos)}
	b.show("es")
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	writePictureOf(t, filepath.Join(home, "techo.png"), 40, 20)
	b.tap("new")
	for i, size := range []image.Point{{8, 4}, {40, 20}} {
		question := []record.Path{"small", "large"}[i]
		b.tap("pick")
		b.tap("file:techo.png")
		shown, err := b.ports.Album.Picture(b.kept(question))
		if err != nil || shown.Bounds().Size() != size {
			t.Fatalf("%s is kept as %v, %v", question, shown, err)
		}
		b.tap("next")
	}
}

// writePicture writes a small picture.
func writePicture(t *testing.T, file string) {
	t.Helper()
	writePictureOf(t, file, 4, 3)
}

func writePictureOf(t *testing.T, file string, width, height int) {
	t.Helper()
	picture := image.NewNRGBA(image.Rect(0, 0, width, height))
	picture.Set(1, 1, color.White)
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := png.Encode(out, picture); err != nil {
		t.Fatal(err)
	}
}

// outbox is the part of the real store that a collector's answer reaches.
type outbox interface {
	Pending(archive string, n, size int) ([]record.Entry, error)
	Settle(record.Settlement) error
}

// What a collector refused stays, says why, and can be sent again unchanged.
func TestARefusedInterviewIsSentAgain(t *testing.T) {
	b := start(t)
	b.tap("new")
	b.walk("finalize")
	b.tap("finalize")
	box := b.ports.Shelf.(outbox)
	waiting, err := box.Pending("", 9, 1<<20)
	if err != nil || len(waiting) != 1 {
		t.Fatal(len(waiting), err)
	}
	if err := box.Settle(record.Settlement{Archive: "C", Central: true, Receipts: []record.Receipt{{Entry: waiting[0].ID(), Status: record.Refused, Reason: "too-large"}}}); err != nil {
		t.Fatal(err)
	}
	all, err := b.ports.Shelf.Interviews()
	if err != nil || len(all) != 1 || all[0].State != store.Refused {
		t.Fatalf("%+v, %v", all, err)
	}
	b.sync.state = screen.Sync{Phase: screen.Resting}
	b.app.ShowSync(b.sync.state)
	b.app.Home()
	b.want(b.say("es", "phase.refused", 1))
	b.tap("interview:" + all[0].ID.String())
	b.want(b.say("es", "reason.too-large"))
	sent := b.sync.sent
	b.tap("requeue")
	b.want(b.say("es", "done.finalized"))
	if again, err := box.Pending("", 9, 1<<20); err != nil || len(again) != 1 || again[0].ID() != waiting[0].ID() || b.sync.sent != sent+1 {
		t.Errorf("%d wait, %v; the courier was sent %d times", len(again), err, b.sync.sent-sent)
	}
	if b.has("requeue") {
		t.Error("what waits already can be sent again")
	}
}
