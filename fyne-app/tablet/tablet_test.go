package tablet

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"log"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"vereda/fyne-app/screen"
	"vereda/survey/interview"
	"vereda/survey/photo"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/archive"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// collector is a real one, on loopback.
type collector struct {
	*httptest.Server
	archive    *archive.Archive
	invitation device.Invitation
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	ctx, random := context.Background(), rand.NewChaCha8([32]byte{7})
	fatal := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	project, err := device.NewKey(random)
	fatal(err)
	own, err := device.NewKey(random)
	fatal(err)
	name := device.Project{ID: "0193a5b2-7d1c-7000-8000-0000000000aa", Name: "Norte", Key: project.Public()}
	cert, err := device.Issue(project, device.Claims{V: 1, Project: name.ID, Device: own.Public(), Name: "collector", Role: device.Collector, From: time.Now(), Until: time.Now().AddDate(1, 0, 0)})
	fatal(err)
	a, err := archive.Open(ctx, t.TempDir(), archive.Options{Shape: func(f record.FormVersion) (archive.Shape, error) {
		return archive.Shape{Form: f.Form, Version: f.Version, Title: f.Form, Dictionary: questionnaire.Form().Dictionary()}, nil
	}})
	fatal(err)
	t.Cleanup(func() { a.Close() })
	f := questionnaire.Form()
	fatal(a.Publish(ctx, record.FormVersion{V: 1, Form: f.ID, Version: f.Version, Name: questionnaire.Name, Source: questionnaire.Workbook()}))
	code, err := device.NewCode(random)
	fatal(err)
	fatal(a.Invite(ctx, code, device.Enumerator, 5, time.Now().AddDate(0, 0, 1)))
	s := httptest.NewUnstartedServer(transfer.Handler(a, transfer.Collector{Project: name, ProjectKey: project, Now: time.Now,
		Sealer: batch.Sealer{Project: name.ID, Key: own, Certificate: cert}}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return &collector{s, a, device.Invitation{V: 1, Address: s.URL, Project: project.Public(), Code: code}}
}

func open(t *testing.T, folder string) *Tablet {
	t.Helper()
	test.NewTempApp(t)
	tablet, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	return tablet
}

// finish makes a finished interview.
func finish(t *testing.T, tablet *Tablet) {
	t.Helper()
	p, f := tablet.Ports(), questionnaire.Form()
	session, err := interview.Start(f, p.Env())
	if err != nil {
		t.Fatal(err)
	}
	id, err := p.NewID()
	if err != nil {
		t.Fatal(err)
	}
	answers, derived := session.Answers(false)
	err = errors.Join(p.Keeper.Begin(store.Interview{ID: id, Form: f.ID, Version: f.Version, State: store.Draft, Created: p.Clock.Now(), Changed: p.Clock.Now()}),
		p.Keeper.Keep(id, store.Changes{Set: answers, Derived: derived, At: p.Clock.Now()}))
	if err != nil {
		t.Fatal(err)
	}
	body, err := p.Finisher.Compose(id, store.Author{Device: p.Env().Device, By: "Rosa", At: p.Clock.Now()}, answers, derived, true)
	if err != nil {
		t.Fatal(err)
	}
	revision, err := record.Seal(body)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Finisher.Finalize(revision); err != nil {
		t.Fatal(err)
	}
}

// follow starts the courier and returns a function that waits for a phase.
func follow(t *testing.T, tablet *Tablet) (until func(screen.Phase) screen.Sync) {
	t.Helper()
	states := make(chan screen.Sync, 1000)
	tablet.Start(func(s screen.Sync) { states <- s })
	return func(want screen.Phase) screen.Sync {
		t.Helper()
		limit := time.After(20 * time.Second)
		for {
			select {
			case s := <-states:
				if s.Phase == want {
					return s
				}
			case <-limit:
				t.Fatalf("never %s; it is %+v", want, tablet.courier.Sync())
			}
		}
	}
}

func TestAnInterviewLeavesTheOutboxWhenTheCollectorHasIt(t *testing.T) {
	c, tablet := newCollector(t), open(t, t.TempDir())
	defer tablet.Close()
	finish(t, tablet)
	until := follow(t, tablet)
	if s := until(screen.Alone); s.Left != 1 {
		t.Errorf("%+v", s)
	}
	if err := tablet.Enrol(context.Background(), screen.Invitation{Link: c.invitation.Link(), Name: "Rosa"}); err != nil {
		t.Fatal(err)
	}
	if s := until(screen.Resting); s.Up != 1 || s.Left != 0 {
		t.Errorf("%+v", s)
	}
	all, err := tablet.store.Interviews()
	if err != nil || all[0].State != store.Sent {
		t.Errorf("%+v, %v", all, err)
	}
	if m, ok := tablet.Member(); !ok || m.Name != "Rosa" || m.Project != "Norte" {
		t.Errorf("%+v", m)
	}
}

func TestTheLastSendingIsRememberedWhenTheAppIsClosed(t *testing.T) {
	c, folder := newCollector(t), t.TempDir()
	tablet := open(t, folder)
	if last := tablet.courier.Sync().Last; !last.IsZero() {
		t.Errorf("nothing was sent, and the last time was %v", last)
	}
	if err := tablet.Enrol(context.Background(), screen.Invitation{Link: c.invitation.Link(), Name: "Rosa"}); err != nil {
		t.Fatal(err)
	}
	last := follow(t, tablet)(screen.Resting).Last
	if err := tablet.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, folder)
	defer again.Close()
	if got := again.courier.Sync().Last; last.IsZero() || !got.Equal(last.Truncate(time.Second)) {
		t.Errorf("%v, want %v", got, last)
	}
}

func TestWithoutALinkEverythingStays(t *testing.T) {
	c, tablet := newCollector(t), open(t, t.TempDir())
	defer tablet.Close()
	if err := tablet.Enrol(context.Background(), screen.Invitation{Address: c.URL, Code: c.invitation.Code, Name: "Rosa"}); err != nil {
		t.Fatal(err)
	}
	c.Close()
	finish(t, tablet)
	until := follow(t, tablet)
	s := until(screen.Offline)
	if s.Left != 1 || s.Next.IsZero() {
		t.Errorf("%+v", s)
	}
	if n, err := tablet.store.Waiting(""); n != 1 || err != nil {
		t.Errorf("%d wait, %v", n, err)
	}
}

// What sending failed of is told in words where a person can do something about it.
func TestWhatAPersonCanDoAboutAFailureIsTold(t *testing.T) {
	for want, errs := range map[string][]error{
		"full":     {fmt.Errorf("store: %w", store.ErrFull)},
		"stranger": {fmt.Errorf("sync: %w", &transfer.PinError{Got: "ab"}), &transfer.Problem{Code: transfer.CodeOtherProject}, &transfer.Problem{Code: transfer.CodeOtherCollector}},
		"newer":    {fmt.Errorf("sync: %w", &transfer.Problem{Code: transfer.CodeNewerVersion})},
		"":         {errors.New("anything else"), &transfer.Problem{Code: transfer.CodeMalformed}},
	} {
		for _, err := range errs {
			var s screen.Sync
			(&courier{}).failed(&s, err, nil)
			if s.Phase != screen.Failed || s.Failure != want || s.Detail != err.Error() {
				t.Errorf("%v: %s %q %q", err, s.Phase, s.Failure, s.Detail)
			}
		}
	}
}

func TestARevokedTabletIsTold(t *testing.T) {
	c, tablet := newCollector(t), open(t, t.TempDir())
	defer tablet.Close()
	if err := tablet.Enrol(context.Background(), screen.Invitation{Link: c.invitation.Link(), Name: "Rosa"}); err != nil {
		t.Fatal(err)
	}
	if err := c.archive.Revoke(context.Background(), tablet.key.ID()); err != nil {
		t.Fatal(err)
	}
	finish(t, tablet)
	until := follow(t, tablet)
	if s := until(screen.Revoked); s.Left != 1 {
		t.Errorf("%+v", s)
	}
}

func TestJoinErrors(t *testing.T) {
	c, tablet := newCollector(t), open(t, t.TempDir())
	defer tablet.Close()
	wrong := c.invitation
	wrong.Code, _ = device.NewCode(rand.NewChaCha8([32]byte{9}))
	foreign := c.invitation
	foreign.Project = bytes.Repeat([]byte{7}, len(foreign.Project))
	for name, test := range map[string]struct {
		given screen.Invitation
		code  string
	}{
		"a link cut off":   {screen.Invitation{Link: c.invitation.Link()[:60]}, "link"},
		"a code mistyped":  {screen.Invitation{Address: c.URL, Code: "AAAA-AAAA"}, "code"},
		"letters mistyped": {screen.Invitation{Address: c.URL, Code: c.invitation.Code, Check: "AAAA"}, "letters"},
		"nobody there":     {screen.Invitation{Address: "http://127.0.0.1:1", Code: c.invitation.Code}, "offline"},
		"another project":  {screen.Invitation{Link: foreign.Link(), Name: "Rosa"}, "foreign"},
		"an unknown code":  {screen.Invitation{Link: wrong.Link(), Name: "Rosa"}, "refused"},
	} {
		err := tablet.Enrol(context.Background(), test.given)
		var e *screen.JoinError
		if !errors.As(err, &e) || e.Code != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	if _, ok := tablet.Member(); ok {
		t.Error("the tablet belongs to a project after all")
	}
}

func TestTheTabletKeepsItsKeyAndItsForms(t *testing.T) {
	folder := t.TempDir()
	tablet := open(t, folder)
	id := tablet.key.ID()
	offers, err := tablet.forms.Offered()
	if err != nil || len(offers) != 1 || offers[0].Form != questionnaire.Form().ID {
		t.Fatalf("%+v, %v", offers, err)
	}
	finish(t, tablet)
	if _, err := Open(folder); !errors.Is(err, store.ErrLocked) {
		t.Errorf("a second program: %v", err)
	}
	if err := tablet.Close(); err != nil {
		t.Fatal(err)
	}
	tablet = open(t, folder)
	defer tablet.Close()
	if tablet.key.ID() != id {
		t.Error("a new key")
	}
	if _, err := tablet.store.Form(offers[0].Form, offers[0].Version); err != nil {
		t.Errorf("the form of the interview is not in the store: %v", err)
	}
}

func TestAPictureThatIsNoneIsKeptAndNotShown(t *testing.T) {
	tablet := open(t, t.TempDir())
	defer tablet.Close()
	file := filepath.Join(t.TempDir(), "x.jpg")
	if err := os.WriteFile(file, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	a := album{tablet.store}
	name, err := a.Add("x.jpg", in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Picture(name); err == nil {
		t.Error("it is shown")
	}
	if m, err := a.Media(name); err != nil || m.Size != 10 || m.Type != "image/jpeg" {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := a.Media("../other"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// A small file that says it is a picture of ten thousand million points is kept, and never laid out in memory.
func TestAHugePictureIsKeptAndNotShown(t *testing.T) {
	tablet := open(t, t.TempDir())
	defer tablet.Close()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	bomb := b.Bytes()
	binary.BigEndian.PutUint32(bomb[16:], 100_000)
	binary.BigEndian.PutUint32(bomb[20:], 100_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	a := album{tablet.store}
	name, err := a.Add("x.png", bytes.NewReader(bomb))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Picture(name); !errors.Is(err, photo.ErrLarge) {
		t.Errorf("%v", err)
	}
}
