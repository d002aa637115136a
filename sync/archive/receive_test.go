package archive

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
	"vereda/sync/device"
)

func testQuarantine(t *testing.T, open opener) {
	dir := t.TempDir()
	a := open(t, dir, testOptions())
	publish(t, a, "1", householdForm)
	good, early := revise(t, ana, 1, 1, nil, "head=Rosa"), revise(t, ana, 2, 1, nil, "head=Ines")
	later := ofVersion(t, early, "2")
	newer := record.Entry{Kind: "revision", Body: []byte(`{"v":2,"interview":"x"}`)}
	odd := record.Entry{Kind: "prophecy", Body: []byte(`{"v":1}`)}
	broken := record.Entry{Kind: "revision", Body: []byte(`{"v":1,`)}
	huge := record.Entry{Kind: "revision", Body: []byte(strings.Repeat(" ", record.MaxRevision+1))}
	want(t, receive(t, a, ana, newer, later.Entry(), odd, good.Entry(), broken, huge), `
		quarantined unknown-version
		quarantined unknown-form
		quarantined unknown-kind
		stored
		quarantined not-json
		quarantined too-large`)
	want(t, receive(t, a, ana, later.Entry()), "known")
	want(t, dump(t, a), "#1  v1 by=Ana final=true conflicts=0: head=Rosa")
	want(t, asides(t, a), "revision unknown-version 23\nrevision unknown-form "+fmt.Sprint(len(later.Bytes()))+"\nprophecy unknown-kind 7\nrevision not-json 7\nrevision too-large 4194305")
	kept, err := a.Entry(background, odd.ID())
	want(t, fmt.Sprintln(kept.Kind, string(kept.Body), err), `prophecy {"v":1} <nil>`)

	publish(t, a, "2", householdForm+"note text\n")
	want(t, dump(t, a), "#1  v1 by=Ana final=true conflicts=0: head=Rosa\n#2  v2 by=Ana final=true conflicts=0: head=Ines")
	if n := len(asides(t, a)); n != 4 {
		t.Errorf("%d entries in quarantine, want 4", n)
	}
	wantSound(t, a)
}

// One device cannot make an interview that takes all memory to merge: what is too much is kept, set aside and named.
func testTooManyRevisions(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	var flood []record.Entry
	for n := range maxRevisions + 2 {
		other := person(fmt.Sprint("Nobody ", n), device.Enumerator)
		flood = append(flood, revise(t, other, 1, 1, nil, "age=40").Entry())
	}
	got := receive(t, a, carla, flood...)
	want(t, strings.Join(got[maxRevisions-1:], "\n"), "stored\nquarantined too-many-revisions\nquarantined too-many-revisions")
	want(t, receive(t, a, ana, revise(t, ana, 2, 1, nil, "head=Ines").Entry()), "stored")
	before := asides(t, a)
	wantError(t, a.Reindex(background), nil)
	want(t, strings.Join(asides(t, a), "\n"), strings.Join(before, "\n"))
	s, err := a.Story(background, interviewID(1))
	want(t, fmt.Sprintln(len(s.Steps), len(before), err), fmt.Sprintln(maxRevisions, 2, nil))
	wantSound(t, a)
}

