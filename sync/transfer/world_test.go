package transfer_test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/archive"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// world is a project in the small: a collector with a real SQLite archive behind real TLS on loopback, and tablets with real
// bbolt stores. Time stands still unless a script moves it; all that is random comes from one seed.
type world struct {
	t       *testing.T
	random  *rand.ChaCha8
	now     time.Time
	project device.Key
	own     device.Key // the collector's
	name    device.Project
	tls     tls.Certificate
	address string
	pin     string

	dir     string
	archive *archive.Archive
	server  *http.Server
	full    atomic.Bool // the collector's disk
	busy    atomic.Bool
	code    string
	tablets map[string]*tablet
	made    int        // interviews
	limit   int64      // of a proxy before the collector, in bytes; 0: no proxy
	signer  device.Key // with which the collector signs central receipts; zero: it is a hub
}

// tablet is one device in the field.
type tablet struct {
	key        device.Key
	store      *store.Store
	membership transfer.Membership
	client     *transfer.Client
	link       *link
	clock      time.Duration // ahead of true time
	dictionary *batch.Dictionary
	interviews []uuid.UUID
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, random: rand.NewChaCha8([32]byte{1}), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), dir: t.TempDir(), tablets: map[string]*tablet{}}
	w.project, w.own = w.newKey(), w.newKey()
	w.signer = w.project
	w.name = device.Project{ID: "0193a5b2-7d1c-7000-8000-0000000000aa", Name: "Norte 2026", Key: w.project.Public()}
	cert, key, err := transfer.SelfSigned(w.random, time.Now(), []string{"127.0.0.1"})
	w.must(err)
	w.tls, err = tls.X509KeyPair(cert, key)
	w.must(err)
	block, _ := pem.Decode(cert)
	w.pin = transfer.Fingerprint(block.Bytes)
	w.start("127.0.0.1:0")
	w.must(w.archive.Publish(context.Background(), record.FormVersion{V: 1, Form: "household", Version: "1", Name: "household.xlsx", Source: []byte("workbook")}))
	t.Cleanup(func() {
		for _, tablet := range w.tablets {
			tablet.client.Close()
			tablet.store.Close()
		}
		w.stop()
	})
	return w
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

// start opens the archive and listens.
func (w *world) start(address string) {
	var err error
	w.archive, err = archive.Open(context.Background(), w.dir, archive.Options{Now: func() time.Time { return w.now }, Shape: shape})
	w.must(err)
	cert, err := device.Issue(w.project, device.Claims{Project: w.name.ID, Device: w.own.Public(), Name: "collector", Role: device.Collector, From: w.now, Until: w.now.AddDate(10, 0, 0)})
	w.must(err)
	listener, err := net.Listen("tcp", address)
	w.must(err)
	w.address = listener.Addr().String()
	uploads, err := w.archive.UploadFolder()
	w.must(err)
	handler := transfer.Handler(&disk{w.archive, w}, transfer.Collector{
		Project: w.name, Name: "Norte", ProjectKey: w.signer, Sealer: batch.Sealer{Project: w.name.ID, Key: w.own, Certificate: cert},
		Now:     func() time.Time { return w.now },
		Log:     func(err error) { w.t.Log("collector:", err) },
		Files:   w.archive,
		Uploads: uploads,

		Fingerprint: transfer.Fingerprint(w.tls.Certificate[0]),
	})
	w.server = &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if w.limit > 0 && r.ContentLength > w.limit {
			http.Error(out, `{"code":"too-large","message":"the proxy takes less"}`, http.StatusRequestEntityTooLarge)
			return
		}
		handler.ServeHTTP(out, r)
	})}
	go w.server.Serve(tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{w.tls}, MinVersion: tls.VersionTLS13}))
}

func (w *world) stop() {
	w.server.Close()
	w.must(w.archive.Close())
}

// shape is that of the form "household": two questions.
func shape(f record.FormVersion) (archive.Shape, error) {
	return archive.Shape{Form: f.Form, Version: f.Version, Title: "Household", Dictionary: []byte(`{"v":1,"interview":"0193a5b2","form":"household","version":"1","set":{"head":"head of household`),
		Columns: []archive.Column{{Path: "head", Kind: record.Text}, {Path: "note", Kind: record.Text}}}, nil
}

// disk is the archive's disk: it can be full, or busy.
type disk struct {
	*archive.Archive
	w *world
}

func (d *disk) Receive(ctx context.Context, b *batch.Batch, via string) ([]record.Receipt, error) {
	if d.w.full.Load() {
		return nil, fmt.Errorf("receive: %w", archive.ErrFull)
	}
	if d.w.busy.Load() {
		return nil, archive.ErrBusy
	}
	return d.Archive.Receive(ctx, b, via)
}

