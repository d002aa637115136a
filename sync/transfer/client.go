package transfer

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// Client exchanges with one collector. Not safe for concurrent use.
type Client struct {
	membership Membership
	sealer     batch.Sealer
	opener     batch.Opener
	dictionary func([]record.Entry) *batch.Dictionary
	now        func() time.Time
	wire       wire
	pace       pace
	unknown    map[uint32]bool // dictionaries that the collector does not have
}

// ClientOptions are what a client needs from outside. Zero values mean: no dictionary, the real clock.
type ClientOptions struct {
	Dictionary func(entries []record.Entry) *batch.Dictionary // for the forms of these entries; nil: none
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
	if err := checkAddress(m.Address, m.Fingerprint); err != nil {
		return nil, err
	}
	c := &Client{
		membership: m,
		sealer:     batch.Sealer{Project: m.Project.ID, Key: key, Certificate: m.Certificate},
		opener:     batch.Opener{Project: m.Project.ID, ProjectKey: m.Project.Key},
		dictionary: o.Dictionary,
		now:        o.Now,
		wire:       newWire(m.Address, m.Fingerprint, o.Transport),
		pace:       newPace(),
		unknown:    map[uint32]bool{},
	}
	if c.dictionary == nil {
		c.dictionary = func([]record.Entry) *batch.Dictionary { return nil }
	}
	if c.now == nil {
		c.now = time.Now
	}
	return c, nil
}

// Close gives the connection back.
func (c *Client) Close() { c.wire.close() }

// errStuck says that an outbox gave the same entry again after it was settled.
var errStuck = errors.New("transfer: an entry with a receipt is still in the outbox")

// Sync exchanges until nothing is waiting on either side. It tells progress after each round trip, and returns what it did so far also
// beside an error. An error is *RetryError (worth trying later: no link, a collector that is busy) or final (revoked, other project).
// progress may be nil.
func (c *Client) Sync(ctx context.Context, o Outbox, progress func(Report)) (Report, error) {
	var r Report
	var last record.ID
	for {
		entries, err := o.Pending(c.pace.entries, c.pace.bytes)
		if err != nil {
			return r, err
		}
		if len(entries) > 0 && entries[0].ID() == last {
			return r, errStuck
		}
		more, err := c.round(ctx, o, entries, &r)
		waiting, countErr := o.Waiting()
		if countErr != nil {
			return r, errors.Join(err, countErr)
		}
		if err == nil && len(entries) > 0 {
			last = entries[0].ID()
			c.pace = c.pace.succeeded(waiting > 0)
		}
		r.Waiting = waiting
		if progress != nil {
			progress(r)
		}
		if err != nil || waiting == 0 && !more {
			return r, err
		}
	}
}

