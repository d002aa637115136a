package fault

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/sync/device"
)

var background = context.Background()

// world is one project, in one folder, with all its chance from one seed.
type world struct {
	dir    string
	random *rand.Rand    // what happens
	bytes  *rand.ChaCha8 // keys and IDs
	now    time.Time     // true time; each has a clock of its own
	net    network
	fuse   fuse
	story  bytes.Buffer // what happened, for people
	log    func(format string, args ...any)

	key        device.Key // the project's
	project    device.Project
	centre     *collector
	hubs       []*collector
	collectors []*collector // the centre first
	tablets    []*tablet
	routes     routes

	made []uuid.UUID // interviews
	kept func(kept)  // told what a tablet says to have kept
	due
}

// due is what must be at the centre in the end.
type due struct {
	finalized map[uuid.UUID]map[record.ID]bool // revisions that a tablet said were kept
	photos    map[record.ID]int64              // files of these, and their sizes
}

func newDue() due { return due{map[uuid.UUID]map[record.ID]bool{}, map[record.ID]int64{}} }

// add notes what a tablet said to have kept.
func (d due) add(k kept) {
	if d.finalized[k.Interview] == nil {
		d.finalized[k.Interview] = map[record.ID]bool{}
	}
	d.finalized[k.Interview][k.Revision] = true
	for _, m := range k.Media {
		d.photos[m.SHA256] = m.Size
	}
}

// broken is how a round ends that must not go on.
type broken struct{ err error }

func (w *world) must(err error) {
	if err != nil {
		panic(broken{err})
	}
}

func (w *world) failf(format string, args ...any) { panic(broken{fmt.Errorf(format, args...)}) }

// some returns a whole number below n, chance one time in n whether.
func (w *world) some(n int) int     { return w.random.IntN(n) }
func (w *world) chance(n int) bool  { return w.random.IntN(n) == 0 }
func pick[T any](w *world, l []T) T { return l[w.random.IntN(len(l))] }

func newWorld(seed uint64, dir string) *world {
	var key [32]byte
	copy(key[:], fmt.Sprint(seed))
	w := &world{dir: dir, random: rand.New(rand.NewPCG(seed, 4)), bytes: rand.NewChaCha8(key),
		now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), due: newDue()}
	w.kept = w.add
	w.log = func(format string, args ...any) { fmt.Fprintf(&w.story, format+"\n", args...) }
	w.net = network{random: w.random, hosts: map[string]host{}, log: w.log}
	w.fuse.left = -1
	w.key = w.newKey()
	w.project = device.Project{ID: "0193a5b2-7d1c-7000-8000-0000000000aa", Name: "Norte 2026", Key: w.key.Public()}
	w.centre = w.addCollector("centre", true)
	w.must(w.centre.archive.Publish(background, published))
	for _, name := range []string{"hub1", "hub2"} {
		w.hubs = append(w.hubs, w.addCollector(name, false))
	}
	for i := range 2 + w.some(3) {
		w.addTablet(fmt.Sprint("tablet", i+1))
	}
	w.lay()
	return w
}

func (w *world) newKey() device.Key {
	k, err := device.NewKey(w.bytes)
	w.must(err)
	return k
}

// certify makes a member.
func (w *world) certify(key device.Key, name string, role device.Role) device.Certificate {
	cert, err := device.Issue(w.key, device.Claims{Project: w.project.ID, Device: key.Public(), Name: name, Role: role,
		From: w.now, Until: w.now.AddDate(100, 0, 0)})
	w.must(err)
	return cert
}

// wrongClock is how far ahead a clock is: most are years off.
func (w *world) wrongClock() time.Duration {
	if w.chance(3) {
		return time.Duration(w.some(240)-120) * time.Second
	}
	return time.Duration(w.some(24*365*40)-24*365*20) * time.Hour
}

// close ends everything, and leaves nothing behind.
func (w *world) close() {
	for _, c := range w.collectors {
		if c.archive != nil {
			c.archive.Close()
		}
	}
	for _, t := range w.tablets {
		if t.store != nil {
			t.store.Close()
		}
	}
	os.RemoveAll(w.dir)
}
