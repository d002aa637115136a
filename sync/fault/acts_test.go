package fault

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/batch"
)

// newInterview returns the ID of one more interview.
func (w *world) newInterview() uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:], uint64(w.now.UnixMilli())<<16|0x7000|uint64(w.some(0x1000)))
	binary.BigEndian.PutUint64(id[8:], w.random.Uint64()>>2|1<<63)
	w.made = append(w.made, id)
	return id
}

// capture begins an interview, answers it, and mostly finishes it.
func (t *tablet) capture() error {
	if err := t.up(); err != nil {
		return err
	}
	return t.begin(t.w.newInterview())
}

func (t *tablet) begin(id uuid.UUID) error {
	err := t.store.Begin(store.Interview{ID: id, Form: formID, Version: "1", State: store.Draft, Created: t.clock(), Changed: t.clock()})
	if err != nil && !errors.Is(err, store.ErrExists) {
		return err
	}
	return t.answer(id)
}

// dispute lets a tablet write in an interview of another.
func (t *tablet) dispute() error {
	if len(t.w.made) == 0 {
		return nil
	}
	if err := t.up(); err != nil {
		return err
	}
	return t.change(pick(t.w, t.w.made))
}

// change opens an interview again.
func (t *tablet) change(id uuid.UUID) error {
	i, err := t.store.Interview(id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return t.begin(id)
	case err != nil:
		return err
	case i.State == store.Handed:
		return nil
	case i.State != store.Draft:
		if err := t.store.Reopen(id, t.clock()); err != nil {
			return err
		}
		if err := t.store.Heed(id); err != nil {
			return err
		}
	}
	return t.answer(id)
}

// answer changes a draft and mostly finishes it.
func (t *tablet) answer(id uuid.UUID) error {
	w := t.w
	c := store.Changes{At: t.clock(), Set: record.Answers{"head": record.NewText(pick(w, []string{"María Quispe", "José Ñandú", "Ana"})),
		"note": record.NewText(fmt.Sprint("note ", w.some(5)))}}
	if w.chance(2) {
		c.Set["members"] = record.NewInteger(int64(w.some(9)))
	}
	for i := range w.some(3) {
		member, err := record.NewInstanceID(i+1, w.bytes)
		w.must(err)
		path := record.Path("roster").Join(member)
		c.Set[path], c.Set[path.Join("name")] = record.Exists(), record.NewText(fmt.Sprint("Name ", w.some(3)))
		if w.chance(8) {
			if err := t.attach(c.Set, path.Join("paper"), "application/pdf"); err != nil {
				return err
			}
		}
	}
	if w.chance(3) {
		if err := t.attach(c.Set, "photo", "image/jpeg"); err != nil {
			return err
		}
	}
	if w.chance(3) {
		answers, _, err := t.store.Answers(id)
		if err != nil {
			return err
		}
		for p := range answers {
			if p.IsInstance() && (c.Unset == nil || p < c.Unset[0]) {
				c.Unset = []record.Path{p}
			}
		}
	}
	if err := t.store.Keep(id, c); err != nil {
		return err
	}
	if w.chance(6) {
		return nil // it stays a draft for now
	}
	return t.finish(id)
}

// finish finalizes a draft. What the store says is kept is written down: it must reach the centre.
func (t *tablet) finish(id uuid.UUID) error {
	answers, derived, err := t.store.Answers(id)
	if err != nil {
		return err
	}
	body, err := t.store.Compose(id, t.author(), answers, derived, true)
	if err != nil {
		return err
	}
	r, err := record.Seal(body)
	if err != nil {
		return err
	}
	if err := t.store.Finalize(r); err != nil {
		return err
	}
	t.w.kept(kept{id, r.ID, body.Media})
	return nil
}

// correct opens an interview of the tablet's own list again.
func (t *tablet) correct() error {
	if err := t.up(); err != nil {
		return err
	}
	list, err := t.store.Interviews()
	if err != nil || len(list) == 0 {
		return err
	}
	return t.change(pick(t.w, list).ID)
}

// forget lets a tablet forget what it need not keep: months later, by its clock.
func (t *tablet) forget() error {
	if err := t.up(); err != nil {
		return err
	}
	before := t.album()
	n, err := t.store.Forget(t.clock().AddDate(0, t.w.some(4), 0))
	t.w.log("  %d forgotten", n)
	t.forgotRightly(before)
	return err
}

// stick carries what a tablet has to a collector as a file, which may be cut.
func (t *tablet) stick(c *collector) error {
	if err := errors.Join(t.up(), c.up()); err != nil {
		return err
	}
	pending, err := t.store.Uncovered(50, 1<<20)
	if err != nil || len(pending) == 0 {
		return err
	}
	var b bytes.Buffer
	sealer := batch.Sealer{Project: t.w.project.ID, Key: t.key, Certificate: t.cert}
	id, err := sealer.Seal(&b, pending, nil)
	if err != nil {
		return err
	}
	if err := t.store.Sealed(id, pending); err != nil {
		return err
	}
	file := b.Bytes()
	if t.w.chance(3) {
		file = file[:t.w.some(len(file))]
		t.w.log("  the stick was pulled out")
	}
	opened, err := c.opener().Open(bytes.NewReader(file))
	if err != nil {
		return err
	}
	_, err = door{c.archive, &t.w.fuse, c.name}.Receive(background, opened, "file")
	return err
}

