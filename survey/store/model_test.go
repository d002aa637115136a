package store

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"vereda/survey/record"
)

// model is what the store should hold, in maps.
type model struct {
	drafts  map[uuid.UUID]*modelDraft
	states  map[uuid.UUID]State
	sealed  map[uuid.UUID][]record.Revision
	outbox  []record.Revision
	refused map[uuid.UUID]string
	cursor  uint64
	aside   int
}

type modelDraft struct {
	answers record.Answers
	derived map[record.Path]bool
}

var modelPaths = []record.Path{"a", "b", "r/0001x", "r/0001x/c", "r/0001x/s/0001y", "r/0001x/s/0001y/d", "r/0002z/c"}

func drawChanges(t *rapid.T) Changes {
	c := Changes{Set: record.Answers{}, Derived: map[record.Path]bool{}, At: noon.Add(time.Duration(rapid.IntRange(0, 99).Draw(t, "minute")) * time.Minute)}
	for _, p := range rapid.SliceOfNDistinct(rapid.SampledFrom(modelPaths), 0, 3, rapid.ID).Draw(t, "set") {
		c.Set[p] = record.NewInteger(rapid.Int64Range(0, 2).Draw(t, "value"))
		if p.IsInstance() {
			c.Set[p] = record.Exists()
		} else if rapid.Bool().Draw(t, "derived") {
			c.Derived[p] = true
		}
	}
	c.Unset = rapid.SliceOfNDistinct(rapid.SampledFrom(modelPaths), 0, 1, rapid.ID).Draw(t, "unset")
	return c
}

func (m *model) keep(id uuid.UUID, c Changes) {
	d := m.drafts[id]
	for _, p := range c.Unset {
		maps.DeleteFunc(d.answers, func(q record.Path, _ record.Value) bool { return q == p || q.Under(p) })
		maps.DeleteFunc(d.derived, func(q record.Path, _ bool) bool { return q == p || q.Under(p) })
	}
	for p, v := range c.Set {
		d.answers[p] = v
		delete(d.derived, p)
		if c.Derived[p] {
			d.derived[p] = true
		}
	}
}

// check compares a store with the model.
func (m *model) check(t *rapid.T, s *Store) {
	list, err := s.Interviews()
	shown := 0
	for _, state := range m.states {
		if state != discarded {
			shown++
		}
	}
	if err != nil || len(list) != shown {
		t.Fatalf("%d interviews instead of %d: %v", len(list), shown, err)
	}
	for _, i := range list {
		if m.states[i.ID] != i.State || i.Reason != m.refused[i.ID] && i.State == Refused {
			t.Fatalf("%v is %s (%s), not %s (%s)", i.ID, i.State, i.Reason, m.states[i.ID], m.refused[i.ID])
		}
		m.checkDraft(t, s, i)
		h, err := s.History(i.ID)
		if err != nil || h.Len() != len(m.sealed[i.ID]) {
			t.Fatalf("%d revisions instead of %d: %v", h.Len(), len(m.sealed[i.ID]), err)
		}
	}
	pending, err := s.Pending("", 1000, 1<<30)
	if err != nil || len(pending) != len(m.outbox) {
		t.Fatalf("%d waiting instead of %d: %v", len(pending), len(m.outbox), err)
	}
	for i, r := range m.outbox {
		if pending[i].ID() != r.ID {
			t.Fatalf("place %d of the outbox is another", i)
		}
	}
	aside, err := s.Aside()
	cursors, err2 := s.Cursors()
	cursor := cursors["C"]
	if err != nil || err2 != nil || len(aside) != m.aside || cursor != m.cursor {
		t.Fatalf("aside %d instead of %d (%v), cursor %d instead of %d (%v)", len(aside), m.aside, err, cursor, m.cursor, err2)
	}
}

