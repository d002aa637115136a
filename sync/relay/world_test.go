package relay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// tester is what the world needs of a test: *testing.T and *rapid.T have it.
type tester interface {
	Helper()
	Fatal(args ...any)
	Logf(format string, args ...any)
}

var background = context.Background()

// world is a project in the small: collectors with real SQLite archives that answer on loopback, and tablets with real bbolt stores. Time
// stands still unless a script moves it; all that is random comes from one seed.
type world struct {
	t       tester
	dir     string
	random  *rand.ChaCha8
	now     time.Time
	key     device.Key // the project's
	project device.Project

	collectors map[string]*collector
	tablets    map[string]*tablet
	made       int // interviews
}

// collector is a collector of the project; the central one has the project's key.
type collector struct {
	w       *world
	name    string
	dir     string
	central bool
	cannot  string // a form that it cannot read: of a newer version, say
	key     device.Key
	cert    device.Certificate
	ahead   time.Duration // its clock
	archive *archive.Archive
	server  *httptest.Server
	relays  map[string]*relay.Relay // by upstream
	links   map[string]*link
}

// tablet is one device in the field.
type tablet struct {
	key    device.Key
	claims device.Claims
	member transfer.Membership
	store  *store.Store
	ahead  time.Duration // its clock

	dictionary bool // it compresses against the form's
}

func newWorld(t tester, dir string) *world {
	w := &world{t: t, dir: dir, random: rand.NewChaCha8([32]byte{4}), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		collectors: map[string]*collector{}, tablets: map[string]*tablet{}}
	w.key = w.newKey()
	w.project = device.Project{ID: "0193a5b2-7d1c-7000-8000-0000000000aa", Name: "Norte 2026", Key: w.key.Public()}
	return w
}

// close ends everything. It may be called once more.
func (w *world) close() {
	for _, c := range w.collectors {
		c.stop()
	}
	for _, t := range w.tablets {
		t.store.Close()
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) newKey() device.Key {
	k, err := device.NewKey(w.random)
	w.must(err)
	return k
}

// certify makes a member.
func (w *world) certify(key device.Key, name string, role device.Role, replaces ...device.ID) device.Certificate {
	cert, err := device.Issue(w.key, device.Claims{Project: w.project.ID, Device: key.Public(), Name: name, Role: role, Replaces: replaces,
		From: w.now, Until: w.now.AddDate(10, 0, 0)})
	w.must(err)
	return cert
}

// addCollector makes a collector and starts it.
func (w *world) addCollector(name string, central bool, cannot string) *collector {
	c := &collector{w: w, name: name, dir: filepath.Join(w.dir, name), central: central, cannot: cannot, key: w.newKey(), relays: map[string]*relay.Relay{}, links: map[string]*link{}}
	c.cert = w.certify(c.key, name, device.Collector)
	c.start()
	w.collectors[name] = c
	return c
}

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

// start opens the archive and listens.
func (c *collector) start() {
	o := archive.Options{Now: c.clock, Random: c.w.random, Shape: c.shape, Seal: c.seal,
		Receipt: func(b []byte) (device.Receipt, error) { return device.OpenReceipt(b, c.w.project.Key) }}
	who := transfer.Collector{Project: c.w.project, Sealer: c.sealer(), Name: c.name, Now: c.clock, Log: func(err error) { c.w.t.Logf("%s: %v", c.name, err) }}
	if c.central {
		who.ProjectKey = c.w.key
		o.Acknowledge = func(archive string, from device.ID, id record.ID, receipts []record.Receipt) (record.Entry, error) {
			statement, err := device.SignReceipt(c.w.key, transfer.Acknowledgement(archive, from, id, receipts))
			return record.Entry{Kind: record.KindReceipt, Body: statement}, err
		}
		o.AcknowledgeMedia = func(archive string, from device.ID, files []record.ID) (record.Entry, error) {
			statement, err := device.SignReceipt(c.w.key, transfer.CoverFiles(archive, from, files))
			return record.Entry{Kind: record.KindReceipt, Body: statement}, err
		}
	}
	var err error
	c.archive, err = archive.Open(background, c.dir, o)
	c.w.must(err)
	who.Files = c.archive
	who.Uploads, err = c.archive.UploadFolder()
	c.w.must(err)
	c.server = httptest.NewServer(transfer.Handler(c.archive, who))
}

func (c *collector) stop() {
	if c.server != nil {
		c.server.Close()
		c.w.must(c.archive.Close())
	}
	c.server, c.relays = nil, map[string]*relay.Relay{}
}

// shape is that of a form with two questions.
func (c *collector) shape(f record.FormVersion) (archive.Shape, error) {
	if f.Form == c.cannot {
		return archive.Shape{}, errors.New("it cannot run here")
	}
	return archive.Shape{Form: f.Form, Version: f.Version, Title: f.Form, Dictionary: dictionaryOf(f.Form),
		Columns: []archive.Column{{Path: "head", Kind: record.Text}, {Path: "note", Kind: record.Text}}}, nil
}

func dictionaryOf(form string) []byte {
	return []byte(`{"v":1,"interview":"0193a5b2","form":"` + form + `","version":"1","set":{"head":"head of household`)
}

// publish makes a form version at a collector.
func (c *collector) publish(form string) {
	c.w.must(c.archive.Publish(background, record.FormVersion{V: 1, Form: form, Version: "1", Name: form + ".xlsx", Source: []byte("workbook")}))
}

// link is the network between two collectors, and what a script does to its next requests.
type link struct {
	real   http.RoundTripper
	faults []string
}

var errLink = errors.New("the link is gone")

func (l *link) RoundTrip(r *http.Request) (*http.Response, error) {
	fault := ""
	if len(l.faults) > 0 {
		fault, l.faults = l.faults[0], l.faults[1:]
	}
	if fault == "drop-request" {
		return nil, errLink
	}
	if fault == "duplicate" {
		again := r.Clone(r.Context())
		again.Body, _ = r.GetBody()
		response, err := l.real.RoundTrip(again)
		if err != nil {
			return nil, err
		}
		response.Body.Close()
	}
	response, err := l.real.RoundTrip(r)
	if err != nil || fault != "drop-reply" {
		return response, err
	}
	response.Body.Close()
	return nil, errLink
}

// relay returns what keeps a collector and an upstream alike.
func (c *collector) relay(to *collector) *relay.Relay {
	if r := c.relays[to.name]; r != nil {
		return r
	}
	c.links[to.name] = &link{real: http.DefaultTransport}
	m := transfer.Membership{V: 1, Project: c.w.project, Address: to.server.URL, Key: c.key.Marshal(), Certificate: c.cert}
	peer, err := transfer.NewPeer(m, c.archive.ID(), c.clock, c.links[to.name])
	c.w.must(err)
	c.relays[to.name] = relay.New(c.archive, peer, relay.Options{Opener: c.opener(), Now: c.clock, Files: c.archive, Carrier: peer.Carrier()})
	return c.relays[to.name]
}

// addTablet makes a tablet.
func (w *world) addTablet(name string, replaces ...device.ID) *tablet {
	s, err := store.Open(filepath.Join(w.dir, name+".tablet"))
	w.must(err)
	t := &tablet{key: w.newKey(), store: s}
	cert := w.certify(t.key, name, device.Enumerator, replaces...)
	t.claims, err = cert.Open(w.project.Key)
	w.must(err)
	t.member = transfer.Membership{V: 1, Project: w.project, Key: t.key.Marshal(), Certificate: cert}
	w.tablets[name] = t
	return t
}

// push lets a tablet sync with a collector, over a link with faults.
func (w *world) push(t *tablet, c *collector, faults ...string) (transfer.Report, error) {
	m := t.member
	m.Address = c.server.URL
	client, err := transfer.NewClient(m, transfer.ClientOptions{Transport: &link{http.DefaultTransport, faults}, Album: t.store, Now: func() time.Time { return w.now.Add(t.ahead) }, Dictionary: func(entries []record.Entry) *batch.Dictionary {
		if !t.dictionary {
			return nil
		}
		r, err := record.ParseRevision(entries[0].Body)
		w.must(err)
		return batch.NewDictionary(dictionaryOf(r.Form))
	}})
	w.must(err)
	defer client.Close()
	return client.Sync(background, t.store, nil)
}

// interviewID numbers the interviews of a world.
func interviewID(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("0193a5b2-7d1c-7000-8000-%012d", n))
}

