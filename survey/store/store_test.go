package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"vereda/survey/record"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", -5*3600))

// interviewID returns the nth interview's ID, in the order of UUIDv7.
func interviewID(n int) uuid.UUID {
	return uuid.UUID{0x01, 0x9d, 0, 0, byte(n >> 8), byte(n), 0x70, 0, 0x80}
}

func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := opened(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func fresh(t testing.TB) (*Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vereda.db")
	return open(t, path), path
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func begin(t testing.TB, s *Store, n int, answers record.Answers) uuid.UUID {
	t.Helper()
	id := interviewID(n)
	must(t, s.Begin(Interview{ID: id, Form: "household", Version: "1", Created: noon}))
	must(t, s.Keep(id, Changes{Set: answers, At: noon}))
	return id
}

// finalize composes, seals and finalizes what the draft holds.
func finalize(t testing.TB, s *Store, id uuid.UUID, device string, final bool) record.Revision {
	t.Helper()
	answers, derived, err := s.Answers(id)
	must(t, err)
	body, err := s.Compose(id, Author{device, "Ana", noon}, answers, derived, final)
	must(t, err)
	r, err := record.Seal(body)
	must(t, err)
	must(t, s.Finalize(r))
	return r
}

// central is what the project's centre, archive "C", answers for one revision.
func central(r record.Revision, status record.Status, reason string) record.Settlement {
	return record.Settlement{Archive: "C", Name: "Central", Device: r.Device, Batch: r.ID, Central: true, At: noon,
		Receipts: []record.Receipt{{Entry: r.ID, Status: status, Reason: reason}}}
}

func TestTheWayOfAnInterview(t *testing.T) {
	s, path := fresh(t)
	const member = record.Path("roster/0001abc")
	id := begin(t, s, 1, record.Answers{"name": record.NewText("Ana"), member: record.Exists(), member + "/age": record.NewInteger(7)})
	must(t, s.Keep(id, Changes{Set: record.Answers{"total": record.NewInteger(1)}, Derived: map[record.Path]bool{"total": true}, At: noon.Add(time.Minute)}))
	must(t, s.Note(Interview{ID: id, Name: "Ana P.", Language: "Español (es)", At: "roster", Changed: noon.Add(time.Hour)}))

	must(t, s.Close()) // the app is closed at any moment
	s = open(t, path)
	i, err := s.Interview(id)
	must(t, err)
	if i.Name != "Ana P." || i.Language != "Español (es)" || i.At != "roster" || i.State != Draft || i.Answered != 2 || !i.Changed.Equal(noon.Add(time.Hour)) {
		t.Fatalf("%+v", i)
	}

	r := finalize(t, s, id, "TABLET-A", true)
	if r.N != 1 || len(r.Set) != 3 || len(r.Derived) != 1 || r.After != nil {
		t.Fatalf("%s", r.Bytes())
	}
	if _, _, err := s.Answers(id); !errors.Is(err, ErrNotDraft) {
		t.Fatalf("a closed draft: %v", err)
	}
	if err := s.Keep(id, Changes{}); !errors.Is(err, ErrNotDraft) {
		t.Fatalf("a closed draft: %v", err)
	}
	must(t, s.Finalize(r)) // once more changes nothing
	pending, err := s.Pending("", 10, 1<<20)
	must(t, err)
	if len(pending) != 1 || pending[0].ID() != r.ID || pending[0].Kind != record.KindRevision {
		t.Fatalf("%v", pending)
	}
	answer := central(r, record.Stored, "")
	answer.Receipts = append(answer.Receipts, record.Receipt{Entry: record.ID{1}, Status: record.Stored})
	must(t, s.Settle(answer))
	if n, err := s.Waiting(""); n != 0 || err != nil {
		t.Fatalf("%d %v", n, err)
	}
	if i, _ := s.Interview(id); i.State != Sent {
		t.Fatalf("%+v", i)
	}

	must(t, s.Reopen(id, noon.Add(2*time.Hour)))
	must(t, s.Keep(id, Changes{Set: record.Answers{"name": record.NewText("Ana María")}, Unset: []record.Path{member}}))
	again := finalize(t, s, id, "TABLET-A", true)
	if again.N != 2 || !maps.Equal(again.Set, record.Answers{"name": record.NewText("Ana María")}) || !slices.Equal(again.Unset, []record.Path{member}) || again.Derived != nil {
		t.Fatalf("only what differs: %s", again.Bytes())
	}
	h, err := s.History(id)
	must(t, err)
	want := record.Answers{"name": record.NewText("Ana María"), "total": record.NewInteger(1)}
	if m := h.Merge(); !maps.Equal(m.Answers, want) || !m.Derived["total"] {
		t.Fatalf("%+v", m)
	}
}

func TestARefusedEntryStaysVisibleAndCanBeSentAgain(t *testing.T) {
	s, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"q": record.NewInteger(1)})
	r := finalize(t, s, id, "A", true)
	must(t, s.Settle(central(r, record.Refused, "revoked")))
	i, err := s.Interview(id)
	must(t, err)
	if n, _ := s.Waiting(""); n != 0 || i.State != Refused || i.Reason != "revoked" {
		t.Fatalf("%d %+v", n, i)
	}
	must(t, s.Requeue(id))
	i, _ = s.Interview(id)
	if n, _ := s.Waiting(""); n != 1 || i.State != Finalized || i.Reason != "" {
		t.Fatalf("%d %+v", n, i)
	}
	must(t, s.Settle(central(r, record.Known, "")))
	if i, _ = s.Interview(id); i.State != Sent {
		t.Fatalf("%+v", i)
	}
}

