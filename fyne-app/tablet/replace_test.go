package tablet

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/fyne-app/screen"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/device"
)

// A tablet is lost in a river with a draft on it. The one that replaces it goes on with the draft, and with the household still to visit.
func TestALostTabletIsReplaced(t *testing.T) {
	ctx, c := context.Background(), newCollector(t)
	lost := open(t, t.TempDir())
	if err := lost.Enrol(ctx, screen.Invitation{Link: c.invitation.Link(), Name: "Rosa"}); err != nil {
		t.Fatal(err)
	}
	form, id := questionnaire.Form(), uuid.Must(uuid.NewV7())
	p := lost.Ports()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(p.Keeper.Begin(store.Interview{ID: id, Form: form.ID, Version: form.Version, Created: time.Now()}))
	ok(p.Keeper.Keep(id, store.Changes{Set: record.Answers{"grp_a/a_hh_num": record.NewInteger(44)}, At: time.Now()}))
	visit, err := record.Assignment{Assignment: uuid.UUID{1}, Form: form.ID, EA: "0101", Household: "7", Assignee: string(lost.key.ID()),
		Said: record.Said{Device: "K", At: time.Now()}}.Entry()
	ok(err)
	ok(c.archive.Put(ctx, visit))
	until := follow(t, lost)
	until(screen.Resting)
	if list, err := lost.Ports().Agenda.Assignments(); len(list) != 1 || err != nil {
		t.Fatalf("%v, %v", list, err)
	}
	if i, err := lost.store.Interview(id); err != nil || i.State != store.Draft {
		t.Fatalf("%+v, %v", i, err)
	}
	device1 := lost.key.ID()
	ok(lost.Close())

	code, err := device.NewCode(rand.NewChaCha8([32]byte{8}))
	ok(err)
	ok(c.archive.Revoke(ctx, device1))
	ok(c.archive.InviteFor(ctx, code, device1, time.Now().AddDate(0, 0, 1)))
	invitation := c.invitation
	invitation.Code = code
	next := open(t, t.TempDir())
	defer next.Close()
	ok(next.Enrol(ctx, screen.Invitation{Link: invitation.Link(), Name: "Rosa"}))
	follow(t, next)(screen.Resting)
	i, err := next.store.Interview(id)
	if err != nil || i.State != store.Handed || i.Answered != 1 {
		t.Fatalf("%+v, %v", i, err)
	}
	ok(next.store.Reopen(id, time.Now()))
	answers, _, err := next.store.Answers(id)
	if err != nil || answers["grp_a/a_hh_num"] != record.NewInteger(44) {
		t.Errorf("%v, %v", answers, err)
	}
	if list, err := next.Ports().Agenda.Assignments(); len(list) != 1 || err != nil {
		t.Errorf("households to visit: %v, %v", list, err)
	}
}

// What the courier tells counts interviews, not entries, and not the backups of drafts.
func TestTheCourierCountsInterviews(t *testing.T) {
	c, tablet := newCollector(t), open(t, t.TempDir())
	defer tablet.Close()
	finish(t, tablet)
	finish(t, tablet)
	if err := tablet.Enrol(context.Background(), screen.Invitation{Link: c.invitation.Link(), Name: "Rosa"}); err != nil {
		t.Fatal(err)
	}
	s := follow(t, tablet)(screen.Resting)
	if s.Up != 2 || s.Left != 0 || s.Central != 2 || s.Relayed != 0 {
		t.Errorf("%+v", s)
	}
}
