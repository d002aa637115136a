package store

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

func said(t *testing.T, e record.Entry, err error) record.Entry {
	t.Helper()
	must(t, err)
	return e
}

func accept(t *testing.T, s *Store, entries ...record.Entry) {
	t.Helper()
	must(t, s.Accept(entries, "C", 1))
}

func stateOf(t *testing.T, s *Store, id uuid.UUID) State {
	t.Helper()
	i, err := s.Interview(id)
	must(t, err)
	return i.State
}

func verdict(t *testing.T, id uuid.UUID, knows record.Vector, decision record.Decision, comments []record.Comment, after ...record.ID) record.Entry {
	t.Helper()
	e, err := record.Verdict{Interview: id, Knows: knows, Decision: decision, Comments: comments, Said: record.Said{By: "Inés", Device: "K", At: noon, After: after}}.Entry()
	return said(t, e, err)
}

func TestAReturnedInterviewIsCorrectedInKnowledgeOfTheVerdict(t *testing.T) {
	s, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"age": record.NewInteger(140), "name": record.NewText("Ana")})
	r := finalize(t, s, id, "A", true)
	must(t, s.Settle(central(r, record.Stored, "")))
	back := verdict(t, id, record.Vector{"A": 1}, record.Returned, []record.Comment{{Path: "age", Text: "140 años?"}})
	accept(t, s, back)
	accept(t, s, back) // twice changes nothing
	if got := stateOf(t, s, id); got != Returned {
		t.Fatalf("it is %s", got)
	}
	open, err := s.Returned(id)
	must(t, err)
	if len(open) != 1 || open[0].Comments[0].Text != "140 años?" {
		t.Fatalf("%+v", open)
	}

	must(t, s.Reopen(id, noon))
	if open, _ := s.Returned(id); len(open) != 1 {
		t.Fatal("while it is corrected the comments are gone")
	}
	must(t, s.Keep(id, Changes{Set: record.Answers{"age": record.NewInteger(41)}, At: noon}))
	if n, err := s.Back(Author{"A", "Ana", noon}, false); n != 1 || err != nil {
		t.Fatalf("%d backups: %v", n, err)
	}
	if open, _ := s.Returned(id); len(open) != 1 {
		t.Fatal("a backup is no answer")
	}
	again := finalize(t, s, id, "A", true)
	if !slices.Equal(again.Verdicts, []record.ID{back.ID()}) {
		t.Fatalf("%s", again.Bytes())
	}
	if got := stateOf(t, s, id); got != Finalized {
		t.Fatalf("corrected it is %s", got)
	}
	must(t, s.Settle(central(again, record.Stored, "")))
	if got := stateOf(t, s, id); got != Sent {
		t.Fatalf("sent it is %s", got)
	}
	accept(t, s, verdict(t, id, record.Vector{"A": 3}, record.Approved, nil, back.ID()))
	if got := stateOf(t, s, id); got != Approved {
		t.Fatalf("approved it is %s", got)
	}
}

// Of a draft all answers of people count that it holds; of a finished interview those that its revisions come to, whoever wrote them: before it is corrected
// and after.
func TestAnswersAreCountedOneWay(t *testing.T) {
	s, _ := fresh(t)
	count := func(want int) {
		t.Helper()
		if i, err := s.Interview(interviewID(1)); err != nil || i.Answered != want {
			t.Errorf("%s: %d answers, want %d, %v", i.State, i.Answered, want, err)
		}
	}
	id := begin(t, s, 1, record.Answers{"keeps": record.NewText("no"), "cows": record.NewInteger(12), "owner": record.NewText("Ana")})
	must(t, s.Keep(id, Changes{Set: record.Answers{"sum": record.NewInteger(1)}, Derived: map[record.Path]bool{"sum": true}, At: noon}))
	count(3)
	answers, derived, err := s.Answers(id)
	must(t, err)
	delete(answers, "cows") // not asked any more: no revision has it
	body, err := s.Compose(id, Author{"A", "Ana", noon}, answers, derived, true)
	must(t, err)
	r, err := record.Seal(body)
	must(t, err)
	must(t, s.Finalize(r))
	count(2)
	must(t, s.Settle(central(r, record.Stored, "")))
	count(2)
	must(t, s.Reopen(id, noon))
	count(2)
	body = record.Body{Interview: id, Form: "household", Version: "1", Device: "B", N: 1, After: record.Vector{"A": 1}, At: noon, Final: true, Set: record.Answers{"phone": record.NewText("300")}}
	other, err := record.Seal(body)
	must(t, err)
	accept(t, s, other.Entry()) // of somebody else, while it is corrected
	count(2)
	finalize(t, s, id, "A", true)
	count(3)
}

