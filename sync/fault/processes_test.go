package fault

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/store"
	"vereda/sync/archive"
)

var programsFlag = flag.Int("fault.programs", 16, "how many rounds with real programs")

// TestNothingIsLostByPrograms lives through rounds with real programs: `vereda serve` for the centre and two hubs, and tablets that are
// programs, too, with proxies between them. They are killed at any moment, also while they start, and their disks are full.
// What is decided comes from the seed; what the programs have done by the moment of a kill does not:
// go test ./sync/fault -run TestNothingIsLostByPrograms -fault.seed SEED -fault.programs 1
func TestNothingIsLostByPrograms(t *testing.T) {
	first, rounds := firstSeed(), *programsFlag
	if testing.Short() {
		rounds = min(rounds, 2)
	}
	t.Logf("-fault.seed=%d", first)
	p, err := prepare()
	if err != nil {
		t.Fatal(err)
	}
	dir, start := t.TempDir(), time.Now()
	seeds, done := make(chan uint64, rounds), sync.WaitGroup{}
	for i := range rounds {
		seeds <- first + uint64(i)
	}
	close(seeds)
	for range 2 { // most of a round is waiting
		done.Go(func() {
			for seed := range seeds {
				story, err := programsRound(p, seed, filepath.Join(dir, fmt.Sprint(seed)))
				if err != nil {
					t.Errorf("-fault.seed=%d: %v\n%s", seed, err, story)
				} else if rounds == 1 {
					t.Log(story)
				}
			}
		})
	}
	done.Wait()
	t.Logf("%d rounds in %.0f s", rounds, time.Since(start).Seconds())
}

// camp is a project of real programs, in one folder.
type camp struct {
	p      prepared
	dir    string
	random *rand.Rand
	disks  []string // mounted
	story  bytes.Buffer

	secure  bool
	centre  *server
	hubs    []*server
	servers []*server // the centre first
	tablets []*handheld
	doors   map[*server]*proxy // by which tablets reach a collector
	ups     []*proxy           // of hubs to their upstream
	chain   bool               // hub2 relays to hub1

	mu sync.Mutex // guards what follows
	due
}

func (c *camp) log(format string, args ...any) { fmt.Fprintf(&c.story, format+"\n", args...) }
func (c *camp) some(n int) int                 { return c.random.IntN(n) }
func (c *camp) chance(n int) bool              { return c.random.IntN(n) == 0 }

// soon is a moment to kill somebody: in the middle of what takes some tens of milliseconds.
func (c *camp) soon() time.Duration {
	return time.Duration(c.random.ExpFloat64() * float64(60*time.Millisecond))
}

func programsRound(p prepared, seed uint64, dir string) (story string, err error) {
	c := &camp{p: p, dir: dir, random: rand.New(rand.NewPCG(seed, 5)), doors: map[*server]*proxy{}, due: newDue()}
	defer func() {
		story = c.story.String()
		for _, s := range c.servers {
			if err != nil {
				story += "\n---- " + s.name + " said:\n" + s.said()
			}
		}
		err = errors.Join(err, c.close())
	}()
	for _, step := range []func(uint64) error{c.pitch, c.live, c.heal, c.check} {
		if err := step(seed); err != nil {
			return "", err
		}
	}
	return "", nil
}

// diskSize is what a collector's disk holds, and the tablets' together: little enough to be filled in no time.
const diskSize = 24 << 20

