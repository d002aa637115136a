package archive

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

func testFormGrows(t *testing.T, open opener) {
	dir := t.TempDir()
	a := open(t, dir, testOptions())
	publish(t, a, "1", householdForm)
	receive(t, a, ana, revise(t, ana, 1, 1, nil, "head=Rosa", "age=40").Entry())
	before := strings.TrimSpace(dump(t, a))

	// A second program publishes a version with a new question, a question of another type, and a new repeat.
	b := open(t, dir, testOptions())
	publish(t, b, "2", "head text\nage text\nnote text\nroster\nroster/name text\nvisits\nvisits/note text\n")
	want(t, dump(t, a), before)
	body := revise(t, ana, 2, 1, nil, "head=Ines", "note=far", "visits/0001aaaaaa/note=first").Body
	body.Version = "2"
	body.Set["age"] = record.NewText("about forty")
	body.Set["head/unasked"] = record.NewText("kept beside")
	r, err := record.Seal(body)
	if err != nil {
		t.Fatal(err)
	}
	want(t, receive(t, a, ana, r.Entry()), "stored")
	want(t, dump(t, a), before+"\n#2  v2 by=Ana final=true conflicts=0: age=about forty head/unasked=kept beside head=Ines note=far")
	for row, err := range b.Rows(background, "household", "visits") {
		want(t, fmt.Sprintln(row.Instance, row.Answers["visits/note"], err), "visits/0001aaaaaa first <nil>")
	}
	wantSound(t, b)
}

// testAnswerBesideItsRepeat holds that an answer to a repeat's question which names no instance is kept beside the columns: it is nobody's row.
func testAnswerBesideItsRepeat(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	publish(t, a, "1", "head text\nroster\nroster/name text\nroster/age integer\nroster/relation text\nroster/devices\nroster/devices/kind text\n")
	receive(t, a, ana, revise(t, ana, 1, 1, nil, "head=Rosa", "roster/relation=aunt", "roster/0001aaaaaa/relation=child").Entry())
	want(t, dump(t, a), "#1  v1 by=Ana final=true conflicts=0: head=Rosa roster/relation=aunt\n#1 roster/0001aaaaaa v1 by=Ana final=true conflicts=0: roster/relation=child")
	wantSound(t, a)
}

func testWideForm(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	var source strings.Builder
	for i := range 2*partColumns + 10 {
		fmt.Fprintf(&source, "q%d text\n", i)
	}
	publish(t, a, "1", source.String())
	publish(t, a, "2", source.String()+"last text\n")
	wide, narrow := revise(t, ana, 1, 1, nil, "q0=a", fmt.Sprintf("q%d=b", partColumns), fmt.Sprintf("q%d=c", 2*partColumns+9)), revise(t, ana, 2, 1, nil, "q1=d")
	receive(t, a, ana, wide.Entry(), narrow.Entry(), ofVersion(t, revise(t, ana, 3, 1, nil, "last=e"), "2").Entry())
	lines := ""
	for row, err := range a.Rows(background, "household", "") {
		lines += fmt.Sprintln(row.Interview[15], len(row.Answers), row.Answers["q0"], row.Answers[record.Path(fmt.Sprintf("q%d", 2*partColumns+9))], row.Answers["q1"], row.Answers["last"], err)
	}
	want(t, lines, "1 3 a c   <nil>\n2 1   d  <nil>\n3 1    e <nil>")
	wantSound(t, a)
}

func testReindex(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	_, work := shuffledWork(t)
	receive(t, a, carla, work[2:]...)
	receive(t, a, carla, work[:2]...)
	report := func() string {
		counts, err := a.Counts(background)
		devices, err2 := a.Devices(background)
		conflicts, err3 := a.Conflicts(background, "")
		list, err4 := a.Interviews(background, fieldwork.Filter{})
		fed, _, err5 := a.Since(background, ana, 0, 100, 1<<20)
		return dump(t, a) + fmt.Sprintln(asides(t, a), counts, devices, conflicts, list, fed, err, err2, err3, err4, err5)
	}
	before := report()
	if err := a.Reindex(background); err != nil {
		t.Fatal(err)
	}
	want(t, report(), before)
	wantSound(t, a)
	receive(t, a, ana, revise(t, ana, 9, 1, nil, "head=Eva").Entry())
	if !strings.Contains(dump(t, a), "head=Eva") {
		t.Error("nothing can be received after a reindex")
	}
}