// A verdict that comes while the draft is open was not seen by its author, unless the screen says so.
func TestAVerdictNobodySawIsNotAnswered(t *testing.T) {
	s, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"age": record.NewInteger(140)})
	must(t, s.Settle(central(finalize(t, s, id, "A", true), record.Stored, "")))
	must(t, s.Reopen(id, noon))
	back := verdict(t, id, record.Vector{"A": 1}, record.Returned, nil)
	accept(t, s, back)
	must(t, s.Settle(central(finalize(t, s, id, "A", true), record.Stored, "")))
	if got := stateOf(t, s, id); got != Returned {
		t.Fatalf("it is %s", got)
	}
	must(t, s.Reopen(id, noon))
	must(t, s.Heed(id))
	if r := finalize(t, s, id, "A", true); !slices.Contains(r.Verdicts, back.ID()) {
		t.Fatalf("%s", r.Bytes())
	}
	if err := s.Heed(id); !errors.Is(err, ErrNotDraft) {
		t.Fatal(err)
	}
}

// An approval says nothing about what it did not know; of two verdicts given apart, the one that returns counts.
func TestVerdictsCountAsTheyStand(t *testing.T) {
	s, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"q": record.NewInteger(1)})
	must(t, s.Settle(central(finalize(t, s, id, "A", true), record.Stored, "")))
	yes := verdict(t, id, record.Vector{"A": 1}, record.Approved, nil)
	accept(t, s, yes)
	if got := stateOf(t, s, id); got != Approved {
		t.Fatalf("it is %s", got)
	}
	must(t, s.Reopen(id, noon))
	must(t, s.Keep(id, Changes{Set: record.Answers{"q": record.NewInteger(2)}, At: noon}))
	must(t, s.Settle(central(finalize(t, s, id, "A", true), record.Stored, "")))
	if got := stateOf(t, s, id); got != Sent {
		t.Fatalf("changed since it is %s", got)
	}
	no := verdict(t, id, record.Vector{"A": 2}, record.Returned, nil)
	accept(t, s, no)
	if got := stateOf(t, s, id); got != Returned {
		t.Fatalf("it is %s", got)
	}
}

func TestAssignmentsAndTheirVisits(t *testing.T) {
	s, _ := fresh(t)
	one, two, gone := uuid.UUID{1}, uuid.UUID{2}, uuid.UUID{3}
	assign := func(id uuid.UUID, change func(*record.Assignment), after ...record.ID) record.Entry {
		a := record.Assignment{Assignment: id, Form: "household", EA: "0101", Household: "7", Assignee: "A", Said: record.Said{By: "Inés", Device: "K", At: noon, After: after}}
		change(&a)
		e, err := a.Entry()
		return said(t, e, err)
	}
	first := assign(one, func(a *record.Assignment) { a.Due = "2026-11-30" })
	later := assign(one, func(a *record.Assignment) { a.Due, a.Note = "2026-12-15", "perro bravo" }, first.ID())
	accept(t, s, later, first, assign(two, func(a *record.Assignment) { a.Call = noon.Add(24 * time.Hour) }), assign(gone, func(a *record.Assignment) { a.Withdrawn = true }))
	list, err := s.Assignments()
	must(t, err)
	if len(list) != 2 || list[0].Assignment.Assignment != two || list[1].Note != "perro bravo" || list[1].Disputed {
		t.Fatalf("%+v", list)
	}

	id := interviewID(1)
	must(t, s.Begin(Interview{ID: id, Form: "household", Version: "1", Created: noon, Assignment: two}))
	must(t, s.Keep(id, Changes{Set: record.Answers{"q": record.NewInteger(1)}, At: noon}))
	r := finalize(t, s, id, "A", true)
	if r.Assignment != two {
		t.Fatalf("%s", r.Bytes())
	}
	if list, _ = s.Assignments(); len(list[0].Visits) != 1 || list[0].Visits[0].ID != id {
		t.Fatalf("%+v", list)
	}
	other, _ := fresh(t)
	accept(t, other, r.Entry())
	if i, _ := other.Interview(id); i.Assignment != two {
		t.Fatalf("%+v", i)
	}
}