func (w *world) invitation(code string) device.Invitation {
	return device.Invitation{V: 1, Address: "https://" + w.address, Fingerprint: w.pin, Project: w.project.Public(), Code: code}
}

// enrol makes a tablet.
func (w *world) enrol(name string, i device.Invitation) (*tablet, error) {
	t := w.tablets[name]
	if t == nil {
		s, err := store.Open(filepath.Join(w.t.TempDir(), "tablet.db"))
		w.must(err)
		t = &tablet{key: w.newKey(), store: s, client: new(transfer.Client)}
		w.t.Cleanup(func() { s.Close() })
	}
	m, err := transfer.Enrol(context.Background(), i, t.key, name)
	if err != nil {
		return nil, err
	}
	t.membership = m
	w.tablets[name] = t
	w.connect(t)
	return t, nil
}

// connect makes a tablet's client, as a new start of the app would.
func (w *world) connect(t *tablet) {
	t.link = &link{real: transfer.NewTransport(t.membership.Fingerprint)}
	var err error
	t.client, err = transfer.NewClient(t.membership, transfer.ClientOptions{
		Dictionary: func([]record.Entry) *batch.Dictionary { return t.dictionary },
		Drafts: func() error {
			_, err := t.store.Back(store.Author{Device: string(t.key.ID()), By: "enumerator", At: w.now.Add(t.clock)}, false)
			return err
		},
		Album:     t.store,
		Now:       func() time.Time { return w.now.Add(t.clock) },
		Transport: t.link,
	})
	w.must(err)
}

// save finalizes one more interview on a tablet, or changes one that it has.
func (w *world) save(t *tablet, interview uuid.UUID, form, note string) {
	at := w.now.Add(t.clock)
	author := store.Author{Device: string(t.key.ID()), By: "enumerator", At: at}
	answers := record.Answers{"head": record.NewText("María Quispe"), "note": record.NewText(note)}
	if interview == uuid.Nil {
		w.made++
		interview = uuid.MustParse(fmt.Sprintf("0193a5b2-7d1c-7000-8000-%012d", w.made))
		w.must(t.store.Begin(store.Interview{ID: interview, Form: form, Version: "1", State: store.Draft, Created: at, Changed: at}))
		t.interviews = append(t.interviews, interview)
	} else {
		w.must(t.store.Reopen(interview, at))
	}
	body, err := t.store.Compose(interview, author, answers, nil, true)
	w.must(err)
	r, err := record.Seal(body)
	w.must(err)
	w.must(t.store.Finalize(r))
}

// link is a bad network between one tablet and the collector: real requests over real TLS, and what a script does to them.
type link struct {
	real  http.RoundTripper
	fault string // of the next requests, comma-separated
	held  []*http.Request
	seen  []int // sizes of request bodies
}

func (l *link) RoundTrip(r *http.Request) (*http.Response, error) {
	l.seen = append(l.seen, int(r.ContentLength))
	fault, rest, _ := strings.Cut(l.fault, ",")
	l.fault = rest
	switch fault {
	case "drop-request":
		return nil, errLink
	case "drop-reply":
		return nil, l.lose(r)
	case "hold-request":
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		held := r.Clone(context.Background())
		held.Body = body
		l.held = append(l.held, held)
		return nil, errLink
	case "duplicate":
		again := r.Clone(r.Context())
		again.Body, _ = r.GetBody()
		if err := l.lose(r); err != errLink {
			return nil, err
		}
		return l.real.RoundTrip(again)
	case "cut-request":
		r.Body = http.NoBody
		r.ContentLength = 0
		return l.real.RoundTrip(r)
	case "cut-reply", "flip-reply", "portal":
		return l.spoil(r, fault)
	}
	return l.real.RoundTrip(r)
}

var errLink = fmt.Errorf("the link is gone")

// lose sends a request and throws its answer away.
func (l *link) lose(r *http.Request) error {
	response, err := l.real.RoundTrip(r)
	if err != nil {
		return err
	}
	response.Body.Close()
	return errLink
}

// replaceTLS restarts the collector with another TLS certificate.
func (w *world) replaceTLS(cert, key []byte) {
	var err error
	w.stop()
	w.tls, err = tls.X509KeyPair(cert, key)
	w.must(err)
	w.start(w.address)
}

// randomText returns n letters that do not compress well.
func randomText(random *rand.ChaCha8, n int) string {
	b := make([]byte, n)
	random.Read(b)
	for i := range b {
		b[i] = 'a' + b[i]%26
	}
	return string(b)
}