// ofVersion is a revision as another version of the form would have it.
func ofVersion(t *testing.T, r record.Revision, version string) record.Revision {
	b := r.Body
	b.Version = version
	sealed, err := record.Seal(b)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func asides(t *testing.T, a *Archive) (lines []string) {
	t.Helper()
	list, err := a.Quarantine(background)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list {
		lines = append(lines, fmt.Sprint(one.Kind, " ", one.Reason, " ", one.Size))
	}
	return lines
}

func wantSound(t testing.TB, a *Archive) {
	t.Helper()
	findings, err := a.Verify(background)
	if err != nil || len(findings) > 0 {
		t.Errorf("verify: %v %v", findings, err)
	}
}

func testRevoked(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	before, after := revise(t, ana, 1, 1, nil, "head=Rosa"), revise(t, ana, 2, 1, nil, "head=Ines")
	want(t, receive(t, a, ana, before.Entry()), "stored")
	wantError(t, a.Standing(background, ana.ID()), nil)
	if err := a.Revoke(background, ana.ID()); err != nil {
		t.Fatal(err)
	}
	wantError(t, a.Standing(background, ana.ID()), ErrRevoked)
	wantError(t, a.Standing(background, beto.ID()), ErrUnknownDevice)
	want(t, receive(t, a, ana, after.Entry(), before.Entry()), "refused revoked\nrefused revoked")
	want(t, dump(t, a), "#1  v1 by=Ana final=true conflicts=0: head=Rosa")
	_, err := a.Entry(background, after.ID)
	wantError(t, err, ErrNotFound)

	// A revocation that comes from a coordinator counts as well, and before the device was ever heard of.
	want(t, receive(t, a, carla, entry(t, record.KindRevocation, record.Revocation{V: 1, Device: string(beto.ID())})), "stored")
	want(t, receive(t, a, beto, after.Entry()), "refused revoked")
}

func testRole(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	two := entry(t, record.KindForm, formVersion("2", householdForm))
	want(t, receive(t, a, ana, two, entry(t, record.KindRevocation, record.Revocation{V: 1, Device: string(carla.ID())})), "refused role\nrefused role")
	wantError(t, a.Standing(background, carla.ID()), ErrUnknownDevice)
	other := entry(t, record.KindForm, formVersion("1", "head text\n"))
	odd := entry(t, record.KindForm, formVersion("3", "head colour\n"))
	want(t, receive(t, a, carla, two, other, odd), "stored\nquarantined other-content\nquarantined unreadable-form")
	wantError(t, a.Publish(background, formVersion("1", "head text\n")), ErrVersionExists)
	wantError(t, a.Publish(background, formVersion("1", householdForm)), nil)
	renamed := formVersion("1", householdForm)
	renamed.Name = "copy of household.xlsx"
	wantError(t, a.Publish(background, renamed), nil)
	if a.Publish(background, formVersion("3", "head colour\n")) == nil {
		t.Error("a form that cannot run was published")
	}
	versions, err := a.FormVersions(background)
	if err != nil || len(versions) != 2 || versions[1].Version != "2" || string(versions[1].Source) != householdForm {
		t.Error(versions, err)
	}
	title, err := a.Title(background, "household")
	want(t, fmt.Sprintln(title, err), "The form household <nil>")
}

func testFeed(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	feed := func(who string, cursor uint64, n, size int) (uint64, string) {
		claims := ana
		if who == "Beto" {
			claims = beto
		}
		list, next, err := a.Since(background, claims, cursor, n, size)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, e := range list {
			if r, err := record.ParseRevision(e.Body); err == nil {
				lines = append(lines, fmt.Sprintf("%s's revision %d of #%d", r.By, r.N, r.Interview[15]))
			} else {
				lines = append(lines, e.Kind)
			}
		}
		return next, strings.Join(lines, "\n")
	}
	receive(t, a, ana, revise(t, ana, 1, 1, nil, "head=Rosa").Entry(), revise(t, ana, 1, 2, nil, "age=40").Entry(), revise(t, ana, 2, 1, nil, "head=Ines").Entry())
	cursor, text := feed("Beto", 0, 10, 1<<20)
	want(t, text, "form")
	same, text := feed("Beto", cursor, 10, 1<<20)
	want(t, text, "")
	if same != cursor {
		t.Errorf("the cursor moved from %d to %d for nothing", cursor, same)
	}

	// Beto joins an interview: what was there before comes to him, though his cursor could be past it, and all at once.
	receive(t, a, carla, entry(t, record.KindRevocation, record.Revocation{V: 1, Device: "XXXX"}))
	receive(t, a, beto, revise(t, beto, 1, 1, record.Vector{string(ana.ID()): 2}, "age=41").Entry())
	cursor, text = feed("Beto", cursor, 1, 1<<20)
	want(t, text, "revocation")
	cursor, text = feed("Beto", cursor, 1, 1<<20)
	want(t, text, "Ana's revision 1 of #1\nAna's revision 2 of #1")
	receive(t, a, ana, revise(t, ana, 1, 3, nil, "age=42").Entry(), revise(t, ana, 2, 2, nil, "age=42").Entry())
	_, text = feed("Beto", cursor, 10, 1)
	want(t, text, "Ana's revision 3 of #1")
	_, text = feed("Ana", 0, 10, 1<<20)
	want(t, text, "form\nrevocation\nBeto's revision 1 of #1")
	_, text = feed("Ana", 1_000_000, 1, 1<<20) // a cursor of another archive
	want(t, text, "form")

	// What waited in quarantine comes when it is released, wherever the cursor stands.
	receive(t, a, ana, ofVersion(t, revise(t, ana, 1, 4, nil, "age=43"), "2").Entry())
	receive(t, a, beto, revise(t, beto, 3, 1, nil, "head=Ada").Entry())
	receive(t, a, ana, revise(t, ana, 1, 5, nil, "age=44").Entry())
	cursor, _ = feed("Beto", cursor, 10, 1<<20)
	publish(t, a, "2", householdForm)
	_, text = feed("Beto", cursor, 10, 1<<20)
	want(t, text, "form\nAna's revision 4 of #1")
}

// testAnyOrder: the rows depend on the set of entries alone.
func testAnyOrder(t *testing.T, open opener) {
	entries, plain := shuffledWork(t)
	a := open(t, t.TempDir(), testOptions())
	receive(t, a, carla, plain...)
	expected := dump(t, a)
	if strings.Count(expected, "\n") < 4 || !strings.Contains(expected, "conflicts=1") {
		t.Fatalf("the work shows too little:\n%s", expected)
	}
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		a := open(t, dir, testOptions())
		defer a.Close()
		order := rapid.Permutation(append(entries, entries...)).Draw(rt, "order")
		for len(order) > 0 {
			n := rapid.IntRange(1, len(order)).Draw(rt, "batch")
			receive(t, a, carla, order[:n]...)
			order = order[n:]
			if rapid.Bool().Draw(rt, "settle") {
				if err := a.Settle(background); err != nil {
					rt.Fatal(err)
				}
			}
		}
		if got := dump(t, a); got != expected {
			rt.Fatalf("got\n%s\nwant\n%s", got, expected)
		}
		wantSound(t, a)
	})
}