// A lost tablet costs what was answered since its last backup: the one that replaces it goes on with the draft.
func TestAReplacementGoesOnWithTheDraftOfALostTablet(t *testing.T) {
	lost, _ := fresh(t)
	id := begin(t, lost, 1, record.Answers{"name": record.NewText("Ana"), "age": record.NewInteger(41)})
	must(t, lost.Keep(id, Changes{Set: record.Answers{"adult": record.NewInteger(1)}, Derived: map[record.Path]bool{"adult": true}, At: noon}))
	if n, err := lost.Back(Author{"A", "Ana", noon}, false); n != 1 || err != nil {
		t.Fatalf("%d backups: %v", n, err)
	}
	if n, _ := lost.Back(Author{"A", "Ana", noon}, false); n != 0 {
		t.Fatal("nothing changed, and there is another backup")
	}
	must(t, lost.Keep(id, Changes{Set: record.Answers{"age": record.NewInteger(42)}, At: noon}))
	if n, _ := lost.Back(Author{"A", "Ana", noon}, false); n != 0 {
		t.Fatal("a backup was made while nobody has the one before it")
	}
	pending, err := lost.Pending("", 10, 1<<20)
	must(t, err)
	backup, err := record.ParseRevision(pending[0].Body)
	must(t, err)
	must(t, lost.Settle(central(backup, record.Stored, "")))
	if n, _ := lost.Back(Author{"A", "Ana", noon}, false); n != 1 {
		t.Fatal("the one before it arrived, and there is no new backup")
	}
	next, err := lost.Pending("", 10, 1<<20)
	must(t, err)

	s, _ := fresh(t)
	accept(t, s, pending[0], next[0])
	i, err := s.Interview(id)
	must(t, err)
	if i.State != Handed || i.Answered != 2 {
		t.Fatalf("%+v", i)
	}
	must(t, s.Reopen(id, noon))
	answers, derived, err := s.Answers(id)
	must(t, err)
	want := record.Answers{"name": record.NewText("Ana"), "age": record.NewInteger(42), "adult": record.NewInteger(1)}
	if !maps.Equal(answers, want) || !derived["adult"] {
		t.Fatalf("%v %v", answers, derived)
	}
	r := finalize(t, s, id, "B", true)
	if r.N != 1 || r.After["A"] != 2 || len(r.Set)+len(r.Derived) != 0 {
		t.Fatalf("%s", r.Bytes())
	}
}

// An answer may be given between composing and finalizing, and a backup be made: the finished interview has what it was finished with.
func TestABackupBetweenComposingAndFinalizingIsNoticed(t *testing.T) {
	s, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"q": record.NewInteger(1)})
	answers, derived, err := s.Answers(id)
	must(t, err)
	body, err := s.Compose(id, Author{"A", "", noon}, answers, derived, true)
	must(t, err)
	if n, err := s.Back(Author{"A", "", noon}, false); n != 1 || err != nil {
		t.Fatalf("%d: %v", n, err)
	}
	r, err := record.Seal(body)
	must(t, err)
	if err := s.Finalize(r); !errors.Is(err, ErrStale) {
		t.Fatal(err)
	}
	if r := finalize(t, s, id, "A", true); r.N != 2 || !r.Final {
		t.Fatalf("%s", r.Bytes())
	}
}

func TestADiscardedDraftDisappearsAndItsBackupStays(t *testing.T) {
	s, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"q": record.NewInteger(1)})
	if _, err := s.Back(Author{"A", "", noon}, false); err != nil {
		t.Fatal(err)
	}
	must(t, s.Discard(id))
	list, err := s.Interviews()
	must(t, err)
	if n, _ := s.Left(); len(list) != 0 || n != 1 {
		t.Fatalf("%d interviews, %d entries", len(list), n)
	}
	if err := s.Keep(id, Changes{}); !errors.Is(err, ErrNotDraft) {
		t.Fatal(err)
	}
}