func TestABackupLeavesTheDraftOpen(t *testing.T) {
	s, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"q": record.NewInteger(1)})
	first := finalize(t, s, id, "A", false)
	must(t, s.Keep(id, Changes{Set: record.Answers{"p": record.NewInteger(2)}}))
	second := finalize(t, s, id, "A", true)
	if first.Final || !second.Final || second.After["A"] != 1 || !maps.Equal(second.Set, record.Answers{"p": record.NewInteger(2)}) {
		t.Fatalf("%s\n%s", first.Bytes(), second.Bytes())
	}
	pending, err := s.Pending("", 10, 1<<20)
	must(t, err)
	if len(pending) != 2 || pending[0].ID() != first.ID || pending[1].ID() != second.ID {
		t.Fatal("the outbox is not in the order of finalizing")
	}
	if one, _ := s.Pending("", 10, 1); len(one) != 1 {
		t.Fatalf("%d entries in one byte", len(one))
	}
	must(t, s.Settle(central(first, record.Stored, "")))
	if i, _ := s.Interview(id); i.State != Finalized {
		t.Fatalf("one of two is sent: %+v", i)
	}
}

// What came while the draft was open is not known to its author: it must end as a conflict, not overwritten.
func TestComposeDoesNotClaimToKnowWhatCameMeanwhile(t *testing.T) {
	s, _ := fresh(t)
	other, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"q": record.NewInteger(1)})
	first := finalize(t, s, id, "A", true)
	must(t, other.Accept([]record.Entry{first.Entry()}, "C", 1))
	if i, err := other.Interview(id); err != nil || i.State != Sent || i.Form != "household" || i.Answered != 1 {
		t.Fatalf("%+v %v", i, err)
	}
	for _, tablet := range []*Store{s, other} {
		must(t, tablet.Reopen(id, noon))
	}
	must(t, s.Keep(id, Changes{Set: record.Answers{"q": record.NewInteger(2)}}))
	must(t, other.Keep(id, Changes{Set: record.Answers{"q": record.NewInteger(3)}}))
	theirs := finalize(t, other, id, "B", true)
	must(t, s.Accept([]record.Entry{theirs.Entry()}, "C", 2))
	if answers, _, _ := s.Answers(id); answers["q"] != record.NewInteger(2) {
		t.Fatal("an open draft was changed from outside")
	}
	ours := finalize(t, s, id, "A", true)
	if ours.After.Covers(theirs.Dot()) {
		t.Fatalf("%s", ours.Bytes())
	}
	h, err := s.History(id)
	must(t, err)
	if m := h.Merge(); len(m.Conflicts) != 1 {
		t.Fatalf("%+v", m)
	}
}

func TestFinalizeRefusesASecondRevisionOfOnePlace(t *testing.T) {
	s, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"q": record.NewInteger(1)})
	stale, err := s.Compose(id, Author{"A", "", noon}, record.Answers{"q": record.NewInteger(9)}, nil, true)
	must(t, err)
	finalize(t, s, id, "A", false)
	r, err := record.Seal(stale)
	must(t, err)
	if err := s.Finalize(r); !errors.Is(err, ErrStale) {
		t.Fatalf("%v", err)
	}
}