func testVerify(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	one, two := revise(t, ana, 1, 1, nil, "head=Rosa", "age=40"), revise(t, ana, 2, 1, nil, "head=Ines")
	receive(t, a, ana, one.Entry(), two.Entry())
	wantSound(t, a)
	damage := func(query string, args ...any) {
		if err := a.write(background, "damage", func(t *tx) error { _, err := t.exec(query, args...); return err }); err != nil {
			t.Fatal(err)
		}
	}
	problems := func() string {
		findings, err := a.Verify(background)
		if err != nil {
			t.Fatal(err)
		}
		lines := ""
		for _, f := range findings {
			lines += fmt.Sprintln(strings.Fields(f.Subject)[0], f.Problem)
		}
		return lines
	}
	damage("UPDATE interviews SET name = 'Rita' WHERE name = 'Rosa'")
	want(t, problems(), "interview what is kept of it differs from its revisions")
	damage("UPDATE totals SET n = 3")
	want(t, problems(), "interview what is kept of it differs from its revisions\nform 3 interviews are noted, there are 2")
	if err := a.Reindex(background); err != nil {
		t.Fatal(err)
	}
	wantSound(t, a)
	id := interviewID(2)
	damage("DELETE FROM entries WHERE interview = $1", id[:])
	want(t, problems(), "interview rows without a revision")
	damage("UPDATE entries SET body = $1 WHERE id = $2", []byte("{}"), one.ID[:])
	if text := problems(); !strings.Contains(text, "entry its bytes have changed") {
		t.Error(text)
	}

	// What cannot be read any more does not keep the rest from being read.
	other := interviewID(1)
	damage("INSERT INTO dirty (interview, mark) VALUES ($1, 1000)", other[:])
	receive(t, a, beto, revise(t, beto, 3, 1, nil, "head=Ada").Entry())
	want(t, dump(t, a), "#2  v1 by=Ana final=true conflicts=0: head=Ines\n#3  v1 by=Beto final=true conflicts=0: head=Ada")
}

func testTwoPrograms(t *testing.T, open opener) {
	dir := t.TempDir()
	a := open(t, dir, testOptions())
	b := open(t, dir, testOptions())
	publish(t, a, "1", householdForm)
	want(t, receive(t, b, ana, revise(t, ana, 1, 1, nil, "head=Rosa").Entry()), "stored")
	want(t, receive(t, a, ana, revise(t, ana, 1, 1, nil, "head=Rosa").Entry()), "known")
	want(t, dump(t, a), dump(t, b))
	if err := b.SetSetting(background, "project", []byte("P")); err != nil {
		t.Fatal(err)
	}
	value, err := a.Setting(background, "project")
	want(t, fmt.Sprintln(string(value), err), "P <nil>")
	if err := b.Revoke(background, ana.ID()); err != nil {
		t.Fatal(err)
	}
	want(t, receive(t, a, ana, revise(t, ana, 2, 1, nil, "head=Ines").Entry()), "refused revoked")
	versions, err := b.FormVersions(background)
	want(t, fmt.Sprintln(len(versions), err), "1 <nil>")
	if err := b.Reindex(background); err != nil {
		t.Fatal(err)
	}
	publish(t, b, "2", householdForm+"note text\n")
	want(t, receive(t, a, beto, ofVersion(t, revise(t, beto, 3, 1, nil, "note=x"), "2").Entry()), "stored")
	want(t, dump(t, a), "#1  v1 by=Ana final=true conflicts=0: head=Rosa\n#3  v2 by=Beto final=true conflicts=0: note=x")

	// Programs that merge the same interviews at once do not disturb each other.
	for n := range 20 {
		receive(t, a, beto, revise(t, beto, 10+n, 1, nil, "head=x").Entry())
	}
	done := make(chan error, 1)
	go func() { done <- b.Settle(context.Background()) }()
	if err := a.Settle(background); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	want(t, dump(t, a), dump(t, b))
	wantSound(t, a)
}

func testPages(t *testing.T, open opener) {
	a := open(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	var entries []record.Entry
	for n := range 2*rowsPage + 3 {
		entries = append(entries, revise(t, ana, n, 1, nil, "age=40", fmt.Sprintf("roster/0001aaaaaa/name=n%d", n)).Entry())
	}
	entries = append(entries, revise(t, beto, 5, 2, nil, "age=41").Entry(), revise(t, beto, 5000, 1, nil, "age=41").Entry())
	receive(t, a, carla, entries...)
	rows := 0
	for _, err := range a.Rows(background, "household", "roster") {
		if err != nil {
			t.Fatal(err)
		}
		rows++
	}
	for range a.Rows(background, "household", "") {
		rows++
		break
	}
	want(t, fmt.Sprint(rows), fmt.Sprint(2*rowsPage+4))
	page, err := a.Interviews(background, fieldwork.Filter{Device: string(ana.ID()), Limit: 2})
	next, err2 := a.Interviews(background, fieldwork.Filter{Device: string(ana.ID()), Limit: 1, Behind: page[1].Place()})
	want(t, fmt.Sprintln(page[0].ID == interviewID(2*rowsPage+2), next[0].ID == interviewID(2*rowsPage), err, err2), "true true <nil> <nil>")
	incomplete, err := a.Interviews(background, fieldwork.Filter{Incomplete: true})
	want(t, fmt.Sprintln(len(incomplete), incomplete[0].ID == interviewID(5), err), "1 true <nil>")
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	seen := 0
	for _, err = range a.Rows(ctx, "household", "") {
		seen++
		cancel()
	}
	wantError(t, err, context.Canceled)
	if seen > rowsPage+1 {
		t.Errorf("%d rows after the context ended", seen)
	}
}
