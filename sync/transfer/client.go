package transfer

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// Client exchanges with one collector: with whichever answers at its address. Not safe for concurrent use.
type Client struct {
	membership  Membership // as credentials have it
	credentials *credentials
	sealer      batch.Sealer
	opener      batch.Opener
	dictionary  func([]record.Entry) *batch.Dictionary
	drafts      func() error
	now         func() time.Time
	wire        wire
	pace        pace
	unknown     map[uint32]bool // dictionaries that the collector does not have
	archive     string          // that answered last; "" before any did

	album  Album
	photos func() bool
	files  *courier // made when it is first needed
}

// ClientOptions are what a client needs from outside. Zero values mean: no dictionary, no backups, the real clock.
type ClientOptions struct {
	Dictionary func(entries []record.Entry) *batch.Dictionary // for the forms of these entries; nil: none
	Drafts     func() error                                   // puts backups of drafts into the outbox; called once in a Sync, when all else was sent
	Renewed    func(m Membership) error                       // keeps the membership when the project has a new key, durable on return; nil: it is asked for again next time
	Album      Album                                          // the tablet's files; nil: they stay here
	Photos     func() bool                                    // reports whether files of answers may go on this link; nil: they may
	Now        func() time.Time
	Transport  http.RoundTripper // nil: made from the membership's fingerprint
}

// NewClient returns a client. It fails when the membership is damaged, or its address is neither https nor on this
// machine.
func NewClient(m Membership, o ClientOptions) (*Client, error) {
	key, err := device.ParseKey(m.Key)
	if err != nil {
		return nil, err
	}
	if err := CheckAddress(m.Address, m.Fingerprint); err != nil {
		return nil, err
	}
	credentials, err := newCredentials(m, o.Renewed)
	if err != nil {
		return nil, err
	}
	c := &Client{
		membership:  credentials.m,
		credentials: credentials,
		sealer:      batch.Sealer{Project: m.Project.ID, Key: key, Certificate: m.Certificate},
		opener:      batch.Opener{Project: m.Project.ID, Trust: credentials.trust},
		dictionary:  o.Dictionary,
		drafts:      o.Drafts,
		album:       o.Album,
		photos:      o.Photos,
		now:         o.Now,
		wire:        newWire(m.Address, m.Fingerprint, o.Transport),
		pace:        newPace(),
		unknown:     map[uint32]bool{},
	}
	if c.dictionary == nil {
		c.dictionary = func([]record.Entry) *batch.Dictionary { return nil }
	}
	if c.drafts == nil {
		c.drafts = func() error { return nil }
	}
	if c.photos == nil {
		c.photos = func() bool { return true }
	}
	if c.now == nil {
		c.now = time.Now
	}
	return c, nil
}

// Close gives the connection back.
func (c *Client) Close() { c.wire.close() }

// mostAgain is how often an entry may wait again at once for a collector that has answered for it: when the project's centre was restored, what only the
// lost archive had covered is sent again.
const mostAgain = 4

// errStuck says that an outbox gave the same entry again after it was settled.
var errStuck = errors.New("transfer: an entry with a receipt is still in the outbox")

// run is one Sync under way.
type run struct {
	Report
	outbox Outbox
	start  time.Time
	taken  map[uuid.UUID]bool // interviews of which the collector took something
	backed bool               // backups of drafts were made
}