func TestAcceptSetsAsideWhatItDoesNotUnderstand(t *testing.T) {
	s, _ := fresh(t)
	form := `{"v":1,"form":"f","version":"2","name":"f.xlsx","source":"UEs="}`
	entries := []record.Entry{
		{Kind: record.KindForm, Body: []byte(form)},
		{Kind: record.KindForm, Body: []byte(`{"v":1,"form":"f","version":"2","name":"f.xlsx","source":"AAAA"}`)}, // other bytes
		{Kind: record.KindForm, Body: []byte(`{"v":2}`)},
		{Kind: record.KindRevision, Body: []byte(`{"v":2}`)},
		{Kind: "verdict", Body: []byte(`{"v":1}`)},
		{Kind: record.KindRevocation, Body: []byte(`{"v":1,"device":"B"}`)},
	}
	must(t, s.Accept(entries, "C", 17))
	must(t, s.Accept(entries, "C", 18))
	aside, err := s.Aside()
	must(t, err)
	if len(aside) != 4 || aside[3].Kind != "verdict" || !bytes.Equal(aside[3].Body, entries[4].Body) {
		t.Fatalf("%v", aside)
	}
	f, err := s.Form("f", "2")
	if err != nil || string(f.Source) != "PK" || f.Name != "f.xlsx" {
		t.Fatalf("%+v %v", f, err)
	}
	if c, err := s.Cursors(); c["C"] != 18 || len(c) != 1 || err != nil {
		t.Fatalf("%v %v", c, err)
	}
	if revoked, err := s.Revoked(); !slices.Equal(revoked, []string{"B"}) || err != nil {
		t.Fatalf("%v %v", revoked, err)
	}
}

func TestForms(t *testing.T) {
	s, _ := fresh(t)
	for _, v := range []string{"10", "9"} { // versions stand in the order of arrival
		must(t, s.PutForm(record.FormVersion{V: 1, Form: "b", Version: v, Name: "b.xlsx", Source: []byte(v)}))
	}
	must(t, s.PutForm(record.FormVersion{V: 1, Form: "a", Version: "1", Name: "a.xlsx", Source: []byte("x")}))
	must(t, s.PutForm(record.FormVersion{V: 1, Form: "b", Version: "10", Name: "b.xlsx", Source: []byte("10")}))
	if err := s.PutForm(record.FormVersion{V: 1, Form: "a", Version: "1", Source: []byte("y")}); !errors.Is(err, ErrFormDiffers) {
		t.Fatal(err)
	}
	forms, err := s.Forms()
	must(t, err)
	var got []string
	for _, f := range forms {
		got = append(got, f.Form+f.Version)
	}
	if !slices.Equal(got, []string{"a1", "b10", "b9"}) {
		t.Fatal(got)
	}
	if _, err := s.Form("a", "2"); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
}

func TestMediaIsKeptOnceAndSweptWhenHalfTaken(t *testing.T) {
	s, path := fresh(t)
	photo := make([]byte, 3*chunkSize*chunksInOne+12345)
	newRandom(t).Read(photo)
	m, err := s.PutMedia("image/jpeg", bytes.NewReader(photo))
	must(t, err)
	again, err := s.PutMedia("image/jpeg", bytes.NewReader(photo))
	if err != nil || again != m || m.Size != int64(len(photo)) {
		t.Fatalf("%+v %+v %v", m, again, err)
	}
	if id, ok := record.FileID(m.FileName()); !ok || id != m.SHA256 {
		t.Fatal(m.FileName())
	}
	broken := io.MultiReader(bytes.NewReader(photo[1:]), errorReader{})
	if _, err := s.PutMedia("image/jpeg", broken); !errors.Is(err, errUnplugged) {
		t.Fatal(err)
	}
	half := mediaWriter{store: s} // the tablet dies within PutMedia
	must(t, half.keep(photo[:chunkSize]))
	must(t, s.Close())
	s = open(t, path)
	if n := chunkCount(t, s); n != 13 {
		t.Fatalf("%d chunks", n)
	}
	r, err := s.Media(m.SHA256)
	must(t, err)
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, photo) || r.Close() != nil {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	if _, err := s.Media(record.ID{}); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	empty, err := s.PutMedia("text/csv", bytes.NewReader(nil))
	must(t, err)
	if r, err = s.Media(empty.SHA256); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); len(got) != 0 || err != nil {
		t.Fatal(err)
	}
}

func TestComposeDescribesPhotos(t *testing.T) {
	s, _ := fresh(t)
	m, err := s.PutMedia("image/png", bytes.NewReader([]byte("png")))
	must(t, err)
	name, err := record.New(record.File, m.FileName())
	must(t, err)
	id := begin(t, s, 1, record.Answers{"photo": name})
	if r := finalize(t, s, id, "A", true); r.Media[m.FileName()] != m {
		t.Fatalf("%s", r.Bytes())
	}
}

