package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"vereda/survey/record"
)

// routes is a plain model of what a tablet knows of its revisions: in sets, without an outbox.
type routes struct {
	written []record.Revision             // in the order of writing
	told    map[string]map[record.ID]bool // by archive: what the tablet knows that it answered for, as long as it is no statement of the centre
	signed  map[string]map[record.ID]bool // by archive: what the tablet holds its central statement for
	centre  string
	batches []*sealedBatch
}

type sealedBatch struct {
	id      record.ID
	entries []record.ID
	held    []record.ID // what the tablet knows that it held, and the centre had not signed for then
}

func newRoutes() *routes {
	return &routes{told: map[string]map[record.ID]bool{}, signed: map[string]map[record.ID]bool{}}
}

func note(m map[string]map[record.ID]bool, archive string, ids ...record.ID) {
	if m[archive] == nil {
		m[archive] = map[record.ID]bool{}
	}
	for _, id := range ids {
		m[archive][id] = true
	}
}

// pending is what is to be sent to an archive: what the centre has not signed for and the archive has not answered for.
func (m *routes) pending(archive string) (ids []record.ID) {
	for _, r := range m.written {
		if !m.signed[m.centre][r.ID] && !m.told[archive][r.ID] && !m.signed[archive][r.ID] {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func idsOf(entries []record.Entry) (ids []record.ID) {
	for _, e := range entries {
		ids = append(ids, e.ID())
	}
	return ids
}

func stored(ids []record.ID) (receipts []record.Receipt) {
	for _, id := range ids {
		receipts = append(receipts, record.Receipt{Entry: id, Status: record.Stored})
	}
	return receipts
}

// becomes follows a statement of a centre.
func (m *routes) becomes(archive string) {
	if m.centre != archive {
		for _, r := range m.written {
			once := false
			for _, signed := range m.signed {
				once = once || signed[r.ID]
			}
			for _, told := range m.told {
				if once && !m.signed[archive][r.ID] {
					delete(told, r.ID)
				}
			}
		}
		m.centre = archive
		delete(m.told, archive)
	}
}

// Entries go to hubs and centres; answers are lost and doubled, receipts come late or never, hubs and centres are lost with all they had. Each
// entry that the current centre has not signed for is pending for everybody who has not answered for it; no other is.
func TestWhatTheCentreHasNotCoveredIsPendingForOthers(t *testing.T) {
	dir := t.TempDir()
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		s, err := opened(filepath.Join(dir, fmt.Sprint(round)))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		m := newRoutes()
		ok := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		archives := []string{"hub 1", "hub 2", "centre 1", "centre 2"}
		isCentre := func(a string) bool { return a[0] == 'c' }
		at := noon
		settle := func(archive string, b *sealedBatch) {
			at = at.Add(1e9)
			ok(s.Settle(record.Settlement{Archive: archive, Device: "A", Batch: b.id, Receipts: stored(b.entries), Central: isCentre(archive), At: at}))
			if isCentre(archive) {
				m.becomes(archive)
				note(m.signed, archive, b.entries...)
				return
			}
			b.held = nil
			for _, id := range b.entries {
				if !m.signed[m.centre][id] {
					b.held = append(b.held, id)
				}
			}
			note(m.told, archive, b.held...)
		}
		t.Repeat(map[string]func(*rapid.T){
			"finish": func(t *rapid.T) {
				id := interviewID(len(m.written) + 1)
				answers := record.Answers{"q": record.NewInteger(int64(len(m.written)))}
				ok(s.Begin(Interview{ID: id, Form: "f", Version: "1", Created: noon}))
				ok(s.Keep(id, Changes{Set: answers, At: noon}))
				body, err := s.Compose(id, Author{"A", "", noon}, answers, nil, true)
				ok(err)
				r, err := record.Seal(body)
				ok(err)
				ok(s.Finalize(r))
				m.written = append(m.written, r)
			},
			"send": func(t *rapid.T) {
				archive := rapid.SampledFrom(archives).Draw(t, "archive")
				entries, err := s.Pending(archive, rapid.IntRange(1, 4).Draw(t, "n"), 1<<20)
				ok(err)
				if len(entries) == 0 {
					return
				}
				b := &sealedBatch{entries: idsOf(entries)}
				b.id = record.Entry{Body: []byte(fmt.Sprint(len(m.batches)))}.ID()
				for range rapid.SampledFrom([]int{0, 1, 1, 1, 2}).Draw(t, "answers that arrive") {
					settle(archive, b)
				}
				m.batches = append(m.batches, b)
			},
			"a hub's batch reaches a centre": func(t *rapid.T) {
				if len(m.batches) == 0 {
					return
				}
				b := m.batches[rapid.IntRange(0, len(m.batches)-1).Draw(t, "batch")]
				archive := rapid.SampledFrom([]string{"centre 1", "centre 2"}).Draw(t, "centre")
				ok(s.Covered(record.Coverage{Archive: archive, Device: "A", Batch: b.id, Receipts: stored(make([]record.ID, len(b.entries))), At: at}))
				if archive > m.centre {
					m.becomes(archive)
				}
				if len(b.held) == 0 {
					return // the tablet does not know the batch: it sends again what nobody has signed for
				}
				note(m.signed, archive, b.held...)
				if m.centre == archive {
					b.held = nil
				}
			},
			"close and open": func(t *rapid.T) {
				ok(s.Close())
				s, err = opened(filepath.Join(dir, fmt.Sprint(round)))
				ok(err)
			},
			"": func(t *rapid.T) {
				for _, archive := range archives {
					entries, err := s.Pending(archive, 1000, 1<<30)
					ok(err)
					if got, want := idsOf(entries), m.pending(archive); !sameSet(got, want) {
						t.Fatalf("pending for %s: %d entries, not %d (centre %q)", archive, len(got), len(want), m.centre)
					}
				}
				list, err := s.Interviews()
				ok(err)
				for _, i := range list {
					if got, want := i.State, m.state(i.ID); got != want {
						t.Fatalf("%v is %s, not %s", i.ID, got, want)
					}
				}
			},
		})
	})
}

func (m *routes) state(interview uuid.UUID) State {
	for _, r := range m.written {
		if r.Interview != interview {
			continue
		}
		if m.signed[m.centre][r.ID] {
			return Sent
		}
		for _, told := range m.told {
			if told[r.ID] {
				return Relayed
			}
		}
		for _, signed := range m.signed { // a former centre is as good as a hub
			if signed[r.ID] {
				return Relayed
			}
		}
	}
	return Finalized
}

func sameSet(a, b []record.ID) bool {
	if len(a) != len(b) {
		return false
	}
	in := map[record.ID]bool{}
	for _, id := range a {
		in[id] = true
	}
	return !slices.ContainsFunc(b, func(id record.ID) bool { return !in[id] })
}

func TestTheJourneyAsItsEnumeratorCountsIt(t *testing.T) {
	s, _ := fresh(t)
	var finished []record.Revision
	for n := range 6 {
		finished = append(finished, finalize(t, s, begin(t, s, n+1, record.Answers{"q": record.NewInteger(1)}), "A", true))
	}
	begin(t, s, 7, record.Answers{"q": record.NewInteger(1)})
	if _, err := s.Back(Author{"A", "", noon}, false); err != nil {
		t.Fatal(err)
	}
	must(t, s.Settle(central(finished[0], record.Stored, "")))
	must(t, s.Settle(central(finished[1], record.Refused, "role")))
	hub := func(archive, name string, at time.Time, status record.Status, revisions ...record.Revision) {
		answer := record.Settlement{Archive: archive, Name: name, Device: "A", Batch: revisions[0].ID, At: at}
		for _, r := range revisions {
			answer.Receipts = append(answer.Receipts, record.Receipt{Entry: r.ID, Status: status})
		}
		must(t, s.Settle(answer))
	}
	hub("H", "Centro Norte", noon, record.Stored, finished[2], finished[3])
	hub("J", "", noon.Add(time.Hour), record.Known, finished[3], finished[4])
	hub("H", "Centro Norte", noon, record.Refused, finished[5])
	j, err := s.Journey(noon.Add(time.Minute))
	must(t, err)
	want := Journey{Central: 1, Waiting: 1, Refused: 1, Drafts: 1, Relays: []Relay{{"Centro Norte", 2, noon}, {"J", 1, noon.Add(time.Hour)}}}
	if j.Central != want.Central || j.Waiting != want.Waiting || j.Refused != want.Refused || j.Drafts != want.Drafts || !slices.EqualFunc(j.Relays, want.Relays, func(a, b Relay) bool {
		return a.Name == b.Name && a.Interviews == b.Interviews && a.Since.Equal(b.Since)
	}) {
		t.Fatalf("%+v", j)
	}
	if j.Relayed() != 3 || j.Late != 2 {
		t.Fatalf("%+v", j)
	}
	for n, state := range map[int]State{1: Sent, 2: Refused, 3: Relayed, 4: Relayed, 5: Relayed, 6: Finalized} {
		if got := stateOf(t, s, interviewID(n)); got != state {
			t.Errorf("interview %d is %s, not %s", n, got, state)
		}
	}
}
