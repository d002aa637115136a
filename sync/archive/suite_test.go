package archive

import (
	"context"
	"fmt"
	"testing"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// Every archive passes these tests; a database that joins later gives its own opener.
func TestSQLite(t *testing.T) { suite(t, openSQLite) }

func suite(t *testing.T, open opener) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, opener)
	}{
		{"an interview comes and is read", testRead},
		{"entries are stored once", testOnce},
		{"a conflict is listed and resolved", testConflict},
		{"what is not understood waits", testQuarantine},
		{"a revoked device", testRevoked},
		{"only coordinators publish", testRole},
		{"the feed of a device", testFeed},
		{"the feed of a device, whatever happens", testFeedLaw},
		{"a form grows", testFormGrows},
		{"a very wide form", testWideForm},
		{"an answer beside its repeat", testAnswerBesideItsRepeat},
		{"settling beside others", testSettlingBesideOthers},
		{"reindex changes nothing", testReindex},
		{"verify finds what was changed", testVerify},
		{"two programs, one database", testTwoPrograms},
		{"invitations", testInvitations},
		{"devices", testDevices},
		{"people and settings", testPeople},
		{"pages", testPages},
		{"what was received last stands first", testReceivedLast},
		{"pages hold every interview once", testPagesLaw},
		{"any order, any grouping", testAnyOrder},
		{"many at once", testManyAtOnce},
		{"more revisions than can be merged", testTooManyRevisions},
		{"what coordinators say", testSaid},
		{"who may say it", testWhoMaySay},
		{"an interview's state", testStates},
		{"assignments go where they belong", testAssignments},
		{"a replacement gets what the lost one had", testReplacement},
		{"the centre's receipts", testReceipts},
		{"the shelf", testShelf},
		{"an archive's name", testArchiveID},
		{"clocks", testClocks},
		{"verify finds what was said and changed", testVerifySaid},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open) })
	}
}

var background = context.Background()

func testRead(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	r := revise(t, ana, 1, 1, nil, "head=Rosa", "age=7", "income=4.50", "uses=mail video", "place=4.5 -74.25 2600 5",
		"roster/0001aaaaaa/name=Luis", "roster/0001aaaaaa/age=12", "roster/0002bbbbbb/name=Sol", "roster/0002bbbbbb/devices/0001cccccc/model=A10")
	want(t, receive(t, a, ana, r.Entry()), "stored")
	want(t, dump(t, a), `
		#1  v1 by=Ana final=true conflicts=0: age=7 head=Rosa income=4.5 place=4.5 -74.25 2600 5 uses=mail video
		#1 roster/0001aaaaaa v1 by=Ana final=true conflicts=0: roster/age=12 roster/name=Luis
		#1 roster/0002bbbbbb v1 by=Ana final=true conflicts=0: roster/name=Sol
		#1 roster/0002bbbbbb/devices/0001cccccc v1 by=Ana final=true conflicts=0: roster/devices/model=A10`)
	s, err := a.Story(background, interviewID(1))
	if err != nil {
		t.Fatal(err)
	}
	want(t, fmt.Sprintln(s.Name, s.By, s.Final, s.Flags, len(s.Steps), s.Steps[0].Via, s.Steps[0].Received.Equal(clock()), s.Merged.Answers["head"]), "Rosa Ana true [{age constraint too young}] 1 network true Rosa")
	_, err = a.Story(background, interviewID(2))
	wantError(t, err, ErrNotFound)
	for _, err := range a.Rows(background, "household", "nowhere") {
		wantError(t, err, ErrNotFound)
	}
}

func testOnce(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	one, two := revise(t, ana, 1, 1, nil, "head=Rosa"), revise(t, ana, 2, 1, nil, "head=Ines")
	want(t, receive(t, a, ana, one.Entry(), one.Entry()), "stored\nknown")
	want(t, receive(t, a, beto, two.Entry()), "refused not-yours")
	want(t, receive(t, a, carla, two.Entry(), one.Entry()), "stored\nknown")
	n, err := a.Total(background, fieldwork.Filter{})
	want(t, fmt.Sprintln(n, err), "2 <nil>")
}

func testConflict(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	first := revise(t, ana, 1, 1, nil, "head=Rosa", "age=40")
	anas := revise(t, ana, 1, 2, nil, "age=41")
	betos := revise(t, beto, 1, 1, record.Vector{string(ana.ID()): 1}, "age=42")
	receive(t, a, ana, first.Entry(), anas.Entry(), revise(t, ana, 2, 1, nil, "head=Ines").Entry())
	receive(t, a, beto, betos.Entry())
	list, err := a.Conflicts(background, "household")
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	c := list[0]
	want(t, fmt.Sprintln(c.Interview == interviewID(1), c.Name, c.Path, len(c.Candidates), c.Candidates[0].Value.Kind() == record.Integer), "true Rosa age 2 true")
	only, _ := a.Interviews(background, fieldwork.Filter{Conflicts: true})
	want(t, fmt.Sprintln(len(only), only[0].Conflicts, only[0].Name), "1 1 Rosa")

	resolution := revise(t, carla, 1, 1, record.Vector{string(ana.ID()): 2, string(beto.ID()): 1}, "age=42")
	receive(t, a, carla, resolution.Entry())
	list, err = a.Conflicts(background, "")
	want(t, fmt.Sprintln(len(list), err), "0 <nil>")
	want(t, dump(t, a), `
		#1  v1 by=Ana final=true conflicts=0: age=42 head=Rosa
		#2  v1 by=Ana final=true conflicts=0: head=Ines`)
}