func TestForgetKeepsWhatMayBeNeeded(t *testing.T) {
	s, _ := fresh(t)
	sent := begin(t, s, 1, record.Answers{"q": record.NewInteger(1)})
	r := finalize(t, s, sent, "A", true)
	must(t, s.Settle(central(r, record.Stored, "")))
	waiting := begin(t, s, 2, record.Answers{"q": record.NewInteger(1)})
	finalize(t, s, waiting, "A", true)
	relayed := begin(t, s, 3, record.Answers{"q": record.NewInteger(1)})
	hub := central(finalize(t, s, relayed, "A", true), record.Stored, "")
	hub.Archive, hub.Central = "H", false
	must(t, s.Settle(hub))
	draft := begin(t, s, 4, record.Answers{"q": record.NewInteger(1)})
	returned := begin(t, s, 5, record.Answers{"q": record.NewInteger(1)})
	must(t, s.Settle(central(finalize(t, s, returned, "A", true), record.Stored, "")))
	accept(t, s, verdict(t, returned, record.Vector{"A": 1}, record.Returned, nil))

	if n, err := s.Forget(noon.AddDate(0, 0, KeepDays)); n != 0 || err != nil {
		t.Fatalf("%d: %v", n, err)
	}
	if n, err := s.Forget(noon.AddDate(0, 0, KeepDays+1)); n != 1 || err != nil {
		t.Fatalf("%d: %v", n, err)
	}
	if _, err := s.Interview(sent); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	for _, id := range []uuid.UUID{waiting, relayed, draft, returned} {
		if _, err := s.Interview(id); err != nil {
			t.Fatalf("%v: %v", id, err)
		}
	}
	if n, _ := s.Left(); n != 2 {
		t.Fatalf("%d left", n)
	}

	// A verdict about what was forgotten brings it back, and a correction follows what is not here any more.
	accept(t, s, verdict(t, sent, record.Vector{"A": 1}, record.Returned, nil))
	if got := stateOf(t, s, sent); got != Returned {
		t.Fatalf("it is %s", got)
	}
	must(t, s.Reopen(sent, noon))
	must(t, s.Keep(sent, Changes{Set: record.Answers{"q": record.NewInteger(2)}, At: noon}))
	if r := finalize(t, s, sent, "A", true); r.N != 2 || r.After["A"] != 1 {
		t.Fatalf("%s", r.Bytes())
	}
}

// A photo goes with its interview, and only when the central collector has it whole.
func TestPhotosAreForgottenWhenTheCentreHasThem(t *testing.T) {
	s, _ := fresh(t)
	photo, err := s.PutMedia("image/jpeg", strings.NewReader("a photo"))
	must(t, err)
	name, err := record.New(record.File, photo.FileName())
	must(t, err)
	id := begin(t, s, 1, record.Answers{"photo": name})
	r := finalize(t, s, id, "A", true)
	hub := central(r, record.Stored, "")
	hub.Archive, hub.Central = "B", false
	must(t, s.Settle(hub))
	covers := func(files ...record.ID) record.Coverage {
		return record.Coverage{Archive: "C", Device: "A", Batch: r.ID, Receipts: []record.Receipt{{Status: record.Stored}}, Media: files, At: noon}
	}
	must(t, s.Covered(covers()))
	late := noon.AddDate(1, 0, 0)
	if n, err := s.Forget(late); n != 0 || err != nil {
		t.Fatalf("%d: %v", n, err)
	}
	must(t, s.Covered(covers(photo.SHA256)))
	if n, err := s.Forget(late); n != 1 || err != nil {
		t.Fatalf("%d: %v", n, err)
	}
	if _, err := s.Media(photo.SHA256); !errors.Is(err, ErrNotFound) || chunkCount(t, s) != 0 {
		t.Fatalf("%v, %d chunks", err, chunkCount(t, s))
	}
}

func TestTheProjectSaysHowLongATabletKeeps(t *testing.T) {
	s, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"q": record.NewInteger(1)})
	must(t, s.Settle(central(finalize(t, s, id, "A", true), record.Stored, "")))
	if _, err := s.ProjectSetting("keep"); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	e, err := record.Setting{Name: "keep", Value: []byte("2"), Said: record.Said{Device: "K", At: noon}}.Entry()
	accept(t, s, said(t, e, err))
	if n, err := s.Forget(noon.AddDate(0, 0, 3)); n != 1 || err != nil {
		t.Fatalf("%d: %v", n, err)
	}
	if i, err := s.Interviews(); len(i) != 0 || err != nil {
		t.Fatalf("%v %v", i, err)
	}
}
