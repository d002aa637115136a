package fault

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"vereda/survey/record"
	"vereda/sync/archive"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/relay"
	"vereda/sync/transfer"
)

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
		o.AcknowledgeMedia = func(archive string, from device.ID, files []record.ID) (record.Entry, error) {
			statement, err := device.SignReceipt(c.w.key, transfer.CoverFiles(archive, from, files))
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
	var err error
	if who.Uploads, err = c.archive.UploadFolder(); err != nil {
		return err
	}
	who.Files = c.door()
	c.handler = transfer.Handler(c.door(), who)
	c.relays = map[string]*relay.Relay{}
	return c.archive.Announce(background)
}

// door is its archive as others see it.
func (c *collector) door() door { return door{c.archive, &c.w.fuse, c.name} }

// up makes sure that a collector runs.
func (c *collector) up() error {
	if c.archive != nil {
		return nil
	}
	if err := c.open(); err != nil {
		c.archive = nil
		return err
	}
	err := c.start()
	if err != nil { // its program ends with a message
		_ = c.archive.Close()
		c.archive = nil
	}
	return err
}

// tend lets a collector do what it does again and again while it runs.
func (c *collector) tend() error {
	if err := c.up(); err != nil {
		return err
	}
	_, err := c.door().CoverMedia(background)
	return err
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
	c.relays[to.name] = relay.New(c.door(), peer, relay.Options{Opener: c.opener(), Now: c.clock, Files: c.door(), Carrier: peer.Carrier()})
	return c.relays[to.name]
}