var errUnplugged = errors.New("unplugged")

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, errUnplugged }

func chunkCount(t *testing.T, s *Store) (n int) {
	must(t, s.view(func(tx *transaction) error { n = tx.Bucket(bucketChunks).Stats().KeyN; return nil }))
	return n
}

func TestDiscard(t *testing.T) {
	s, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"q": record.NewInteger(1)})
	kept := begin(t, s, 2, record.Answers{"q": record.NewInteger(1)})
	must(t, s.Discard(id))
	if _, err := s.Interview(id); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	finalize(t, s, kept, "A", true)
	must(t, s.Reopen(kept, noon))
	if err := s.Discard(kept); !errors.Is(err, ErrNotDraft) {
		t.Fatal(err)
	}
	if err := s.Begin(Interview{ID: kept}); !errors.Is(err, ErrExists) {
		t.Fatal(err)
	}
}

func TestSettings(t *testing.T) {
	s, _ := fresh(t)
	if _, err := s.Setting("language"); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	must(t, s.SetSetting("language", []byte("ht")))
	if v, err := s.Setting("language"); string(v) != "ht" || err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	s, path := fresh(t)
	if _, err := Open(path); !errors.Is(err, ErrLocked) {
		t.Fatalf("open twice: %v", err)
	}
	must(t, s.update(func(tx *transaction) error { return put(tx.Bucket(bucketMeta), keyFormat, []byte("3")) }))
	must(t, s.Close())
	var newer *VersionError
	if _, err := Open(path); !errors.As(err, &newer) || newer.Format != "3" {
		t.Fatalf("a newer file: %v", err)
	}
	var damage *DamageError
	pdf := filepath.Join(t.TempDir(), "x.pdf")
	must(t, os.WriteFile(pdf, bytes.Repeat([]byte("%PDF"), 4096), 0o600))
	if _, err := Open(pdf); !errors.As(err, &damage) {
		t.Fatalf("a PDF: %v", err)
	}
	must(t, os.WriteFile(pdf, []byte("%PDF"), 0o600))
	if _, err := Open(pdf); !errors.As(err, &damage) {
		t.Fatalf("a short file: %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Fatal("a folder was opened")
	}
}

// The screen keeps answers while the synchronisation sends, settles and takes a photo.
func TestConcurrentUse(t *testing.T) {
	s, _ := fresh(t)
	const workers, answers = 4, 25
	var group errgroup.Group
	for w := range workers {
		id := begin(t, s, w+1, nil)
		group.Go(func() error {
			for n := range answers {
				if err := s.Keep(id, Changes{Set: record.Answers{record.Path(fmt.Sprintf("q%d", n)): record.NewInteger(int64(n))}}); err != nil {
					return err
				}
			}
			return nil
		})
		group.Go(func() error {
			m, err := s.PutMedia("image/png", bytes.NewReader(bytes.Repeat([]byte{byte(w)}, 2*chunkSize)))
			if err != nil {
				return err
			}
			r, err := s.Media(m.SHA256)
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, r)
			_, err2 := s.Interviews()
			_, err3 := s.Pending("", 10, 1000)
			return errors.Join(err, err2, err3, s.Settle(record.Settlement{Archive: "C"}))
		})
	}
	must(t, group.Wait())
	list, err := s.Interviews()
	must(t, err)
	for _, i := range list {
		if i.Answered != answers {
			t.Fatalf("%d of %d answers are there", i.Answered, answers)
		}
	}
}

// A member that is there because something was answered about it, as after a merge that kept it, stays when that is taken back.
func TestAMemberStaysWhenItsOnlyAnswerIsTakenBack(t *testing.T) {
	s, _ := fresh(t)
	id := begin(t, s, 1, record.Answers{"a": record.NewInteger(1), "r/0002z/c": record.NewInteger(1)})
	finalize(t, s, id, "A", true)
	must(t, s.Reopen(id, noon))
	must(t, s.Keep(id, Changes{Unset: []record.Path{"r/0002z/c"}, At: noon}))
	finalize(t, s, id, "A", true)
	h, err := s.History(id)
	must(t, err)
	if m := h.Merge(); m.Answers["r/0002z"] != record.Exists() || len(m.Answers) != 2 {
		t.Errorf("%v", m.Answers)
	}
}
