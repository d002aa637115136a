package archive

import (
	"fmt"
	"testing"
	"time"

	"vereda/sync/device"
)

func testInvitations(t *testing.T, open opener) {
	now := clock()
	options := testOptions()
	options.Now = func() time.Time { return now }
	a := open(t, t.TempDir(), options)
	const code = "K7M4-P2QX"
	if err := a.Invite(background, code, device.Enumerator, 1, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	role, err := a.Invited(background, code)
	want(t, fmt.Sprintln(role, err), "enumerator <nil>")
	_, err = a.Invited(background, "K7M4-P2QY")
	wantError(t, err, ErrUnknownInvitation)
	var kept int
	err = a.read(background, "look", func(t *tx) error {
		return t.one("SELECT count(*) FROM invitations WHERE hash = $1", []any{[]byte(code)}, &kept)
	})
	want(t, fmt.Sprintln(kept, err), "0 <nil>")

	wantError(t, a.Redeem(background, code, ana), nil)
	wantError(t, a.Standing(background, ana.ID()), nil)
	wantError(t, a.Redeem(background, code, ana), nil) // her reply was lost
	wantError(t, a.Redeem(background, code, beto), ErrInvitationUsed)
	_, err = a.Invited(background, code)
	wantError(t, err, ErrInvitationUsed)
	hers, err := a.Redeemed(background, code, ana.ID())
	his, err2 := a.Redeemed(background, code, beto.ID())
	want(t, fmt.Sprintln(hers, err, his, err2), "true <nil> false <nil>")

	const late = "AAAA-BBBB"
	if err := a.Invite(background, late, device.Coordinator, 5, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := a.Revoke(background, ana.ID()); err != nil {
		t.Fatal(err)
	}
	wantError(t, a.Redeem(background, late, ana), ErrRevoked)
	now = now.Add(2 * time.Hour)
	wantError(t, a.Redeem(background, late, carla), ErrInvitationExpired)
}

func testDevices(t *testing.T, open opener) {
	now := clock()
	options := testOptions()
	options.Now = func() time.Time { return now }
	a := open(t, t.TempDir(), options)
	publish(t, a, "1", householdForm)
	wantError(t, a.Enrol(background, carla), nil)
	receive(t, a, ana, revise(t, ana, 1, 1, nil, "head=Rosa").Entry(), revise(t, ana, 2, 1, nil, "head=Ines").Entry())
	now = now.Add(20 * time.Hour)
	receive(t, a, ana, revise(t, ana, 1, 2, nil, "age=3").Entry(), revise(t, ana, 3, 1, nil, "head=Ada").Entry())
	wantError(t, a.Met(background, ana, now.AddDate(-3, 0, 0)), nil)
	now = now.Add(time.Second)
	wantError(t, a.Met(background, ana, now.Add(90*time.Second)), nil)

	list, err := a.Devices(background)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	her := list[0]
	want(t, fmt.Sprintln(her.Name, her.Role, her.Interviews, her.Clock, her.Seen.Equal(now), her.Enrolled.IsZero(), her.Revoked), "Ana enumerator 3 1m30s true true false")
	want(t, fmt.Sprintln(list[1].Name, list[1].Enrolled.Equal(clock()), list[1].Seen.IsZero()), "Carla true true")
	counts, err := a.Counts(background)
	want(t, fmt.Sprintln(len(counts), counts[0].Day, counts[0].N, counts[1].Day, counts[1].N, err), "2 2026-11-23 2 2026-11-24 1 <nil>")
}

func testPeople(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	_, err := a.User(background, "eva")
	wantError(t, err, ErrNotFound)
	wantError(t, a.PutUser(background, User{"eva", "viewer", "h1"}), nil)
	wantError(t, a.PutUser(background, User{"ada", "administrator", "h2"}), nil)
	wantError(t, a.PutUser(background, User{"eva", "coordinator", "h3"}), nil)
	users, err := a.Users(background)
	want(t, fmt.Sprintln(users, err), "[{ada administrator h2} {eva coordinator h3}] <nil>")
	for i := range 3 {
		wantError(t, a.Note(background, "ada", fmt.Sprintf("act %d", i)), nil)
	}
	log, err := a.Log(background, 0, 2)
	want(t, fmt.Sprintln(len(log), log[0].What, log[1].Who, log[0].At.Equal(clock()), err), "2 act 2 ada true <nil>")
	log, err = a.Log(background, log[1].Seq, 10)
	want(t, fmt.Sprintln(len(log), log[0].What, err), "1 act 0 <nil>")
	value, err := a.Setting(background, "nothing")
	want(t, fmt.Sprintln(value == nil, err), "true <nil>")
}
