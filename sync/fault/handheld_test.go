package fault

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// tabletVariable makes a tablet of the test binary: it holds the order, as JSON.
const tabletVariable = "VEREDA_FAULT_TABLET"

// order is what a tablet's program is to do, and where.
type order struct {
	Store string        `json:"store"`
	Name  string        `json:"name"`
	Seed  uint64        `json:"seed"`
	Ahead time.Duration `json:"ahead"` // its clock
	Times int           `json:"times"` // how many interviews are captured, or changed, before it acts
	Act   string        `json:"act"`   // capture, sync, forget, finish

	Address     string      `json:"address,omitempty"`
	Fingerprint string      `json:"fingerprint,omitempty"`
	Made        []uuid.UUID `json:"made,omitempty"` // interviews that it may dispute
}

// kept is what a tablet says to have kept: a revision that is final, with its files.
type kept struct {
	Interview uuid.UUID               `json:"interview"`
	Revision  record.ID               `json:"revision"`
	Media     map[string]record.Media `json:"media"`
}

// membershipSetting is where a store holds its enrolment.
const membershipSetting = "membership"

// beTablet does what an order says, says on standard output what is kept, and returns the program's exit code.
func beTablet(text string) int {
	var o order
	err := json.Unmarshal([]byte(text), &o)
	if err == nil {
		err = o.obey()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (o order) obey() error {
	var key [32]byte
	copy(key[:], fmt.Sprint(o.Seed, o.Name))
	w := &world{random: rand.New(rand.NewPCG(o.Seed, 6)), bytes: rand.NewChaCha8(key), now: time.Now(), made: o.Made, log: func(string, ...any) {}}
	out := json.NewEncoder(os.Stdout)
	w.kept = func(k kept) { w.must(out.Encode(k)) }
	s, err := store.Open(o.Store)
	if err != nil {
		return err
	}
	defer s.Close()
	m, err := membershipOf(s)
	if err != nil {
		return err
	}
	t := &tablet{w: w, name: o.Name, path: o.Store, ahead: o.Ahead, store: s, client: map[string]*transfer.Client{}, cert: m.Certificate}
	if t.key, err = device.ParseKey(m.Key); err != nil {
		return err
	}
	return o.act(t, m)
}

func membershipOf(s *store.Store) (m transfer.Membership, err error) {
	b, err := s.Setting(membershipSetting)
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	return m, err
}

// act captures, and does what else is ordered.
func (o order) act(t *tablet, m transfer.Membership) error {
	for range o.Times {
		do := pick(t.w, []func() error{t.capture, t.capture, t.correct, t.dispute})
		if err := do(); err != nil {
			return err
		}
	}
	switch o.Act {
	case "capture":
		return nil
	case "finish":
		return t.finishSome()
	case "forget":
		_, err := t.store.Forget(t.clock().AddDate(0, 3, 0))
		return err
	}
	m.Address, m.Fingerprint = o.Address, o.Fingerprint
	client, err := transfer.NewClient(m, transfer.ClientOptions{Now: t.clock, Dictionary: t.dictionaryOf, Drafts: t.backup, Album: t.store})
	if err != nil {
		return err
	}
	defer client.Close()
	_, err = client.Sync(background, t.store, nil)
	return err
}