func (m *model) checkDraft(t *rapid.T, s *Store, i Interview) {
	answers, derived, err := s.Answers(i.ID)
	d := m.drafts[i.ID]
	if d == nil {
		if !errors.Is(err, ErrNotDraft) {
			t.Fatalf("%v: %v", i.ID, err)
		}
		return
	}
	if err != nil || !maps.Equal(answers, d.answers) || !maps.Equal(derived, d.derived) {
		t.Fatalf("%v holds %v %v, not %v %v: %v", i.ID, answers, derived, d.answers, d.derived, err)
	}
	answered := 0
	for p, v := range d.answers {
		if counts(v, d.derived[p]) {
			answered++
		}
	}
	if i.Answered != answered {
		t.Fatalf("%d answered, not %d", i.Answered, answered)
	}
}

func TestStoreIsTheModel(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		sub, err := os.MkdirTemp(dir, "")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(sub, "store.db")
		s, err := opened(path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		m := &model{drafts: map[uuid.UUID]*modelDraft{}, states: map[uuid.UUID]State{}, sealed: map[uuid.UUID][]record.Revision{}, refused: map[uuid.UUID]string{}}
		ok := func(err error) {
			if err != nil {
				t.Fatalf("%v", err)
			}
		}
		drawID := func() uuid.UUID { return interviewID(rapid.IntRange(1, 4).Draw(t, "interview")) }
		open := func(id uuid.UUID, err error) bool { // whether a draft is open, which err must agree with
			if _, there := m.states[id]; !there && errors.Is(err, ErrNotFound) {
				return false
			}
			if m.drafts[id] == nil && errors.Is(err, ErrNotDraft) {
				return false
			}
			ok(err)
			return true
		}
		t.Repeat(map[string]func(*rapid.T){
			"begin": func(t *rapid.T) {
				id := drawID()
				err := s.Begin(Interview{ID: id, Form: "f", Version: "1", Created: noon})
				if _, there := m.states[id]; there {
					if !errors.Is(err, ErrExists) {
						t.Fatalf("%v", err)
					}
					return
				}
				ok(err)
				m.states[id], m.drafts[id] = Draft, &modelDraft{record.Answers{}, map[record.Path]bool{}}
			},
			"keep": func(t *rapid.T) {
				id, c := drawID(), drawChanges(t)
				if open(id, s.Keep(id, c)) {
					m.keep(id, c)
				}
			},
			"finalize": func(t *rapid.T) {
				id, final := drawID(), rapid.Bool().Draw(t, "final")
				answers, derived, err := s.Answers(id)
				if !open(id, err) {
					return
				}
				body, err := s.Compose(id, Author{"A", "", noon}, answers, derived, final)
				ok(err)
				r, err := record.Seal(body)
				ok(err)
				ok(s.Finalize(r))
				m.sealed[id] = append(m.sealed[id], r)
				m.outbox = append(m.outbox, r)
				if final {
					delete(m.drafts, id)
					m.states[id] = Finalized
					if m.refused[id] != "" { // a backup was, and still is
						m.states[id] = Refused
					}
				}
				m.checkMerged(t, s, id, answers, derived)
			},
			"settle": func(t *rapid.T) {
				if len(m.outbox) == 0 {
					return
				}
				r := m.outbox[rapid.IntRange(0, len(m.outbox)-1).Draw(t, "which")]
				status := rapid.SampledFrom([]record.Status{record.Stored, record.Known, record.Quarantined, record.Refused}).Draw(t, "status")
				ok(s.Settle(central(r, status, "why")))
				m.settle(r, status)
			},
			"reopen interview": func(t *rapid.T) {
				id := drawID()
				err := s.Reopen(id, noon)
				if _, there := m.states[id]; !there {
					return
				}
				ok(err)
				if m.drafts[id] == nil {
					merged := mergedOf(t, m.sealed[id])
					m.drafts[id] = &modelDraft{merged.Answers, merged.Derived}
					m.states[id] = Draft
				}
			},
			"discard": func(t *rapid.T) {
				id := drawID()
				if err := s.Discard(id); err == nil {
					if m.drafts[id] == nil || slices.ContainsFunc(m.sealed[id], func(r record.Revision) bool { return r.Final }) {
						t.Fatal("what was finalized was discarded")
					}
					delete(m.drafts, id)
					if delete(m.states, id); len(m.sealed[id]) > 0 {
						m.states[id] = discarded
					}
				}
			},
			"accept": func(t *rapid.T) {
				m.cursor++
				n := rapid.IntRange(0, 3).Draw(t, "unknown")
				m.aside = max(m.aside, n)
				entries := []record.Entry{{Kind: "new", Body: []byte("1")}, {Kind: "new", Body: []byte("2")}, {Kind: "new", Body: []byte("3")}}[:n]
				ok(s.Accept(entries, "C", m.cursor))
			},
			"close and open": func(t *rapid.T) {
				ok(s.Close())
				var err error
				s, err = opened(path)
				ok(err)
			},
			"protect": func(t *rapid.T) {
				if err := s.Protect(testPIN, testMeans, nil); err != nil && !errors.Is(err, ErrProtected) {
					t.Fatalf("%v", err)
				}
			},
			"unprotect": func(t *rapid.T) {
				if err := s.Unprotect(testPIN, testMeans, nil); err != nil && !errors.Is(err, ErrOpen) {
					t.Fatalf("%v", err)
				}
			},
			"begin to protect": func(t *rapid.T) { // and stop at once: what is there is not sealed, what comes is
				if !s.Protected() {
					err := s.Protect(testPIN, testMeans, func(float64) { s.Lock() })
					if !errors.Is(err, ErrSealed) {
						t.Fatalf("%v", err)
					}
					ok(s.Unlock(testPIN, testMeans))
				}
			},
			"begin to unprotect": func(t *rapid.T) {
				if s.Protected() {
					err := s.Unprotect(testPIN, testMeans, func(float64) { s.Lock() })
					if !errors.Is(err, ErrSealed) {
						t.Fatalf("%v", err)
					}
					ok(s.Unlock(testPIN, testMeans))
				}
			},
			"go on protecting": func(t *rapid.T) { ok(s.Resume(nil)) },
			"lock and unlock": func(t *rapid.T) {
				s.Lock()
				if s.Protected() {
					ok(s.Unlock(testPIN, testMeans))
				}
			},
			"copy the file": func(t *rapid.T) { // as a kill or a backup at this moment would find it
				bytes, err := os.ReadFile(path)
				ok(err)
				ok(os.WriteFile(path+".copy", bytes, 0o600))
				copied, err := opened(path + ".copy")
				ok(err)
				m.check(t, copied)
				ok(copied.Close())
			},
			"": func(t *rapid.T) { m.check(t, s) },
		})
	})
}

