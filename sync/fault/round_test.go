package fault

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/survey/store"
)

// kind is what else happens in a round.
type kind int

const (
	plain     kind = iota
	destroyed      // a hub is destroyed with its disk
	restored       // the centre is restored from a backup that is old
	kinds
)

var kindNames = [...]string{"plain", "hub destroyed", "centre restored"}

func (k kind) String() string { return kindNames[k] }

// round lives through one seed. It returns what was wrong, and what happened.
func round(seed uint64, dir string) (k kind, story string, err error) {
	w := newWorld(seed, dir)
	defer func() {
		story = w.story.String()
		if r := recover(); r != nil {
			b, ok := r.(broken)
			if err = b.err; !ok {
				err = fmt.Errorf("%v\n%s", r, debug.Stack())
			}
		}
		liftLimit()
		w.close()
	}()
	k = kind(w.some(int(kinds)))
	w.live(k)
	w.heal()
	w.check()
	return k, "", nil
}

// live lets things happen.
func (w *world) live(k kind) {
	w.log("%s, %d tablets, %s, strict %v", k, len(w.tablets), w.routes.shape, w.routes.strict)
	acts := 12 + w.some(24)
	backup := ""
	for i := range acts {
		w.pass()
		w.act(k)
		switch {
		case k == destroyed && w.chance(8):
			c := pick(w, w.hubs)
			w.log("%s is destroyed", c.name)
			c.destroy()
		case k == restored && i == acts/3:
			w.log("the centre is backed up")
			backup = w.backUp()
		case k == restored && i == 2*acts/3:
			w.log("the centre is restored")
			w.restore(backup)
		}
	}
}

// act lets one thing happen, with what may go wrong about it.
func (w *world) act(k kind) {
	t, c := pick(w, w.tablets), pick(w, w.collectors)
	if w.chance(3) {
		w.net.plan = nil
		for range 1 + w.some(4) {
			w.net.plan = append(w.net.plan, mishap(w.some(int(mishaps))))
		}
	}
	if w.chance(4) {
		w.fuse = fuse{left: 1 + w.some(10)}
	}
	what, do := w.choose(k, t, c)
	var err error
	if w.chance(8) {
		w.log("the disks are full")
		err = w.onFullDisk(do)
	} else {
		err = do()
	}
	w.log("%s, %s: %s: %v", t.name, c.name, what, cmp.Or(err, errFine))
	w.net.plan = nil
	w.bury()
}

type fineError struct{}

func (fineError) Error() string { return "fine" }

var errFine error = fineError{}

// choose returns what is done next, by whom.
func (w *world) choose(k kind, t *tablet, c *collector) (string, func() error) {
	switch n := w.some(34); {
	case n < 6:
		return "capture", t.capture
	case n < 9:
		return "correct", t.correct
	case n < 11:
		return "dispute", t.dispute
	case n < 17:
		met := w.met()
		return "sync with " + met.name, func() error {
			_, err := t.sync(met)
			if k != restored && w.chance(2) { // answers may be covered now whose photos are still on the way
				err = errors.Join(err, t.forget())
			}
			return err
		}
	case n < 22:
		from, to := w.relayed()
		return from.name + " relays to " + to.name, func() error {
			if err := from.up(); err != nil {
				return err
			}
			return from.relay(to).Once(background)
		}
	case n < 23:
		return "stick", func() error { return t.stick(c) }
	case n < 25:
		return "judge", c.judge
	case n < 26:
		return "say", c.say
	case n < 29 && k != restored:
		return "forget", t.forget
	case n < 30:
		return "kill both", func() error {
			liftLimit() // copies of their files are to be whole
			t.kill()
			c.kill()
			return nil
		}
	case n < 31:
		return "starts", func() error { return c.up() }
	case n < 33:
		return "tend", w.centre.tend
	}
	return "late", func() error { w.net.deliverLate(); return nil }
}

// bury makes an end of whom the fuse killed.
func (w *world) bury() {
	who := w.fuse.victim
	if who != "" {
		w.log("%s was killed", who)
	}
	for _, t := range w.tablets {
		if t.name == who {
			t.kill()
		}
	}
	for _, c := range w.collectors {
		if c.name == who {
			c.kill()
		}
	}
	w.fuse = fuse{left: -1}
}

// passes is how often everybody meets whom he needs before all must have arrived everywhere: what goes up two hops comes down two hops.
const passes = 10

