package stick

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"filippo.io/age"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// Outbox is what a tablet's store gives and takes. Each verb that changes something is one transaction, durable on return.
type Outbox interface {
	// UncoveredAfter returns entries that the centre has not covered, behind a place, and the place behind them; no entries: there are no more.
	UncoveredAfter(place uint64, n, size int) (entries []record.Entry, next uint64, err error)
	// Sealed remembers what a batch holds, for the receipt that may come back for it.
	Sealed(batch record.ID, entries []record.Entry) error
	// Held returns which entries a batch held, in their order; nil when it is not known, or covered.
	Held(batch record.ID) ([]record.ID, error)
	Settle(record.Settlement) error
	Covered(record.Coverage) error
	Cursors() (map[string]uint64, error)
	Accept(entries []record.Entry, archive string, cursor uint64) error

	// UncoveredMedia returns the files that the centre is not known to have, the small ones first.
	UncoveredMedia() ([]record.Media, error)
	Media(id record.ID) (io.ReadCloser, error)
}

// Tablet is a device with its store.
type Tablet struct {
	Outbox     Outbox
	Sealer     batch.Sealer
	Opener     batch.Opener        // of the project; it needs no dictionaries
	Recipients []age.Recipient     // the coordinators'; none: what is written is not encrypted
	Key        *age.X25519Identity // to which answers are encrypted; nil: they are not
	Now        func() time.Time
	Told       func(Step) // nil: nobody

	// Renewed keeps the membership when an answer tells of a new key of the project, durable on return; nil: nothing is learnt of new keys.
	Renewed func(transfer.Membership) error
	member  transfer.Membership
}

// Written says what lies on the stick now.
type Written struct {
	Entries    int
	Interviews int
	Files      int // batch files
	Media      int // photos and other files that answers refer to
	Bytes      int64
	Kept       int // files of those that were there already, as they are
}

func (t Tablet) tell(s Step) {
	if t.Told != nil {
		t.Told(s)
	}
}

// Settings is what a store keeps beside entries.
type Settings interface {
	Setting(name string) ([]byte, error)
	SetSetting(name string, value []byte) error
	ProjectSetting(name string) (json.RawMessage, error)
}

// Store is what NewTablet needs of a tablet's store.
type Store interface {
	Outbox
	Settings
}

// The setting of the project that names the coordinators' public keys, a list of texts "age1…"; and the tablet's own with its private key.
const (
	projectStick = "stick"
	settingKey   = "stick-key"
)

// NewTablet returns a member of a project with its store; absent is the error by which that says that there is no such setting. Where the project
// has files encrypted, it makes the tablet's own key at the first time.
func NewTablet(m transfer.Membership, s Store, absent error, now func() time.Time) (t Tablet, err error) {
	key, err := device.ParseKey(m.Key)
	if err != nil {
		return t, err
	}
	trust, err := device.NewTrust(m.Project, m.Rotations...)
	if err != nil {
		return t, err
	}
	t = Tablet{
		Outbox: s, Now: now, member: m,
		Sealer: batch.Sealer{Project: m.Project.ID, Key: key, Certificate: m.Certificate},
		Opener: batch.Opener{Project: m.Project.ID, Trust: trust},
	}
	value, err := s.ProjectSetting(projectStick)
	var public []string
	if err == nil {
		err = json.Unmarshal(value, &public)
	}
	if err != nil && !errors.Is(err, absent) { // rather nothing than what ought to be encrypted
		return t, fmt.Errorf("stick: the project's setting %q: %w", projectStick, err)
	}
	if t.Recipients, err = ParseRecipients(public); err != nil {
		return t, err
	}
	t.Key, err = ownKey(s, absent, len(t.Recipients) > 0)
	return t, err
}

// ownKey returns the key to which answers to this tablet are encrypted; it is made if need be.
func ownKey(s Settings, absent error, needed bool) (*age.X25519Identity, error) {
	before, err := s.Setting(settingKey)
	switch {
	case err == nil:
		return age.ParseX25519Identity(string(before))
	case !errors.Is(err, absent):
		return nil, err
	case !needed:
		return nil, nil
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	return key, s.SetSetting(settingKey, []byte(key.String()))
}
