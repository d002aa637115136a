package dashboard

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/respondent"
)

// field is fieldwork in memory. Its lists are in the order of time; readers get them as the collector gives them.
type field struct {
	stories []fieldwork.Story // IDs rising
	devices []fieldwork.Device
	asides  []fieldwork.Aside
	counts  []fieldwork.Count
	broken  error // what every reading fails with

	work      []fieldwork.Assignment
	alike     []fieldwork.Alike
	decisions []fieldwork.Decision
	told      []fieldwork.Setting
	stuck     []fieldwork.Stuck
}

func (f *field) Merged(_ context.Context, ids ...uuid.UUID) (list []record.Merged, err error) {
	for _, id := range ids {
		for _, s := range f.stories {
			if s.ID == id {
				list = append(list, s.Merged)
			}
		}
	}
	return list, f.broken
}

func (f *field) Briefs(_ context.Context, ids ...uuid.UUID) (map[uuid.UUID]fieldwork.Brief, error) {
	briefs := map[uuid.UUID]fieldwork.Brief{}
	for _, s := range f.stories {
		if slices.Contains(ids, s.ID) {
			briefs[s.ID] = fieldwork.Brief{ID: s.ID, Form: s.Form, Name: s.Name, Device: s.Device, By: s.By, Final: s.Final, State: s.State, Received: s.Received}
		}
	}
	return briefs, f.broken
}

func (f *field) ConflictsAfter(_ context.Context, _ string, after uuid.UUID, n int) (list []fieldwork.Conflict, err error) {
	for _, s := range f.stories {
		if s.ID.String() > after.String() && len(s.Merged.Conflicts) > 0 && n > 0 {
			n--
			for _, c := range s.Merged.Conflicts {
				list = append(list, fieldwork.Conflict{Interview: s.ID, Form: s.Form, Name: s.Name, Conflict: c})
			}
		}
	}
	return list, f.broken
}

func (f *field) Work(_ context.Context, q fieldwork.WorkFilter) ([]fieldwork.Assignment, int, error) {
	var list []fieldwork.Assignment
	for _, a := range f.work {
		if (q.EA == "" || strings.HasPrefix(a.EA, q.EA)) && (q.State == "" || q.State == fieldwork.WorkDone == a.Done) && (q.Withdrawn || !a.Withdrawn) {
			list = append(list, a)
		}
	}
	return list[min(q.Skip, len(list)):min(q.Skip+q.Limit, len(list))], len(list), f.broken
}

func (f *field) Pairs(_ context.Context, _ string, each func(fieldwork.Alike) bool) error {
	for _, p := range f.alike {
		if !each(p) {
			break
		}
	}
	return f.broken
}

func (f *field) Pair(_ context.Context, a, b uuid.UUID) (fieldwork.Alike, error) {
	for _, p := range f.alike {
		if p.A == a && p.B == b {
			return p, f.broken
		}
	}
	return fieldwork.Alike{}, coded("not-found")
}

func (f *field) Decisions(context.Context) ([]fieldwork.Decision, error) {
	return f.decisions, f.broken
}
func (f *field) Settings(context.Context) ([]fieldwork.Setting, error) { return f.told, f.broken }
func (f *field) Awaited(context.Context, []uuid.UUID) (map[uuid.UUID]int, error) {
	return map[uuid.UUID]int{interviewID(2): 3}, f.broken
}

func (f *field) Stuck(context.Context) ([]fieldwork.Stuck, error) { return f.stuck, f.broken }

func (f *field) match(q fieldwork.Filter, i fieldwork.Interview) bool {
	return (q.Form == "" || q.Form == i.Form) && (q.Device == "" || q.Device == i.Device) && (!q.Conflicts || i.Conflicts > 0) &&
		(!q.Incomplete || i.Incomplete) && (q.State == "" || q.State == i.State || q.State == fieldwork.ToReview && i.Final && i.State == "") &&
		(q.Behind.ID == uuid.Nil || q.Behind.Compare(i.Place()) < 0)
}

func (f *field) Interviews(_ context.Context, q fieldwork.Filter) (list []fieldwork.Interview, err error) {
	for _, s := range f.stories {
		if f.match(q, s.Interview) {
			list = append(list, s.Interview)
		}
	}
	slices.SortFunc(list, func(a, b fieldwork.Interview) int { return a.Place().Compare(b.Place()) })
	return list[:min(q.Limit, len(list))], f.broken
}

func (f *field) Total(_ context.Context, q fieldwork.Filter) (n int, err error) {
	for _, s := range f.stories {
		if f.match(q, s.Interview) {
			n++
		}
	}
	return n, f.broken
}