// round is one round trip; more when the collector does not know the dictionary or wants less at once. It reports whether
// more is to come down.
func (c *Client) round(ctx context.Context, o Outbox, entries []record.Entry, r *Report) (more bool, err error) {
	for {
		dictionary := c.dictionaryFor(entries)
		more, err := c.exchange(ctx, o, entries, dictionary, r)
		var p *Problem
		switch {
		case err == nil:
			return more, nil
		case !errors.As(err, &p):
			if lostOnTheWay(err) {
				c.pace = c.pace.failed(len(entries))
			}
			return false, err
		case p.Code == CodeUnknownDictionary && dictionary != nil:
			c.unknown[dictionary.ID] = true
		case p.Code == CodeTooLarge && len(entries) == 1:
			r.Refused++
			return true, o.Settle([]record.Receipt{{Entry: entries[0].ID(), Status: record.Refused, Reason: CodeTooLarge}})
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

// exchange sends one request and keeps what its answer brings: receipts first, then what is new.
func (c *Client) exchange(ctx context.Context, o Outbox, entries []record.Entry, d *batch.Dictionary, r *Report) (more bool, err error) {
	cursor, err := o.Cursor()
	if err != nil {
		return false, err
	}
	sent := c.now()
	asked := c.ask(cursor, sent)
	body, err := c.body(asked, entries, d)
	if err != nil {
		return false, err
	}
	r.RoundTrips++
	r.BytesUp += int64(len(body))
	got, err := c.wire.post(ctx, "/api/v1/exchange", body, c.signature(body))
	r.BytesDown += int64(len(got))
	if err != nil {
		return false, err
	}
	took := c.now().Sub(sent)
	answered, batches, err := readAnswer(got, asked, entries)
	if err != nil {
		return false, err
	}
	r.ClockAhead = sent.Add(took / 2).Sub(answered.At)
	if err := c.settle(o, answered.receipts, r); err != nil {
		return false, err
	}
	return answered.More, c.accept(o, cursor, answered, batches, r)
}

func (c *Client) ask(cursor uint64, at time.Time) ask {
	return ask{
		V: protocol, Project: c.membership.Project.ID, Device: c.sealer.Key.ID(), Certificate: json.RawMessage(c.membership.Certificate),
		Cursor: cursor, At: at.Round(time.Millisecond), Nonce: rand.Text()[:16], Want: want{Entries: mostEntries, Bytes: c.pace.bytes},
	}
}

// body makes the body of a request.
func (c *Client) body(asked ask, entries []record.Entry, d *batch.Dictionary) ([]byte, error) {
	first, err := json.Marshal(asked)
	if err != nil {
		return nil, fmt.Errorf("transfer: ask: %w", err)
	}
	if len(entries) == 0 {
		return join(first), nil
	}
	var b bytes.Buffer
	if _, err := c.sealer.Seal(&b, entries, d); err != nil {
		return nil, err
	}
	return join(first, b.Bytes()), nil
}

// signature is the value of the header Vereda-Signature.
func (c *Client) signature(body []byte) string {
	return base64.StdEncoding.EncodeToString(sign(c.sealer.Key, body))
}

// answered is an answer that fits its ask.
type answered struct {
	answer
	receipts []record.Receipt
}

// readAnswer checks an answer against what was asked and sent. One that does not fit came from somebody else, or was cut or
// doubled on the way: worth trying again.
func readAnswer(body []byte, asked ask, entries []record.Entry) (answered, [][]byte, error) {
	bad := func(err error) (answered, [][]byte, error) {
		return answered{}, nil, &RetryError{Err: fmt.Errorf("no answer to this request: %w", err)}
	}
	parts, err := split(body, maxAnswer)
	if err != nil {
		return bad(err)
	}
	var a answered
	if err := json.Unmarshal(parts[0], &a.answer); err != nil {
		return bad(err)
	}
	if a.V != protocol || a.Nonce != asked.Nonce {
		return bad(fmt.Errorf("version %d, nonce %q", a.V, a.Nonce))
	}
	if len(a.Receipts) != min(len(entries), 1) {
		return bad(fmt.Errorf("receipts for %d batches", len(a.Receipts)))
	}
	if a.More && a.Cursor == asked.Cursor {
		return bad(errors.New("more is to come from where it ends"))
	}
	if len(entries) > 0 {
		if a.receipts, err = receipts(a.Receipts[0], entries); err != nil {
			return bad(err)
		}
	}
	return a, parts[1:], nil
}

// settle hands receipts to the outbox and counts them.
func (c *Client) settle(o Outbox, all []record.Receipt, r *Report) error {
	if len(all) == 0 {
		return nil
	}
	if err := o.Settle(all); err != nil {
		return err
	}
	for _, receipt := range all {
		if receipt.Status == record.Refused {
			r.Refused++
		} else {
			r.Sent++
		}
	}
	return nil
}

// accept opens the batches that came down and keeps their entries, all together.
func (c *Client) accept(o Outbox, cursor uint64, a answered, batches [][]byte, r *Report) error {
	var entries []record.Entry
	for _, raw := range batches {
		b, err := c.opener.Open(bytes.NewReader(raw))
		if err != nil {
			return &RetryError{Err: fmt.Errorf("a batch that came down: %w", err)}
		}
		if b.Device.Role != device.Collector && b.Device.Role != device.Coordinator {
			return &RetryError{Err: fmt.Errorf("a batch that came down is signed by %s, who may not", b.Device.ID())}
		}
		entries = slices.Concat(entries, b.Entries)
	}
	if len(entries) == 0 && a.Cursor == cursor {
		return nil
	}
	if err := o.Accept(entries, a.Cursor); err != nil {
		return err
	}
	r.Received += len(entries)
	return nil
}
