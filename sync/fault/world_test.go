package fault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/archive"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/relay"
	"vereda/sync/transfer"
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

	key        device.Key // the project's
	project    device.Project
	centre     *collector
	hubs       []*collector
	collectors []*collector // the centre first
	tablets    []*tablet

	made      []uuid.UUID                      // interviews
	finalized map[uuid.UUID]map[record.ID]bool // revisions that a tablet said were kept
}

// broken is how a round ends that must not go on.
type broken struct{ err error }

func (w *world) must(err error) {
	if err != nil {
		panic(broken{err})
	}
}

func (w *world) failf(format string, args ...any) { panic(broken{fmt.Errorf(format, args...)}) }

func (w *world) log(format string, args ...any) { fmt.Fprintf(&w.story, format+"\n", args...) }

// some returns a whole number below n, chance one time in n whether.
func (w *world) some(n int) int     { return w.random.IntN(n) }
func (w *world) chance(n int) bool  { return w.random.IntN(n) == 0 }
func pick[T any](w *world, l []T) T { return l[w.random.IntN(len(l))] }

func newWorld(seed uint64, dir string) *world {
	var key [32]byte
	copy(key[:], fmt.Sprint(seed))
	w := &world{dir: dir, random: rand.New(rand.NewPCG(seed, 4)), bytes: rand.NewChaCha8(key),
		now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), finalized: map[uuid.UUID]map[record.ID]bool{}}
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

// collector is the central one or a hub.
type collector struct {
	w       *world
	name    string
	address string
	dir     string
	lives   int // how often it was started
	central bool
	key     device.Key
	cert    device.Certificate
	ahead   time.Duration

	archive *archive.Archive // nil: it does not run
	handler http.Handler
	relays  map[string]*relay.Relay
	unsaid  bool // its own coordinators said something since it last reached the centre
}

func (w *world) addCollector(name string, central bool) *collector {
	c := &collector{w: w, name: name, address: fmt.Sprintf("127.0.0.1:%d", 9000+len(w.collectors)), central: central, key: w.newKey(), ahead: w.wrongClock()}
	c.cert = w.certify(c.key, name, device.Collector)
	w.net.hosts[c.address] = func() http.Handler {
		if c.archive == nil || w.fuse.victim == c.name {
			return nil
		}
		return c.handler
	}
	w.collectors = append(w.collectors, c)
	c.fresh()
	return c
}

// fresh gives a collector a new disk.
func (c *collector) fresh() {
	c.dir = c.nextFolder()
	c.w.must(os.MkdirAll(c.dir, 0o700))
	c.w.must(os.WriteFile(filepath.Join(c.dir, "archive.db"), emptyArchive(), 0o600))
	c.w.must(c.open())
	c.w.must(c.archive.Renew(background))
	c.w.must(c.start())
}

func (c *collector) nextFolder() string {
	c.lives++
	return filepath.Join(c.w.dir, fmt.Sprintf("%s-%d", c.name, c.lives))
}