// disk makes a folder with a disk of its own, and copies into it.
func (c *camp) disk(name, from string) (string, error) {
	folder := filepath.Join(c.dir, name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	mounted, err := smallDisk(folder, diskSize)
	if err != nil {
		return "", err
	}
	if mounted {
		c.disks = append(c.disks, folder)
	}
	data := filepath.Join(folder, "data")
	return data, os.CopyFS(data, os.DirFS(from))
}

// pitch starts everything.
func (c *camp) pitch(seed uint64) error {
	c.secure, c.chain = c.chance(2), c.chance(2)
	c.log("TLS %v, chain %v", c.secure, c.chain)
	for _, name := range []string{"centre", "hub1", "hub2"} {
		if err := c.place(name, c.p.data(name)); err != nil {
			return err
		}
	}
	c.centre, c.hubs = c.servers[0], c.servers[1:]
	for i, s := range c.servers {
		proxy, err := newProxy(rand.New(rand.NewPCG(seed, 100+uint64(i))), s.listens)
		if err != nil {
			return err
		}
		c.doors[s] = proxy
	}
	for i, hub := range c.hubs {
		upstream := c.upstreamOf(hub)
		proxy, err := newProxy(rand.New(rand.NewPCG(seed, 200+uint64(i))), upstream.listens)
		if err != nil {
			return err
		}
		c.ups = append(c.ups, proxy)
	}
	c.equip()
	stores, err := c.disk("tablets", c.p.tablets())
	if err != nil {
		return err
	}
	for _, name := range preparedTablets[:2+c.some(2)] {
		ahead := time.Duration(c.some(24*365*20)-24*365*10) * time.Hour
		c.tablets = append(c.tablets, &handheld{name: name, store: filepath.Join(stores, name), ahead: ahead})
	}
	for _, s := range c.servers {
		if err := s.start(); err != nil {
			return err
		}
	}
	return nil
}

// place makes a collector of a folder that was prepared.
func (c *camp) place(name, from string) error {
	data, err := c.disk(name, from)
	if err != nil {
		return err
	}
	c.servers = append(c.servers, &server{command: c.p.command(), name: name, made: name, dir: data})
	return nil
}

// equip gives the collectors their flags.
func (c *camp) equip() {
	tls := "off"
	if c.secure {
		tls = "on"
	}
	for _, s := range c.servers {
		s.flags = []string{"--tls", tls}
	}
	for i, hub := range c.hubs {
		hub.flags = append(hub.flags, "--upstream", c.url(c.ups[i], c.upstreamOf(hub)))
	}
}

func (c *camp) upstreamOf(hub *server) *server {
	if c.chain && hub == c.hubs[1] {
		return c.hubs[0]
	}
	return c.centre
}

// url is how a collector is reached by a proxy, with its fingerprint.
func (c *camp) url(p *proxy, s *server) string {
	if !c.secure {
		return "http://" + p.address()
	}
	return "https://" + p.address() + "#" + c.p.fingerprints[s.made]
}

// close ends everything.
func (c *camp) close() (err error) {
	for _, s := range c.servers {
		s.end(os.Kill)
	}
	for _, p := range c.doors {
		p.listener.Close()
	}
	for _, p := range c.ups {
		p.listener.Close()
	}
	for _, folder := range c.disks {
		err = errors.Join(err, removeDisk(folder))
	}
	return errors.Join(err, os.RemoveAll(c.dir))
}

// live lets things happen.
func (c *camp) live(seed uint64) error {
	lost := c.some(3) // whose round it is: a hub is destroyed in every third one
	steps := 5 + c.some(4)
	for step := range steps {
		if lost == 0 && step == steps/2 {
			if err := c.destroy(c.hubs[c.some(2)]); err != nil {
				return err
			}
		}
		full := c.fill()
		c.step(seed<<8 + uint64(step))
		for _, name := range full {
			if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		for _, s := range c.servers {
			if !s.runs() && !c.chance(3) {
				c.log("%s starts: %v", s.name, s.start() == nil)
			}
		}
	}
	return nil
}

// fill makes some disks full but for some kilobytes, now and then. It returns the files that do that.
func (c *camp) fill() (names []string) {
	if len(c.disks) == 0 || !c.chance(3) {
		return nil
	}
	for _, folder := range c.disks {
		left := int64(c.some(2) * c.some(200_000))
		if !c.chance(2) {
			continue
		}
		name := filepath.Join(folder, "ballast")
		f, err := os.Create(name)
		if err != nil {
			continue
		}
		names = append(names, name)
		size, piece := int64(0), make([]byte, 64<<10)
		for err == nil {
			var n int
			n, err = f.Write(piece)
			size += int64(n)
		}
		_ = f.Truncate(max(size-left, 0))
		f.Close()
		c.log("the disk %s is full but for %d bytes", filepath.Base(folder), left)
	}
	return names
}

// step lets all tablets do something at the same time, and kills whom it draws meanwhile.
func (c *camp) step(seed uint64) {
	var all sync.WaitGroup
	results := make([]string, len(c.tablets))
	for i, t := range c.tablets {
		o, ctx, cancel := c.draw(seed), background, context.CancelFunc(func() {})
		if c.chance(3) {
			after := c.soon()
			ctx, cancel = context.WithTimeout(ctx, after)
			c.log("%s is killed after %v", t.name, after)
		}
		all.Go(func() {
			defer cancel()
			said, err := t.obey(ctx, o)
			results[i] = fmt.Sprintf("%s: %s: %d kept, %v", t.name, o.Act, len(said), err)
			c.mu.Lock()
			defer c.mu.Unlock()
			for _, k := range said {
				c.add(k)
			}
		})
	}
	for _, s := range c.servers {
		if c.chance(3) {
			c.kill(s, &all)
		}
	}
	all.Wait()
	for _, r := range results {
		c.log("%s", r)
	}
}

// draw returns what a tablet does next.
func (c *camp) draw(seed uint64) order {
	o := order{Seed: seed, Act: "sync", Times: c.some(4)}
	at := c.servers[c.some(len(c.servers))]
	o.Address, o.Fingerprint = c.reach(at)
	switch c.some(8) {
	case 0, 1, 2:
		o.Act, o.Times = "capture", 1+c.some(8)
	case 3:
		o.Act = "forget"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for id := range c.finalized {
		o.Made = append(o.Made, id)
	}
	slices.SortFunc(o.Made, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return o
}

func (c *camp) reach(s *server) (address, fingerprint string) {
	if !c.secure {
		return "http://" + c.doors[s].address(), ""
	}
	return "https://" + c.doors[s].address(), c.p.fingerprints[s.made]
}

// kill kills a collector at some moment of what is going on: after a while, or while it writes; and now and then once more while it starts again.
func (c *camp) kill(s *server, all *sync.WaitGroup) {
	after, writing, again, starting := c.soon(), c.chance(2), c.chance(2), c.soon()
	c.log("%s is killed after %v, while it writes %v, while it starts %v", s.name, after, writing, again)
	all.Go(func() {
		if writing {
			written(filepath.Join(s.dir, "archive.db-wal"), 300*time.Millisecond)
		} else {
			time.Sleep(after)
		}
		s.end(os.Kill)
		if again {
			if _, err := s.launch(); err == nil {
				time.Sleep(starting)
				s.end(os.Kill)
			}
		}
	})
}

// written waits until a file has been written to, or some time is over.
func written(name string, patience time.Duration) {
	changed := func() time.Time {
		i, err := os.Stat(name)
		if err != nil {
			return time.Time{}
		}
		return i.ModTime()
	}
	before, tick := changed(), time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end) && changed().Equal(before); <-tick.C {
	}
}

// destroy takes a hub away with its disk; another computer takes its place.
func (c *camp) destroy(hub *server) error {
	c.log("%s is destroyed", hub.name)
	hub.end(os.Kill)
	if err := os.RemoveAll(hub.dir); err != nil {
		return err
	}
	hub.made = hub.name + "-new"
	c.equip()
	if c.chain && hub == c.hubs[0] {
		c.hubs[1].end(os.Kill) // it starts with the new one as its upstream
	}
	return os.CopyFS(hub.dir, os.DirFS(c.p.data(hub.made)))
}

// heal lets everybody meet whom they need, without mishaps, until nothing waits.
func (c *camp) heal(seed uint64) error {
	for _, p := range append([]*proxy{c.doors[c.centre], c.doors[c.hubs[0]], c.doors[c.hubs[1]]}, c.ups...) {
		p.mend()
	}
	at := c.servers
	if c.chance(2) {
		at = c.hubs[1:]
	}
	c.log("healing at %d doors", len(at))
	for pass := range 10 {
		waits, err := c.healOnce(seed, pass, at)
		if err != nil || !waits && pass > 0 {
			return err
		}
	}
	return errors.New("healed, and something waits yet")
}

// healOnce lets everybody meet once.
func (c *camp) healOnce(seed uint64, pass int, at []*server) (waits bool, err error) {
	c.centre.end(os.Interrupt) // what it does from time to time it does when it starts
	for _, s := range c.servers {
		if s.listens() == "" {
			if err := s.start(); err != nil {
				return false, err
			}
		}
	}
	for i, t := range c.tablets {
		o := order{Seed: seed<<8 + 100 + uint64(pass), Act: "sync"}
		o.Address, o.Fingerprint = c.reach(at[(i+pass)%len(at)])
		acts := []string{"sync"}
		if pass == 0 {
			acts = []string{"finish", "sync"}
		}
		for _, o.Act = range acts {
			said, err := t.obey(background, o)
			for _, k := range said {
				c.add(k)
			}
			if err != nil {
				return false, fmt.Errorf("healed, but %s: %s: %w", t.name, o.Act, err)
			}
		}
		entries, files, err := t.waits()
		if err != nil {
			return false, err
		}
		c.log("pass %d: %s at %s: %d entries and %d files wait", pass, t.name, at[(i+pass)%len(at)].name, entries, files)
		waits = waits || entries+files > 0
	}
	for _, hub := range []*server{c.hubs[1], c.hubs[0], c.hubs[1]} { // up, and down again
		if _, err := c.p.run("relay", "--data", hub.dir); err != nil {
			return false, fmt.Errorf("healed, but %w", err)
		}
	}
	return waits, nil
}

// check looks whether anything was lost, by the command and in the archives themselves.
func (c *camp) check(uint64) error {
	var tables []string
	for _, s := range c.servers {
		s.end(os.Interrupt)
		if found, err := c.p.run("verify", "--data", s.dir); err != nil {
			return fmt.Errorf("%s: %w\n%s", s.name, err, found)
		}
		table, err := c.export(s)
		if err != nil {
			return err
		}
		tables = append(tables, table)
		if table != tables[0] {
			return fmt.Errorf("%s differs from the centre:\n%s\n---- centre\n%s", s.name, table, tables[0])
		}
		if err := c.checkArchive(s); err != nil {
			return err
		}
	}
	for id := range c.finalized {
		if n := bytes.Count([]byte(tables[0]), []byte(id.String())); n == 0 {
			return fmt.Errorf("LOST: interview %s is not in the table", id)
		}
	}
	for _, t := range c.tablets {
		if err := t.opened(checkStore); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}

// export returns a collector's tables.
func (c *camp) export(s *server) (string, error) {
	folder := filepath.Join(c.dir, "out-"+s.name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	_, err := c.p.run("export", "--data", s.dir, "--form", formID, "--format", "csv", "--drafts", "--out", filepath.Join(folder, "out.csv"))
	if err != nil {
		return "", err
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.csv"))
	var all bytes.Buffer
	for _, name := range names {
		b, e := os.ReadFile(name)
		all.Write(b)
		err = errors.Join(err, e)
	}
	return all.String(), err
}

// checkArchive looks whether an archive has all that it must have.
func (c *camp) checkArchive(s *server) (err error) {
	a, err := archive.Open(background, s.dir, archive.Options{Shape: shape})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	for id, revisions := range c.finalized {
		for r := range revisions {
			if _, err := a.Entry(background, r); err != nil {
				return fmt.Errorf("LOST: revision %s of interview %s is not at %s: %w", r, id, s.name, err)
			}
		}
	}
	if err := whole(a, c.photos); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	aside, err := a.Quarantine(background)
	if err == nil && len(aside) > 0 {
		err = fmt.Errorf("%s: set aside: %v", s.name, aside)
	}
	stuck, err2 := a.Stuck(background)
	if err = errors.Join(err, err2); err == nil && len(stuck) > 0 {
		err = fmt.Errorf("%s: stuck: %v", s.name, stuck)
	}
	return err
}

// checkStore looks whether a tablet's store is sound.
func checkStore(s *store.Store) error {
	aside, err := s.Aside()
	if err == nil && len(aside) > 0 {
		err = fmt.Errorf("%d entries were not understood", len(aside))
	}
	list, err2 := s.Interviews()
	for _, i := range list {
		switch i.State {
		case store.Draft, store.Sent, store.Approved, store.Returned:
		default:
			err2 = errors.Join(err2, fmt.Errorf("interview %s is %s %s", i.ID, i.State, i.Reason))
		}
	}
	return errors.Join(err, err2)
}