func (f *field) Story(_ context.Context, id uuid.UUID) (fieldwork.Story, error) {
	for _, s := range f.stories {
		if s.ID == id {
			return s, f.broken
		}
	}
	return fieldwork.Story{}, fmt.Errorf("interview %s: %w", id, fs.ErrNotExist)
}

func (f *field) Conflicts(context.Context, string) (list []fieldwork.Conflict, err error) {
	for _, s := range f.stories {
		for _, c := range s.Merged.Conflicts {
			list = append(list, fieldwork.Conflict{Interview: s.ID, Form: s.Form, Name: s.Name, Conflict: c})
		}
	}
	return list, f.broken
}

func (f *field) Devices(context.Context) ([]fieldwork.Device, error)   { return f.devices, f.broken }
func (f *field) Quarantine(context.Context) ([]fieldwork.Aside, error) { return f.asides, f.broken }
func (f *field) Counts(context.Context) ([]fieldwork.Count, error)     { return f.counts, f.broken }

func (f *field) Rows(_ context.Context, _ string, repeat record.Path) iter.Seq2[fieldwork.Row, error] {
	return func(yield func(fieldwork.Row, error) bool) {
		for _, s := range f.stories {
			if f.broken != nil {
				yield(fieldwork.Row{}, f.broken)
				return
			}
			if repeat == "" && !yield(fieldwork.Row{Interview: s.ID, Version: s.Version, Device: s.Device, By: s.By, Final: s.Final, Answers: s.Merged.Answers}, nil) {
				return
			}
		}
	}
}

// people are users in memory.
type people map[string]User

func (p people) User(_ context.Context, name string) (User, error) {
	u, ok := p[name]
	if !ok {
		return User{}, ErrNoUser
	}
	return u, nil
}

func (p people) SetHash(_ context.Context, name, hash string) error {
	u := p[name]
	u.Hash = hash
	p[name] = u
	return nil
}

var (
	bogota = time.FixedZone("-05", -5*3600)
	today  = time.Date(2026, 11, 23, 15, 4, 0, 0, bogota)
)

// seeded is randomness for tests: the same every time.
func seeded(n int64) *rand.Rand { return rand.New(rand.NewSource(n)) }

// must returns a value, or ends the test with its error: must(f(x))(t).
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// answered returns the answers of a whole interview of the built-in questionnaire.
func answered(t testing.TB, seed int64, at time.Time) (*interview.Session, record.Answers, map[record.Path]bool) {
	t.Helper()
	random := seeded(seed)
	s := must(interview.Start(questionnaire.Form(), interview.Env{Now: func() time.Time { return at }, Random: random, Device: "tab-1"}))(t)
	if err := respondent.Respond(s, random, nil); err != nil {
		t.Fatal(err)
	}
	all, derived := s.Answers(true)
	return s, all, derived
}

// writer writes revisions of one interview.
type writer struct {
	t     testing.TB
	story fieldwork.Story
	h     *record.History
}

func interviewID(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("01935000-0000-7000-8000-%012d", n))
}

func newWriter(t testing.TB, n int, name string) *writer {
	f := questionnaire.Form()
	id := interviewID(n)
	return &writer{t, fieldwork.Story{Interview: fieldwork.Interview{ID: id, Form: f.ID, Version: f.Version, Name: name}}, record.NewHistory(id)}
}

func (w *writer) write(b record.Body, via string, received time.Time) {
	w.t.Helper()
	b.Interview, b.Form, b.Version = w.story.ID, w.story.Form, w.story.Version
	r := must(record.Seal(b))(w.t)
	if _, err := w.h.Add(r); err != nil {
		w.t.Fatal(err)
	}
	w.story.Steps = append(w.story.Steps, fieldwork.Step{Revision: r, Received: received, Batch: sha256.Sum256(r.Bytes()), Via: via})
	w.story.Received = received
}

func (w *writer) done(flags ...fieldwork.Flag) fieldwork.Story {
	w.story.Merged = w.h.Merge()
	first := w.story.Steps[0].Revision
	w.story.Device, w.story.By, w.story.At, w.story.Final = first.Device, first.By, first.At, w.story.Merged.Final
	w.story.Conflicts, w.story.Incomplete = len(w.story.Merged.Conflicts), len(w.story.Merged.Missing) > 0
	w.story.Flags, w.story.Interview.Flags = flags, len(flags)
	return w.story
}

// split parts answers into people's and derived ones.
func split(all record.Answers, derived map[record.Path]bool) (set, calculated record.Answers) {
	set, calculated = make(record.Answers), make(record.Answers)
	for p, v := range all {
		if derived[p] {
			calculated[p] = v
		} else {
			set[p] = v
		}
	}
	return set, calculated
}

const hostile = `<script>alert("x")</script>`