// heal lets everybody meet those whom they need, without mishaps: each tablet one door after the other, each collector whom it relays to.
func (w *world) heal() {
	w.log("healing, %s, %d doors", w.routes.shape, len(w.routes.doors))
	for pass := range passes {
		for _, c := range w.collectors {
			w.must(c.up())
		}
		for range 1 + w.some(4) {
			w.net.deliverLate()
		}
		for i, t := range w.tablets {
			at := w.routes.doors[(i+pass/2)%len(w.routes.doors)]
			if pass == 0 {
				w.must(t.finishSome())
			}
			if _, err := t.sync(at); err != nil {
				w.failf("healed, but %s and %s: %w", t.name, at.name, err)
			}
		}
		w.must(w.centre.tend())
		for _, l := range w.routes.links {
			if err := l[0].relay(l[1]).Once(background); err != nil {
				w.failf("healed, but %s and %s: %w", l[0].name, l[1].name, err)
			}
		}
	}
	for len(w.net.late) > 0 {
		w.net.deliverLate()
	}
}

// finishSome finalizes some of a tablet's drafts.
func (t *tablet) finishSome() error {
	if err := t.up(); err != nil {
		return err
	}
	list, err := t.store.Interviews()
	if err != nil {
		return err
	}
	for _, i := range list {
		if i.State == store.Draft && t.w.chance(3) {
			if err := t.finish(i.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// check looks whether anything was lost.
func (w *world) check() {
	for _, t := range w.tablets {
		t.check()
	}
	w.exactlyOnce()
	all, err := everything(w.centre.archive)
	w.must(err)
	for _, c := range w.collectors {
		other, err := everything(c.archive)
		w.must(err)
		if other != all {
			w.failf("%s differs from the centre:\n%s\n---- centre\n%s", c.name, other, all)
		}
		c.checkPhotos()
		c.check()
	}
}

// check looks whether a tablet has anything left that the centre has not covered.
func (t *tablet) check() {
	left, err := t.store.Left()
	t.w.must(err)
	if left > 0 {
		t.w.failf("%s has %d entries that the centre has not covered", t.name, left)
	}
	n, size, err := t.store.PhotosLeft()
	t.w.must(err)
	if n > 0 {
		t.w.failf("%s has %d photos of %d bytes that the centre has not covered", t.name, n, size)
	}
	n, err = t.store.Back(t.author(), false)
	t.w.must(err)
	if n > 0 {
		t.w.failf("%s had %d drafts without a backup", t.name, n)
	}
	list, err := t.store.Interviews()
	t.w.must(err)
	for _, i := range list {
		switch i.State {
		case store.Draft, store.Sent, store.Approved, store.Returned:
		default:
			t.w.failf("%s: interview %s is %s %s", t.name, i.ID, i.State, i.Reason)
		}
	}
	aside, err := t.store.Aside()
	t.w.must(err)
	if len(aside) > 0 {
		t.w.failf("%s did not understand %d entries", t.name, len(aside))
	}
}

// check looks whether a collector is sound.
func (c *collector) check() {
	findings, err := c.archive.Verify(background)
	c.w.must(err)
	if len(findings) > 0 {
		c.w.failf("%s: %v", c.name, findings)
	}
	aside, err := c.archive.Quarantine(background)
	c.w.must(err)
	if len(aside) > 0 {
		c.w.failf("%s: set aside: %v", c.name, aside)
	}
	stuck, err := c.archive.Stuck(background)
	c.w.must(err)
	if len(stuck) > 0 {
		c.w.failf("%s: stuck: %v", c.name, stuck)
	}
}

// exactlyOnce looks whether the centre has each interview that a tablet finalized once, with every revision of it once.
func (w *world) exactlyOnce() {
	rows := map[uuid.UUID]int{}
	for row, err := range w.centre.archive.Rows(background, formID, "") {
		w.must(err)
		rows[row.Interview]++
	}
	for _, id := range w.made {
		revisions := w.finalized[id]
		if len(revisions) == 0 {
			continue
		}
		if rows[id] != 1 {
			w.failf("LOST: interview %s is there %d times", id, rows[id])
		}
		story, err := w.centre.archive.Story(background, id)
		w.must(err)
		there := map[record.ID]int{}
		for _, step := range story.Steps {
			there[step.Revision.ID]++
		}
		for r := range revisions {
			if there[r] != 1 {
				w.failf("LOST: revision %s of interview %s is there %d times", r, id, there[r])
			}
		}
	}
}
