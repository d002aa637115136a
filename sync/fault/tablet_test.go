package fault

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

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

	dictionary bool // its batches are compressed against one, which takes much time
}

func (w *world) addTablet(name string) *tablet {
	t := &tablet{w: w, name: name, path: filepath.Join(w.dir, name+"-0"), key: w.newKey(), ahead: w.wrongClock(), dictionary: w.chance(4)}
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
		client, err = transfer.NewClient(m, transfer.ClientOptions{Now: t.clock, Transport: &t.w.net, Dictionary: t.dictionaryOf, Drafts: t.backup,
			Album: outbox{t.store, &t.w.fuse, t.name}})
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