// says is what begins whatever a collector's own people say.
func (c *collector) says() record.Said {
	return record.Said{By: "Carla", Device: string(c.key.ID()), At: c.clock()}
}

// put stores what a coordinator says at a collector.
func (c *collector) put(said interface{ Entry() (record.Entry, error) }) error {
	e, err := said.Entry()
	c.w.must(err)
	if err = c.archive.Put(background, e); err == nil {
		c.unsaid = true
	}
	return err
}

// judge returns or approves an interview, or settles its conflicts.
func (c *collector) judge() error {
	if len(c.w.made) == 0 {
		return nil
	}
	if err := c.up(); err != nil {
		return err
	}
	id := pick(c.w, c.w.made)
	s, err := c.archive.Story(background, id)
	if err != nil {
		return err // it is not known here
	}
	if len(s.Merged.Conflicts) > 0 && c.w.chance(2) {
		return c.resolve(s.Merged)
	}
	said := c.says()
	for _, v := range s.Verdicts {
		if v.Stands {
			said.After = append(said.After, v.ID)
		}
	}
	return c.put(record.Verdict{Interview: id, Knows: s.Merged.Vector, Decision: pick(c.w, []record.Decision{record.Approved, record.Returned}),
		Note: "mire otra vez", Said: said})
}

// resolve settles the conflicts of an interview as a coordinator does.
func (c *collector) resolve(m record.Merged) error {
	own := string(c.key.ID())
	b := record.Body{V: record.Version, Interview: m.Interview, Form: m.Form, Version: m.Version, Device: own, N: m.Vector[own] + 1,
		After: m.Vector, At: c.clock(), By: "Carla", Final: true, Set: record.Answers{}}
	for _, k := range m.Conflicts {
		if v := pick(c.w, k.Candidates).Value; !v.IsZero() {
			b.Set[k.Path] = v
		} else {
			b.Unset = append(b.Unset, k.Path)
		}
	}
	slices.Sort(b.Unset)
	r, err := record.Seal(b)
	if err != nil {
		return err
	}
	if err = c.archive.Put(background, r.Entry()); err == nil {
		c.unsaid = true
	}
	return err
}

// say lets a coordinator assign a household, change a setting, or decide about two interviews.
func (c *collector) say() error {
	w := c.w
	if err := c.up(); err != nil {
		return err
	}
	switch w.some(3) {
	case 0:
		return c.put(record.Setting{Name: "photos", Value: []byte(pick(w, []string{`"any"`, `"wifi"`})), Said: c.says()})
	case 1:
		household := fmt.Sprint("H", w.some(3))
		return c.put(record.Assignment{Assignment: uuid.NewSHA1(uuid.Nil, []byte(household)), Form: formID, Household: household,
			Assignee: string(pick(w, w.tablets).key.ID()), Said: c.says()})
	}
	if len(w.made) < 2 {
		return nil
	}
	a, b := w.made[0], w.made[1]
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	return c.put(record.Duplicate{A: a, B: b, Decision: pick(w, []record.Decision{record.Same, record.Different, record.Undecided}), Said: c.says()})
}

// destroy takes a hub's disk away with all it gathered; a new one takes its place. What its own coordinators said is passed on before: of
// that nobody else has a copy.
func (c *collector) destroy() {
	w := c.w
	if c.unsaid {
		w.must(c.up())
		w.must(w.centre.up())
		w.must(c.relay(w.centre).Once(background))
		c.unsaid = false
	}
	if c.archive != nil {
		w.must(c.archive.Close())
	}
	w.must(os.RemoveAll(c.dir))
	c.fresh()
}

// backUp keeps a copy of the centre's folder; restore puts it back, as a new archive. In between the centre's own people say nothing.
func (w *world) backUp() string {
	c := w.centre
	w.must(c.up())
	to := filepath.Join(w.dir, fmt.Sprint("backup-", c.lives))
	w.must(os.RemoveAll(to))
	w.must(os.CopyFS(to, os.DirFS(c.dir)))
	return to
}

func (w *world) restore(from string) {
	c := w.centre
	w.must(c.up())
	last := c.archive.ID()
	w.must(c.archive.Close())
	w.must(os.RemoveAll(c.dir))
	c.dir = c.nextFolder()
	w.must(os.CopyFS(c.dir, os.DirFS(from)))
	if w.chance(2) {
		w.log("  without its files")
		w.must(os.RemoveAll(filepath.Join(c.dir, "media")))
	}
	w.must(c.open())
	w.must(c.archive.Renew(background))
	w.must(c.start())
	w.log("  archive %s is %s now", last, c.archive.ID())
}

// pass lets time go by, and sometimes a clock jump.
func (w *world) pass() {
	w.now = w.now.Add(time.Duration(1+w.some(600)) * time.Minute)
	if w.chance(8) {
		pick(w, w.tablets).ahead = w.wrongClock()
	}
	if w.chance(8) {
		pick(w, w.collectors).ahead = w.wrongClock()
	}
}