// shuffledWork is some fieldwork: two versions of a form, edits of three people, a conflict, a roster, a newer kind of entry.
func shuffledWork(t *testing.T) (entries, inOrder []record.Entry) {
	anas, betos := string(ana.ID()), string(beto.ID())
	inOrder = []record.Entry{
		entry(t, record.KindForm, formVersion("1", householdForm)),
		entry(t, record.KindForm, formVersion("2", householdForm+"note text\n")),
		revise(t, ana, 1, 1, nil, "head=Rosa", "roster/0001aaaaaa/name=Luis").Entry(),
		revise(t, ana, 1, 2, nil, "age=41").Entry(),
		revise(t, beto, 1, 1, record.Vector{anas: 1}, "age=42", "roster/0001aaaaaa/age=9").Entry(),
		ofVersion(t, revise(t, ana, 2, 1, nil, "head=Ines", "note=x"), "2").Entry(),
		revise(t, carla, 2, 1, record.Vector{anas: 1}, "head=Inés").Entry(),
		revise(t, beto, 3, 1, nil, "head=Ada", "age=30").Entry(),
		revise(t, ana, 3, 1, record.Vector{betos: 1}, "age=31").Entry(),
		{Kind: "verdict", Body: []byte(`{"v":9}`)},
	}
	return inOrder, inOrder
}

func testManyAtOnce(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	const people, each = 8, 10
	var wg sync.WaitGroup
	for p := range people {
		who := person(fmt.Sprintf("person %d", p), ana.Role)
		wg.Go(func() {
			for n := range each {
				r := revise(t, who, p*each+n, 1, nil, "head=x")
				receipts, err := a.Receive(background, batchOf(who, r.Entry()), "network")
				if err != nil || receipts[0].Status != record.Stored {
					t.Error(receipts, err)
				}
				if n == each/2 {
					if _, err := a.Interviews(background, fieldwork.Filter{}); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	n, err := a.Total(background, fieldwork.Filter{Form: "household"})
	want(t, fmt.Sprintln(n, err), fmt.Sprint(people*each, " <nil>"))
	wantSound(t, a)
}