// emptyArchive is the database of an archive that was just made: making one takes longer than all else.
var emptyArchive = sync.OnceValue(func() []byte {
	dir, err := os.MkdirTemp("", "vereda-fault-empty-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	a, err := archive.Open(background, dir, archive.Options{})
	if err == nil {
		err = a.Close()
	}
	b, readErr := os.ReadFile(filepath.Join(dir, "archive.db"))
	if err = errors.Join(err, readErr); err != nil {
		panic(err)
	}
	return b
})

func (c *collector) clock() time.Time { return c.w.now.Add(c.ahead) }

func (c *collector) sealer() batch.Sealer {
	return batch.Sealer{Project: c.w.project.ID, Key: c.key, Certificate: c.cert}
}

func (c *collector) opener() batch.Opener {
	return batch.Opener{Project: c.w.project.ID, ProjectKey: c.w.project.Key, Dictionaries: c.archive.Dictionary}
}

func (c *collector) seal(entries []record.Entry) (*batch.Batch, error) {
	var raw bytes.Buffer
	if _, err := c.sealer().Seal(&raw, entries, nil); err != nil {
		return nil, err
	}
	return c.opener().Open(&raw)
}

// open opens the archive.
func (c *collector) open() (err error) {
	o := archive.Options{Now: c.clock, Random: c.w.bytes, Shape: shape, Seal: c.seal,
		Receipt: func(b []byte) (device.Receipt, error) { return device.OpenReceipt(b, c.w.project.Key) }}
	if c.central {
		o.Acknowledge = func(archive string, from device.ID, id record.ID, receipts []record.Receipt) (record.Entry, error) {
			statement, err := device.SignReceipt(c.w.key, transfer.Acknowledgement(archive, from, id, receipts))
			return record.Entry{Kind: record.KindReceipt, Body: statement}, err
		}
	}
	c.archive, err = archive.Open(background, c.dir, o)
	return err
}

// start begins to answer.
func (c *collector) start() error {
	who := transfer.Collector{Project: c.w.project, Sealer: c.sealer(), Name: c.name, Now: c.clock, Log: func(err error) { c.w.log("    %s: %v", c.name, err) }}
	if c.central {
		who.ProjectKey = c.w.key
	}
	c.handler = transfer.Handler(door{c.archive, &c.w.fuse, c.name}, who)
	c.relays = map[string]*relay.Relay{}
	return c.archive.Announce(background)
}

// up makes sure that a collector runs.
func (c *collector) up() error {
	if c.archive != nil {
		return nil
	}
	if err := c.open(); err != nil {
		c.archive = nil
		return err
	}
	return c.start()
}

// kill ends a collector as SIGKILL does between two writes: nothing is closed, and what lies on the disk is what it finds next time.
func (c *collector) kill() {
	if c.archive == nil {
		return
	}
	next := c.nextFolder()
	c.w.must(os.CopyFS(next, os.DirFS(c.dir)))
	c.w.must(c.archive.Close()) // changes the old folder only
	c.w.must(os.RemoveAll(c.dir))
	c.dir, c.archive = next, nil
}

// relay returns what keeps a collector and an upstream alike.
func (c *collector) relay(to *collector) *relay.Relay {
	if r := c.relays[to.name]; r != nil {
		return r
	}
	m := transfer.Membership{V: 1, Project: c.w.project, Address: "http://" + to.address, Key: c.key.Marshal(), Certificate: c.cert}
	peer, err := transfer.NewPeer(m, c.archive.ID(), c.clock, &c.w.net)
	c.w.must(err)
	c.relays[to.name] = relay.New(door{c.archive, &c.w.fuse, c.name}, peer, relay.Options{Opener: c.opener(), Now: c.clock})
	return c.relays[to.name]
}

// tablet is one device in the field.
type tablet struct {
	w      *world
	name   string
	path   string
	lives  int
	key    device.Key
	cert   device.Certificate
	ahead  time.Duration
	store  *store.Store // nil: it does not run
	client map[string]*transfer.Client

	dictionary bool
}

func (w *world) addTablet(name string) *tablet {
	t := &tablet{w: w, name: name, path: filepath.Join(w.dir, name+"-0"), key: w.newKey(), ahead: w.wrongClock(), dictionary: w.chance(2)}
	t.cert = w.certify(t.key, name, device.Enumerator)
	w.tablets = append(w.tablets, t)
	w.must(t.up())
	return t
}

func (t *tablet) clock() time.Time { return t.w.now.Add(t.ahead) }

func (t *tablet) author() store.Author {
	return store.Author{Device: string(t.key.ID()), By: t.name, At: t.clock()}
}

// up makes sure that a tablet runs.
func (t *tablet) up() (err error) {
	if t.store == nil {
		t.client = map[string]*transfer.Client{}
		t.store, err = store.Open(t.path)
	}
	if err != nil {
		t.store = nil
	}
	return err
}

// kill ends a tablet as collector.kill does.
func (t *tablet) kill() {
	if t.store == nil {
		return
	}
	t.lives++
	next := filepath.Join(t.w.dir, fmt.Sprintf("%s-%d", t.name, t.lives))
	content, err := os.ReadFile(t.path)
	t.w.must(err)
	t.w.must(os.WriteFile(next, content, 0o600))
	t.w.must(t.store.Close())
	t.w.must(os.Remove(t.path))
	t.path, t.store = next, nil
}

// sync lets a tablet exchange with a collector.
func (t *tablet) sync(c *collector) (transfer.Report, error) {
	if err := t.up(); err != nil {
		return transfer.Report{}, err
	}
	client := t.client[c.name]
	if client == nil {
		m := transfer.Membership{V: 1, Project: t.w.project, Address: "http://" + c.address, Key: t.key.Marshal(), Certificate: t.cert}
		var err error
		client, err = transfer.NewClient(m, transfer.ClientOptions{Now: t.clock, Transport: &t.w.net, Dictionary: t.dictionaryOf, Drafts: t.backup})
		t.w.must(err)
		t.client[c.name] = client
	}
	return client.Sync(background, outbox{t.store, &t.w.fuse, t.name}, nil)
}

func (t *tablet) dictionaryOf([]record.Entry) *batch.Dictionary {
	if !t.dictionary {
		return nil
	}
	return batch.NewDictionary(dictionary())
}

func (t *tablet) backup() error {
	_, err := t.store.Back(t.author(), false)
	return err
}