// disputed is an interview that two tablets answered, one of which has a clock two days ahead, and of which a revision is missing.
func disputed(t testing.TB) fieldwork.Story {
	at := today.Add(-26 * time.Hour)
	s, all, derived := answered(t, 7, at)
	set, calculated := split(all, derived)
	set["grp_z/z_comment"] = record.NewText(hostile + "\nCasa azul junto al puente")
	delete(set, "grp_e/e_radio")
	member := s.Instances("grp_c/roster")[0]
	w := newWriter(t, 1, s.Name())
	w.write(record.Body{Device: "tab-1", N: 1, At: at, By: "E07", Set: set, Derived: calculated}, "network", today.Add(-25*time.Hour))
	w.write(record.Body{Device: "tab-1", N: 2, At: at.Add(time.Hour), By: "E07", Final: true, After: record.Vector{"tab-1": 1},
		Set: record.Answers{"grp_e/e_radio": record.NewText("1"), member.Join("m_age"): record.NewInteger(41)}}, "network", today.Add(-24*time.Hour))
	w.write(record.Body{Device: "tab-2", N: 1, At: at.Add(50 * time.Hour), By: "E11", Final: true, After: record.Vector{"tab-1": 1},
		Set: record.Answers{"grp_e/e_radio": record.NewText("0"), member.Join("m_age"): record.NewInteger(44)}}, "file", today.Add(-2*time.Hour))
	w.write(record.Body{Device: "tab-3", N: 2, At: at, By: "E02", After: record.Vector{"tab-1": 1, "tab-3": 1},
		Set: record.Answers{"old_question": record.NewText("azul")}}, "hub", today.Add(-time.Hour))
	return w.done(fieldwork.Flag{Path: member.Join("m_age"), Kind: "constraint", Message: "Valor fuera de rango"},
		fieldwork.Flag{Path: "grp_d/d_hours", Kind: "required"})
}

// someField is fieldwork with one of everything.
func someField(t testing.TB) *field {
	f := &field{stories: []fieldwork.Story{disputed(t)}}
	for n := 2; n <= 6; n++ {
		at := today.AddDate(0, 0, -n)
		s, all, derived := answered(t, int64(n), at)
		set, calculated := split(all, derived)
		w := newWriter(t, n, s.Name())
		w.write(record.Body{Device: []string{"tab-1", "tab-2"}[n%2], N: 1, At: at, By: "E07", Final: n%3 != 0, Set: set, Derived: calculated}, "network", at.Add(time.Hour))
		f.stories = append(f.stories, w.done())
	}
	f.devices = []fieldwork.Device{
		{ID: "tab-1", Name: "Tableta 1 (Ana)", Role: "enumerator", Enrolled: today.AddDate(0, -1, 0), Seen: today.Add(-20 * time.Minute), Clock: 3 * time.Second, Interviews: 3},
		{ID: "tab-2", Name: "Tableta 2 (Luis)", Role: "enumerator", Enrolled: today.AddDate(0, -1, 0), Seen: today.Add(-2 * time.Hour), Clock: 50 * time.Hour, Interviews: 3},
		{ID: "tab-3", Role: "enumerator", Enrolled: today.AddDate(0, -1, 0), Revoked: true},
	}
	f.asides = []fieldwork.Aside{{Entry: sha256.Sum256([]byte("a")), Kind: "verdict", Device: "tab-2", Reason: "unknown-kind", Received: today.Add(-30 * time.Hour), Size: 12345}}
	for i := range 12 {
		day := today.AddDate(0, 0, -i).Format(time.DateOnly)
		f.counts = append(f.counts, fieldwork.Count{Device: "tab-1", Day: day, N: 3 + i*7%11}, fieldwork.Count{Device: "tab-2", Day: day, N: i * 5 % 9})
	}
	return f
}

const password = "una vereda larga"

// hashed is the hash of password, made once: it is slow on purpose.
var hashed = func() string {
	h, err := HashPassword(password, seeded(1))
	if err != nil {
		panic(err)
	}
	return h
}()

func everybody() people {
	p := people{}
	for name, role := range map[string]Role{"vera": Viewer, "cora": Coordinator, "ada": Administrator} {
		p[name] = User{name, hashed, role}
	}
	return p
}

// options are those of a collector with the fieldwork and everybody.
func options(f *field) Options {
	return Options{Data: f, Users: everybody(), Now: func() time.Time { return today }, Zone: bogota, Random: seeded(2), Project: "Valle 2026",
		Forms: func(context.Context) ([]*form.Form, error) { return []*form.Form{questionnaire.Form()}, nil }}
}

var errBroken = errors.New("disk on fire")

func lacks(s string, parts ...string) (missing []string) {
	for _, p := range parts {
		if !strings.Contains(s, p) {
			missing = append(missing, p)
		}
	}
	return missing
}
