package archive

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// projectKey is the key of the project of these tests; hubKey is one that does not.
var projectKey, hubKey = keyOf("project"), keyOf("hub")

func keyOf(name string) device.Key {
	seed := bytes.Repeat([]byte{0}, ed25519.SeedSize)
	copy(seed, name)
	k, err := device.NewKey(bytes.NewReader(seed))
	if err != nil {
		panic(err)
	}
	return k
}

// centralOptions are those of the central collector: it seals, acknowledges, and knows the project's key.
func centralOptions() Options {
	o := testOptions()
	claims := device.Claims{Device: hubKey.Public(), Name: "here", Role: device.Collector, Project: "p", From: clock(), Until: clock().AddDate(1, 0, 0)}
	cert, err := device.Issue(projectKey, claims)
	if err != nil {
		panic(err)
	}
	o.Seal = func(entries []record.Entry) (*batch.Batch, error) {
		var b bytes.Buffer
		if _, err := (batch.Sealer{Project: "p", Key: hubKey, Certificate: cert}).Seal(&b, entries, nil); err != nil {
			return nil, err
		}
		return batch.Opener{Project: "p", ProjectKey: projectKey.Public()}.Open(&b)
	}
	o.Receipt = func(b []byte) (device.Receipt, error) { return device.OpenReceipt(b, projectKey.Public()) }
	o.Acknowledge = func(archive string, from device.ID, id record.ID, receipts []record.Receipt) (record.Entry, error) {
		r := device.Receipt{Archive: archive, Device: from, Batch: id.String(), Runs: []device.Run{{Status: string(receipts[0].Status), Count: len(receipts)}}}
		statement, err := device.SignReceipt(projectKey, r)
		return record.Entry{Kind: record.KindReceipt, Body: statement}, err
	}
	return o
}