// save finalizes one more interview on a tablet, or changes the one with a number.
func (w *world) save(t *tablet, again int, form, note string) {
	at := w.now.Add(t.ahead)
	id := interviewID(again)
	if again == 0 {
		w.made++
		id = interviewID(w.made)
		w.must(t.store.Begin(store.Interview{ID: id, Form: form, Version: "1", State: store.Draft, Created: at, Changed: at}))
	} else {
		w.must(t.store.Reopen(id, at))
	}
	answers := record.Answers{"head": record.NewText("María Quispe"), "note": record.NewText(note)}
	body, err := t.store.Compose(id, store.Author{Device: string(t.key.ID()), By: t.claims.Name, At: at}, answers, nil, true)
	w.must(err)
	r, err := record.Seal(body)
	w.must(err)
	w.must(t.store.Finalize(r))
}

// export writes down all that a collector knows that must not depend on how it came: every row, every conflict, every entry, what stands of
// what was said. Receipts are left out: a second centre, or one that was restored, writes others.
func (c *collector) export() string {
	var b strings.Builder
	versions, err := c.archive.FormVersions(background)
	c.w.must(err)
	slices.SortFunc(versions, func(a, b record.FormVersion) int { return strings.Compare(a.Form, b.Form) })
	for _, f := range versions {
		fmt.Fprintln(&b, "form", f.Form, f.Version)
		for row, err := range c.archive.Rows(background, f.Form, "") {
			c.w.must(err)
			fmt.Fprintln(&b, row.Interview, row.By, row.Final, row.Conflicts, row.Answers["head"], row.Answers["note"])
			story, err := c.archive.Story(background, row.Interview)
			c.w.must(err)
			fmt.Fprintln(&b, " ", story.State, story.Verdict, story.Assignment)
			for _, step := range story.Steps {
				fmt.Fprintln(&b, " ", step.Revision.ID)
			}
		}
	}
	conflicts, err := c.archive.Conflicts(background, "")
	c.w.must(err)
	fmt.Fprintln(&b, conflicts)
	settings, err := c.archive.Settings(background)
	c.w.must(err)
	for _, s := range settings {
		fmt.Fprintln(&b, s.Name, string(s.Value), s.Stands, s.Disputed)
	}
	decisions, err := c.archive.Decisions(background)
	c.w.must(err)
	for _, d := range decisions {
		fmt.Fprintln(&b, d.A, d.B, d.Decision, d.Stands, d.Disputed)
	}
	return b.String()
}

// sound checks that everything a collector made of its entries is right.
func (c *collector) sound() {
	findings, err := c.archive.Verify(background)
	c.w.must(err)
	if len(findings) > 0 {
		c.w.t.Fatal(c.name, findings)
	}
}

// copyFolder copies the files of a folder that no program has open.
func copyFolder(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.CopyFS(to, os.DirFS(from))
}