// Sync exchanges until nothing is waiting on either side, and carries files after that. It tells progress after each round trip, and returns what it did so far also
// beside an error. An error is *RetryError (worth trying later: no link, a collector that is busy) or final (revoked, other project).
// progress may be nil.
func (c *Client) Sync(ctx context.Context, o Outbox, progress func(Report)) (Report, error) {
	c.credentials.forward()
	r := &run{outbox: o, start: c.now(), taken: map[uuid.UUID]bool{}}
	type sent struct {
		archive string
		first   record.ID
	}
	var last sent
	again := 0
	for {
		entries, err := o.Pending(c.archive, c.pace.entries, c.pace.bytes)
		if err != nil {
			return r.Report, err
		}
		if len(entries) > 0 && last == (sent{c.archive, entries[0].ID()}) {
			if again++; again == mostAgain {
				return r.Report, errStuck
			}
		} else {
			again = 0
		}
		more, err := c.round(ctx, r, entries)
		if countErr := c.count(r, err == nil && !more); countErr != nil {
			return r.Report, errors.Join(err, countErr)
		}
		if err == nil && len(entries) > 0 {
			last = sent{c.archive, entries[0].ID()}
			c.pace = c.pace.succeeded(r.Waiting > 0)
		}
		tell := func() {
			if progress != nil {
				progress(r.Report)
			}
		}
		tell()
		if err == nil && r.Waiting == 0 && !more {
			more, err = c.media(ctx, r, tell)
		}
		if err != nil || r.Waiting == 0 && !more {
			return r.Report, err
		}
	}
}

// count learns what waits, and how long it will take. When all is sent it is the drafts' turn: what is finished goes first.
func (c *Client) count(r *run, quiet bool) (err error) {
	if r.Waiting, err = r.outbox.Waiting(c.archive); err != nil {
		return err
	}
	if quiet && r.Waiting == 0 && !r.backed {
		r.backed = true
		if err = c.drafts(); err != nil {
			return err
		}
		if r.Waiting, err = r.outbox.Waiting(c.archive); err != nil {
			return err
		}
	}
	r.Remaining = 0
	if done := r.Sent + r.Refused; done > 0 {
		r.Remaining = c.now().Sub(r.start) / time.Duration(done) * time.Duration(r.Waiting)
	}
	return nil
}

// round is one round trip; more when the collector does not know the dictionary or wants less at once. It reports whether
// more is to come down.
func (c *Client) round(ctx context.Context, r *run, entries []record.Entry) (more bool, err error) {
	for {
		dictionary := c.dictionaryFor(entries)
		more, err := c.exchange(ctx, r, entries, dictionary)
		var p *Problem
		switch {
		case err == nil:
			return more, nil
		case !errors.As(err, &p):
			if lostOnTheWay(err) {
				c.pace = c.pace.failed(len(entries))
			}
			return false, err
		case p.Code == CodeCertificate && c.credentials.stepBack(): // who answers has not heard of the new key yet
		case p.Code == CodeUnknownDictionary && dictionary != nil:
			c.unknown[dictionary.ID] = true
		case p.Code == CodeTooLarge && len(entries) == 1 && c.archive == "":
			entries = nil // first it must be known who finds it too large
		case p.Code == CodeTooLarge && len(entries) == 1:
			return true, c.settle(r, record.ID{}, entries, []record.Receipt{{Entry: entries[0].ID(), Status: record.Refused, Reason: CodeTooLarge}}, answer{Archive: c.archive, Name: r.Collector})
		case p.Code == CodeTooLarge && len(entries) > 1:
			c.pace = c.pace.refused(len(entries))
			entries = entries[:len(entries)/2]
		case p.worthRetrying():
			return false, &RetryError{After: p.After, Err: p}
		default:
			return false, p
		}
	}
}

// lostOnTheWay reports whether a request or its answer may have failed for its size: not when nobody was reached.
func lostOnTheWay(err error) bool {
	var retry *RetryError
	var dial *net.OpError
	var pin *PinError
	return errors.As(err, &retry) && !errors.Is(err, context.Canceled) && !(errors.As(err, &dial) && dial.Op == "dial") && !errors.As(err, &pin)
}

func (c *Client) dictionaryFor(entries []record.Entry) *batch.Dictionary {
	if len(entries) == 0 {
		return nil
	}
	d := c.dictionary(entries)
	if d == nil || c.unknown[d.ID] {
		return nil
	}
	return d
}