// said makes an entry of what somebody says.
func said(t testing.TB, body interface{ Entry() (record.Entry, error) }) record.Entry {
	t.Helper()
	e, err := body.Entry()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func says(after ...record.ID) record.Said {
	return record.Said{By: "Carla", Device: string(carla.ID()), At: clock(), After: after}
}

func verdictOn(interview int, d record.Decision, knows record.Vector, after ...record.ID) record.Verdict {
	return record.Verdict{Interview: interviewID(interview), Decision: d, Knows: knows, Said: says(after...)}
}

func assignmentOf(n int, to string, after ...record.ID) record.Assignment {
	return record.Assignment{Assignment: interviewID(n), Form: "household", EA: "07", Household: fmt.Sprint("H", n), Assignee: to, Said: says(after...)}
}

// testSaid: settings and decisions are read as they stand together, own ones and those that came, before and after a reindex.
func testSaid(t *testing.T, open opener) {
	a := open(t, t.TempDir(), centralOptions())
	first := said(t, record.Setting{Name: "photos", Value: []byte(`"any"`), Said: says()})
	wantError(t, a.Put(background, first, first), nil)
	second := said(t, record.Setting{Name: "photos", Value: []byte(`"wifi"`), Said: says(first.ID())})
	beside := said(t, record.Setting{Name: "photos", Value: []byte(`"never"`), Said: says(first.ID())})
	other := said(t, record.Setting{Name: "keep", Value: []byte(`30`), Said: says()})
	same := said(t, record.Duplicate{A: interviewID(1), B: interviewID(2), Decision: record.Same, Said: says()})
	different := said(t, record.Duplicate{A: interviewID(1), B: interviewID(2), Decision: record.Different, Said: says()})
	want(t, receive(t, a, carla, second, other, same), "stored\nstored\nstored")
	read := func() string {
		settings, err := a.Settings(background)
		decisions, err2 := a.Decisions(background)
		text := ""
		for _, s := range settings {
			text += fmt.Sprintln(s.Name, string(s.Value), len(s.Stands), s.Disputed)
		}
		for _, d := range decisions {
			text += fmt.Sprintln(d.Decision, len(d.Said), d.Disputed, errors.Join(err, err2))
		}
		return text
	}
	want(t, read(), "keep 30 1 false\nphotos \"wifi\" 1 false\nsame 1 false <nil>")
	want(t, receive(t, a, carla, beside, different), "stored\nstored")
	got := read()
	if later := max(second.ID().String(), beside.ID().String()); later == second.ID().String() {
		want(t, got, "keep 30 1 false\nphotos \"wifi\" 2 true\nundecided 2 true <nil>")
	} else {
		want(t, got, "keep 30 1 false\nphotos \"never\" 2 true\nundecided 2 true <nil>")
	}
	wantError(t, a.Reindex(background), nil)
	want(t, read(), got)
	wantSound(t, a)
	wantError(t, a.Put(background, record.Entry{Kind: record.KindVerdict, Body: []byte(`{"v":1}`)}), ErrNotTaken)
	if err := a.Put(background, other, record.Entry{Kind: "x", Body: []byte("{}")}); !errors.Is(err, ErrNotTaken) {
		t.Error(err)
	}
	entries, _, err := a.Since(background, ana, 0, 100, 1<<20)
	want(t, fmt.Sprintln(len(entries), err), "4 <nil>") // the settings, and no decision
}

// testWhoMaySay: enumerators' devices send revisions of their own and nothing else.
func testWhoMaySay(t *testing.T, open opener) {
	a := open(t, t.TempDir(), centralOptions())
	publish(t, a, "1", householdForm)
	r := revise(t, ana, 1, 1, nil, "head=Rosa")
	verdict := said(t, verdictOn(1, record.Approved, nil))
	setting := said(t, record.Setting{Name: "x", Value: []byte(`1`), Said: says()})
	assignment := said(t, assignmentOf(1, ""))
	duplicate := said(t, record.Duplicate{A: interviewID(1), B: interviewID(2), Decision: record.Same, Said: says()})
	want(t, receive(t, a, beto, r.Entry(), verdict, setting, assignment, duplicate),
		"refused not-yours\nrefused role\nrefused role\nrefused role\nrefused role")
	want(t, receive(t, a, carla, r.Entry(), verdict, setting, assignment, duplicate), "stored\nstored\nstored\nstored\nstored")
	broken := record.Entry{Kind: record.KindVerdict, Body: []byte(`{"v":2}`)}
	want(t, receive(t, a, carla, broken), "quarantined unknown-version")

	// What another collector has accepted before it heard of a revocation is accepted here, so that both agree in the end.
	wantError(t, a.Revoke(background, ana.ID()), nil)
	late := revise(t, ana, 2, 1, nil, "head=Ines")
	want(t, receive(t, a, ana, late.Entry()), "refused revoked")
	relayed := batchOf(ana, late.Entry())
	relayed.From = "another archive"
	receipts, err := a.Receive(background, relayed, "hub")
	want(t, fmt.Sprintln(receipts[0].Status, err), "stored <nil>")
	wantSound(t, a)
}

// testStates: an interview is returned, corrected, approved, changed; who took part learns every verdict.
func testStates(t *testing.T, open opener) {
	a := open(t, t.TempDir(), centralOptions())
	publish(t, a, "1", householdForm)
	first := revise(t, ana, 1, 1, nil, "head=Rosa")
	anas := string(ana.ID())
	state := func() string {
		list, err := a.Interviews(background, fieldwork.Filter{})
		s, err2 := a.Story(background, interviewID(1))
		if list[0].State != s.State || list[0].Verdict != s.Verdict {
			t.Errorf("the list says %q, the story %q", list[0].State, s.State)
		}
		return fmt.Sprint(s.State, " ", s.Verdict, " ", len(s.Verdicts), errors.Join(err, err2))
	}
	returned := said(t, verdictOn(1, record.Returned, record.Vector{anas: 1}))
	wantError(t, a.Put(background, returned), nil) // before the interview
	receive(t, a, ana, first.Entry())
	want(t, state(), "returned returned 1 <nil>")
	entries, cursor, err := a.Since(background, ana, 0, 10, 1<<20)
	want(t, fmt.Sprintln(len(entries), entries[1].Kind, err), "2 verdict <nil>")

	body := revise(t, ana, 1, 2, nil, "age=30").Body
	body.Verdicts = []record.ID{returned.ID()}
	corrected, err := record.Seal(body)
	wantError(t, err, nil)
	receive(t, a, ana, corrected.Entry())
	want(t, state(), "corrected returned 1 <nil>")
	wantError(t, a.Put(background, said(t, verdictOn(1, record.Approved, record.Vector{anas: 2}, returned.ID()))), nil)
	want(t, state(), "approved approved 2 <nil>")
	only, err := a.Interviews(background, fieldwork.Filter{State: record.StateApproved})
	want(t, fmt.Sprintln(len(only), err), "1 <nil>")
	receive(t, a, beto, revise(t, beto, 1, 1, record.Vector{anas: 1}, "age=31").Entry())
	want(t, state(), "changed approved 2 <nil>")

	entries, _, err = a.Since(background, ana, cursor, 10, 1<<20)
	want(t, fmt.Sprintln(len(entries), entries[0].Kind, entries[1].Kind, err), "2 verdict revision <nil>")
	entries, _, err = a.Since(background, beto, 0, 10, 1<<20)
	want(t, fmt.Sprintln(len(entries), err), "5 <nil>") // the form, two revisions, two verdicts
	wantError(t, a.Reindex(background), nil)
	want(t, state(), "changed approved 2 <nil>")
	again, _, err := a.Since(background, beto, 0, 10, 1<<20)
	want(t, fmt.Sprintln(len(again), err), "5 <nil>")
	wantSound(t, a)
}

// testAssignments: who is given a household gets it; who had it learns that it is gone; a visit is counted.
func testAssignments(t *testing.T, open opener) {
	a := open(t, t.TempDir(), centralOptions())
	publish(t, a, "1", householdForm)
	first := said(t, assignmentOf(1, string(ana.ID())))
	wantError(t, a.Put(background, first, said(t, assignmentOf(2, ""))), nil)
	count := func(who device.Claims, cursor uint64) (int, uint64) {
		entries, next, err := a.Since(background, who, cursor, 100, 1<<20)
		wantError(t, err, nil)
		return len(entries), next
	}
	n, anas := count(ana, 0)
	want(t, n, "2") // the form, the assignment
	_, betos := count(beto, 0)
	moved := said(t, assignmentOf(1, string(beto.ID()), first.ID()))
	want(t, receive(t, a, carla, moved), "stored")
	n, _ = count(ana, anas)
	want(t, n, "1") // that it is beto's now
	n, _ = count(beto, betos)
	want(t, n, "2") // all that was said of it

	list, err := a.Assignments(background, fieldwork.AssignmentFilter{Form: "household", EA: "07"})
	want(t, fmt.Sprintln(len(list), list[0].Household, list[0].Assignee == string(beto.ID()), list[0].Stands[0] == moved.ID(), list[0].Disputed, list[0].Visits, err), "2 H1 true true false 0 <nil>")
	nobodys, err := a.Assignments(background, fieldwork.AssignmentFilter{Assignee: "-"})
	want(t, fmt.Sprintln(len(nobodys), nobodys[0].Household, err), "1 H2 <nil>")

	body := revise(t, beto, 3, 1, nil, "head=Rosa").Body
	body.Assignment = interviewID(1)
	visit, err := record.Seal(body)
	wantError(t, err, nil)
	receive(t, a, beto, visit.Entry())
	one, err := a.Assignment(background, interviewID(1))
	want(t, fmt.Sprintln(one.Visits, one.Done, one.Interview == interviewID(3), err), "1 true true <nil>")
	todo, err := a.Assignments(background, fieldwork.AssignmentFilter{Open: true})
	want(t, fmt.Sprintln(len(todo), todo[0].Household, err), "1 H2 <nil>")

	gone := assignmentOf(2, "")
	gone.Withdrawn, gone.After = true, []record.ID{nobodys[0].Stands[0]}
	wantError(t, a.Put(background, said(t, gone), said(t, assignmentOf(1, string(ana.ID()), first.ID()))), nil)
	list, err = a.Assignments(background, fieldwork.AssignmentFilter{})
	want(t, fmt.Sprintln(len(list), list[0].Disputed, len(list[0].Stands), err), "1 true 2 <nil>")
	_, err = a.Assignment(background, interviewID(9))
	wantError(t, err, ErrNotFound)
	before := fmt.Sprint(list)
	wantError(t, a.Reindex(background), nil)
	list, err = a.Assignments(background, fieldwork.AssignmentFilter{After: uuid.Nil, Limit: 5})
	want(t, fmt.Sprint(list, err), before+" <nil>")
	wantSound(t, a)
}

// testReplacement: the new tablet gets the lost one's interviews, drafts and verdicts; not its receipts; and what others write later.
func testReplacement(t *testing.T, open opener) {
	a := open(t, t.TempDir(), centralOptions())
	publish(t, a, "1", householdForm)
	anas := string(ana.ID())
	wantError(t, a.Enrol(background, ana), nil)
	b := batchOf(ana, revise(t, ana, 1, 1, nil, "head=Rosa").Entry(), revise(t, ana, 2, 1, nil, "head=Ines").Entry())
	_, err := a.Receive(background, b, "file")
	wantError(t, err, nil)
	wantError(t, a.Put(background, said(t, verdictOn(1, record.Returned, record.Vector{anas: 1})), said(t, assignmentOf(1, anas))), nil)

	code := "0000-0000"
	wantError(t, a.InviteFor(background, code, ana.ID(), clock().Add(time.Hour)), nil)
	wantError(t, a.InviteFor(background, "x", beto.ID(), clock()), ErrUnknownDevice)
	role, err := a.Invited(background, code)
	want(t, fmt.Sprintln(role, err), "enumerator <nil>")
	replaces, err := a.Replaced(background, code)
	want(t, fmt.Sprintln(slices.Equal(replaces, []device.ID{ana.ID()}), err), "true <nil>")
	fresh := person("Ana 2", device.Enumerator)
	fresh.Replaces = replaces
	wantError(t, a.Redeem(background, code, fresh), nil)
	entries, cursor, err := a.Since(background, fresh, 0, 100, 1<<20)
	kinds := map[string]int{}
	for _, e := range entries {
		kinds[e.Kind]++
	}
	want(t, fmt.Sprintln(kinds, err), "map[assignment:1 form:1 revision:2 verdict:1] <nil>")
	receive(t, a, fresh, revise(t, fresh, 1, 1, record.Vector{anas: 1}, "age=30").Entry())
	receive(t, a, ana, revise(t, ana, 2, 2, nil, "age=50").Entry()) // it had lain at a hub
	receive(t, a, beto, revise(t, beto, 1, 1, record.Vector{anas: 1}, "age=31").Entry())
	entries, _, err = a.Since(background, fresh, cursor, 100, 1<<20)
	devices := map[string]int{}
	for _, e := range entries {
		if r, err := record.ParseRevision(e.Body); err == nil && r.N+r.After[anas] > 1 {
			devices[r.Device]++
		}
	}
	want(t, fmt.Sprintln(devices[anas], devices[string(beto.ID())], devices[string(fresh.ID())], err), "1 1 0 <nil>")

	// A replacement of the replacement counts as both.
	wantError(t, a.InviteFor(background, "1111-1111", fresh.ID(), clock().Add(time.Hour)), nil)
	replaces, err = a.Replaced(background, "1111-1111")
	want(t, fmt.Sprintln(len(replaces), replaces[1] == ana.ID(), err), "2 true <nil>")
	list, err := a.Devices(background)
	want(t, fmt.Sprintln(list[1].Name, len(list[1].Replaces), err), "Ana 2 1 <nil>")
}

// testReceipts: for what came by a hub or as a file the centre writes a receipt for its device, once; a forged one is refused.
func testReceipts(t *testing.T, open opener) {
	a := open(t, t.TempDir(), centralOptions())
	publish(t, a, "1", householdForm)
	b := batchOf(ana, revise(t, ana, 1, 1, nil, "head=Rosa").Entry())
	waiting := func(who device.Claims) (list []device.Receipt) {
		entries, _, err := a.Since(background, who, 0, 100, 1<<20)
		wantError(t, err, nil)
		for _, e := range entries {
			if e.Kind == record.KindReceipt {
				r, err := device.OpenReceipt(e.Body, projectKey.Public())
				wantError(t, err, nil)
				list = append(list, r)
			}
		}
		return list
	}
	_, err := a.Receive(background, b, "network")
	wantError(t, err, nil)
	want(t, len(waiting(ana)), "0") // the answer says it
	for range 2 {
		_, err = a.Receive(background, b, "hub")
		wantError(t, err, nil)
	}
	got := waiting(ana)
	want(t, fmt.Sprintln(len(got), got[0].Archive == a.ID(), got[0].Batch == b.ID.String(), got[0].Runs), "1 true true [{known 1 }]")
	want(t, len(waiting(beto)), "0")
	relayed := batchOf(person("hub", device.Collector), said(t, record.Setting{Name: "x", Value: []byte("1"), Said: says()}))
	_, err = a.Receive(background, relayed, "hub")
	wantError(t, err, nil)

	forged, err := device.SignReceipt(hubKey, device.Receipt{Archive: a.ID(), Device: ana.ID(), Batch: b.ID.String()})
	wantError(t, err, nil)
	newer := bytes.Replace(forged, []byte(`{"v":1`), []byte(`{"v":2`), 1)
	want(t, receive(t, a, person("hub", device.Collector), record.Entry{Kind: record.KindReceipt, Body: forged}, record.Entry{Kind: record.KindReceipt, Body: newer}),
		"refused forged\nquarantined unreadable")
	want(t, len(waiting(ana)), "1")
	wantError(t, a.Reindex(background), nil)
	want(t, len(waiting(ana)), "1")
	wantSound(t, a)
}

// testShelf: batches go on as they came, in their order, own entries sealed between them, not back to where they came from.
func testShelf(t *testing.T, open opener) {
	a := open(t, t.TempDir(), centralOptions())
	publish(t, a, "1", householdForm)
	ahead := 3 * time.Second
	b := batchOf(ana, revise(t, ana, 1, 1, nil, "head=Rosa").Entry())
	b.Raw, b.From, b.Ahead = []byte("one"), "there", &ahead
	refused := batchOf(ana, said(t, verdictOn(1, record.Approved, nil)))
	refused.Raw = []byte("none of it is taken")
	for _, one := range []*batch.Batch{b, b, refused} {
		_, err := a.Receive(background, one, "hub")
		wantError(t, err, nil)
	}
	list, next, err := a.Batches(background, "", 0, 10, 1<<20)
	want(t, fmt.Sprintln(len(list), next, list[1].Place, string(list[1].Raw), *list[1].Ahead, list[1].ID == b.ID, list[0].Ahead, err), "3 3 2 one 3s true <nil> <nil>")
	opened, err := batch.Opener{Project: "p", ProjectKey: projectKey.Public()}.Open(bytes.NewReader(list[0].Raw))
	want(t, fmt.Sprintln(len(opened.Entries), opened.Entries[0].Kind, err), "1 form <nil>")
	there, next, err := a.Batches(background, "there", 0, 10, 1<<20)
	want(t, fmt.Sprintln(len(there), next, there[1].Place, err), "2 3 3 <nil>")
	some, next, err := a.Batches(background, "", 0, 10, 1)
	want(t, fmt.Sprintln(len(some), next, err), "1 1 <nil>")
	again, _, err := a.Batches(background, "", 99, 10, 1<<20) // of an archive that had more
	want(t, fmt.Sprintln(len(again), err), "3 <nil>")
	waiting, err := a.Waiting(background, "there", 1)
	want(t, fmt.Sprintln(waiting, err), "1 <nil>")
	wantError(t, a.Put(background, said(t, assignmentOf(1, ""))), nil)
	waiting, err = a.Waiting(background, "there", 3)
	want(t, fmt.Sprintln(waiting, err), "1 <nil>")
	list, _, err = a.Batches(background, "", 3, 10, 1<<20)
	want(t, fmt.Sprintln(len(list), list[0].Place, err), "1 4 <nil>")
	wantError(t, a.Reindex(background), nil)
	list, _, err = a.Batches(background, "", 0, 10, 1<<20)
	want(t, fmt.Sprintln(len(list), err), "4 <nil>")
}

// testArchiveID: the ID stays as long as the archive, and a restored one has a greater one.
func testArchiveID(t *testing.T, open opener) {
	dir := t.TempDir()
	a := open(t, dir, testOptions())
	first := a.ID()
	if b := open(t, dir, testOptions()); b.ID() != first || open(t, t.TempDir(), testOptions()).ID() == first {
		t.Error("two archives of one ID, or one of two")
	}
	for range 5 {
		before := a.ID()
		wantError(t, a.Renew(background), nil)
		if a.ID() <= before {
			t.Errorf("%s comes after %s", a.ID(), before)
		}
	}
	id, err := uuid.Parse(a.ID())
	want(t, fmt.Sprintln(id.Version(), err), "VERSION_7 <nil>")
}

// testClocks: what is learnt of a clock is kept where it changed, and corrects the time of what was handed over then.
func testClocks(t *testing.T, open opener) {
	now := clock()
	options := centralOptions()
	options.Now = func() time.Time { return now }
	a := open(t, t.TempDir(), options)
	publish(t, a, "1", householdForm)
	for _, ahead := range []time.Duration{time.Hour, time.Hour + time.Second, 2 * time.Hour, 2 * time.Hour} {
		wantError(t, a.Met(background, ana, now.Add(ahead)), nil)
		now = now.Add(time.Minute)
	}
	now = now.Add(25 * time.Hour)
	wantError(t, a.Met(background, ana, now.Add(2*time.Hour)), nil)
	list, err := a.Clock(background, ana.ID())
	var text []string
	for _, r := range list {
		text = append(text, r.Ahead.String())
	}
	want(t, fmt.Sprintln(text, err), "[1h0m0s 2h0m0s 2h0m0s] <nil>")
	ahead := 2 * time.Hour
	b := batchOf(ana, revise(t, ana, 1, 1, nil, "head=Rosa").Entry())
	b.Ahead = &ahead
	_, err = a.Receive(background, b, "network")
	wantError(t, err, nil)
	receive(t, a, ana, revise(t, ana, 2, 1, nil, "head=Ines").Entry())
	interviews, err := a.Interviews(background, fieldwork.Filter{})
	want(t, fmt.Sprintln(interviews[1].At.Sub(interviews[1].Corrected), interviews[0].Corrected.IsZero(), err), "2h0m0s true <nil>")
	s, err := a.Story(background, interviewID(1))
	want(t, fmt.Sprintln(s.At.Sub(s.Steps[0].Corrected), err), "2h0m0s <nil>")
	wantSound(t, a)
}

// testVerifySaid: what does not follow from the entries is found, and mended by a reindex; a damaged batch is found.
func testVerifySaid(t *testing.T, open opener) {
	a := open(t, t.TempDir(), centralOptions())
	publish(t, a, "1", householdForm)
	b := batchOf(ana, revise(t, ana, 1, 1, nil, "head=Rosa").Entry())
	_, err := a.Receive(background, b, "file")
	wantError(t, err, nil)
	wantError(t, a.Put(background, said(t, verdictOn(1, record.Returned, nil)), said(t, assignmentOf(1, string(ana.ID())))), nil)
	_, _, err = a.Batches(background, "", 0, 1, 1)
	wantError(t, err, nil)
	wantSound(t, a)
	for _, c := range []string{"DELETE FROM said WHERE kind = 'verdict'", "UPDATE assignments SET assignee = 'x'", "DELETE FROM assignments", "DELETE FROM feed",
		"UPDATE interviews SET state = 'approved'", "INSERT INTO said VALUES (999, 'verdict', x'00')"} {
		damage(t, a, c)
		if findings, err := a.Verify(background); len(findings) == 0 || err != nil {
			t.Errorf("%s: nothing found, %v", c, err)
		}
		wantError(t, a.Reindex(background), nil)
		wantSound(t, a)
	}
	damage(t, a, "UPDATE batches SET raw = x'00' WHERE place = 1")
	if findings, err := a.Verify(background); len(findings) != 1 || err != nil {
		t.Errorf("%v, %v", findings, err)
	}
}

func damage(t *testing.T, a *Archive, query string) {
	t.Helper()
	wantError(t, a.write(background, "damage", func(t *tx) error { _, err := t.exec(query); return err }), nil)
}