func mergedOf(t *rapid.T, revisions []record.Revision) record.Merged {
	h := record.NewHistory(revisions[0].Interview)
	for _, r := range revisions {
		if _, err := h.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	return h.Merge()
}

// checkMerged: with one device, the merged history is what the draft held (an instance exists with what is in it).
func (m *model) checkMerged(t *rapid.T, s *Store, id uuid.UUID, answers record.Answers, derived map[record.Path]bool) {
	h, err := s.History(id)
	if err != nil {
		t.Fatal(err)
	}
	merged := h.Merge()
	maps.DeleteFunc(merged.Answers, func(p record.Path, v record.Value) bool { return p.IsInstance() && answers[p].IsZero() })
	maps.DeleteFunc(merged.Derived, func(p record.Path, _ bool) bool { return answers[p].IsZero() })
	if !reflect.DeepEqual(merged.Answers, answers) || !maps.Equal(merged.Derived, derived) || len(merged.Conflicts)+len(merged.Kept)+len(merged.Missing) > 0 {
		t.Fatalf("finalized %v %v, merged %+v", answers, derived, merged)
	}
}

func (m *model) settle(r record.Revision, status record.Status) {
	m.outbox = slices.DeleteFunc(m.outbox, func(o record.Revision) bool { return o.ID == r.ID })
	id := r.Interview
	if status == record.Refused {
		m.refused[id] = "why"
	}
	if m.states[id] == Draft || m.states[id] == discarded {
		return
	}
	m.states[id] = Sent
	if slices.ContainsFunc(m.outbox, func(o record.Revision) bool { return o.Interview == id && o.Final }) {
		m.states[id] = Finalized
	}
	if m.refused[id] != "" {
		m.states[id] = Refused
	}
}
