package transfer

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// exchange sends one request and keeps what its answer brings: receipts first, then what is new.
func (c *Client) exchange(ctx context.Context, r *run, entries []record.Entry, d *batch.Dictionary) (more bool, err error) {
	cursors, err := r.outbox.Cursors()
	if err != nil {
		return false, err
	}
	sent := c.now()
	asked := c.ask(cursors, sent)
	body, id, err := c.body(asked, entries, d)
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
	c.archive, r.Collector = answered.Archive, answered.Name
	r.ClockAhead = sent.Add(took / 2).Sub(answered.At)
	if err := c.credentials.learn(answered.renewal, c.sealer.Key.ID()); err != nil {
		return false, err
	}
	c.membership = c.credentials.m
	if err := c.settle(r, id, entries, answered.receipts, answered.answer); err != nil {
		return false, err
	}
	if len(entries) == 0 && c.isCentre(asked.Nonce, answered.answer) { // the outbox learns where the centre is, though nothing was sent
		r.Central = true
		met := record.Settlement{Archive: answered.Archive, Name: answered.Name, Device: string(c.sealer.Key.ID()), Central: true, At: c.now()}
		if err := r.outbox.Settle(met); err != nil {
			return false, err
		}
	}
	return answered.More, c.accept(r, cursors[answered.Archive], answered, batches)
}

func (c *Client) ask(cursors map[string]uint64, at time.Time) ask {
	c.sealer.Certificate = c.credentials.certificate()
	return ask{
		V: protocol, Project: c.sealer.Project, Device: c.sealer.Key.ID(), Certificate: json.RawMessage(c.sealer.Certificate),
		Rotations: len(c.credentials.trust.Statements()), To: addressee(c.membership.Fingerprint),
		Cursors: cursors, At: at.Round(time.Millisecond), Nonce: rand.Text()[:16], Want: want{Entries: mostEntries, Bytes: c.pace.bytes},
	}
}

// body makes the body of a request, and returns the ID of the batch in it.
func (c *Client) body(asked ask, entries []record.Entry, d *batch.Dictionary) (body []byte, id record.ID, err error) {
	first, err := json.Marshal(asked)
	if err != nil {
		return nil, id, fmt.Errorf("transfer: ask: %w", err)
	}
	if len(entries) == 0 {
		return join(first), id, nil
	}
	var b bytes.Buffer
	if id, err = c.sealer.Seal(&b, entries, d); err != nil {
		return nil, id, err
	}
	return join(first, b.Bytes()), id, nil
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
	if a.Archive == "" || len(a.Archive) > maxArchive {
		return bad(errors.New("it does not say of which archive"))
	}
	if len(a.Receipts) != min(len(entries), 1) {
		return bad(fmt.Errorf("receipts for %d batches", len(a.Receipts)))
	}
	if a.More && a.Cursor == asked.Cursors[a.Archive] {
		return bad(errors.New("more is to come from where it ends"))
	}
	if len(entries) > 0 {
		if a.receipts, err = receipts(a.Receipts[0], entries); err != nil {
			return bad(err)
		}
	}
	return a, parts[1:], nil
}

// settle hands the answer to a batch to the outbox and counts what became of its entries.
func (c *Client) settle(r *run, id record.ID, entries []record.Entry, all []record.Receipt, a answer) error {
	if len(all) == 0 {
		return nil
	}
	central := c.central(id, all, a)
	err := r.outbox.Settle(record.Settlement{Archive: a.Archive, Name: a.Name, Device: string(c.sealer.Key.ID()), Batch: id, Receipts: all, Central: central, At: c.now()})
	if err != nil {
		return err
	}
	r.Central = r.Central || central
	for i, receipt := range all {
		if receipt.Status == record.Refused {
			r.Refused++
			continue
		}
		r.Sent++
		if revision, err := record.ParseRevision(entries[i].Body); err == nil {
			r.taken[revision.Interview] = true
		}
	}
	r.Interviews = len(r.taken)
	return nil
}

// central reports whether the project's key signed these receipts. A signature that does not fit proves nothing, and spoils nothing: the
// archive has said that it has the entries.
func (c *Client) central(id record.ID, all []record.Receipt, a answer) bool {
	if len(a.Central) != 1 {
		return false
	}
	return c.signed(Acknowledgement(a.Archive, c.sealer.Key.ID(), id, all), a.Central[0])
}

// isCentre reports whether the answer to a request that brought nothing comes from the central collector.
func (c *Client) isCentre(nonce string, a answer) bool {
	return len(a.Central) == 1 && c.signed(device.Receipt{Archive: a.Archive, Device: c.sealer.Key.ID(), Nonce: nonce}, a.Central[0])
}

// signed reports whether the project's key signed a receipt.
func (c *Client) signed(r device.Receipt, signature []byte) bool {
	statement, err := r.Statement(signature)
	if err != nil {
		return false
	}
	_, err = c.credentials.trust.OpenReceipt(statement)
	return err == nil
}

// accept opens the batches that came down and keeps their entries, all together. Central receipts go first, each by itself: they come
// again when the rest cannot be kept.
func (c *Client) accept(r *run, cursor uint64, a answered, batches [][]byte) error {
	var entries []record.Entry
	received := 0
	for _, raw := range batches {
		b, err := c.opener.Open(bytes.NewReader(raw))
		if err != nil {
			return &RetryError{Err: fmt.Errorf("a batch that came down: %w", err)}
		}
		if b.Device.Role != device.Collector && b.Device.Role != device.Coordinator {
			return &RetryError{Err: fmt.Errorf("a batch that came down is signed by %s, who may not", b.Device.ID())}
		}
		received += len(b.Entries)
		for _, e := range b.Entries {
			taken, err := c.cover(r, e)
			if err != nil {
				return err
			}
			if !taken {
				entries = append(entries, e)
			}
		}
	}
	if received == 0 && a.Cursor == cursor {
		return nil
	}
	if err := r.outbox.Accept(entries, a.Archive, a.Cursor); err != nil {
		return err
	}
	r.Received += len(entries)
	return nil
}

// cover hands on what the centre signed; false for an entry that is nothing of the sort.
func (c *Client) cover(r *run, e record.Entry) (bool, error) {
	if e.Kind != record.KindReceipt {
		return false, nil
	}
	coverage, err := ReadReceipt(e.Body, c.credentials.trust.Key())
	if err != nil {
		return false, nil
	}
	if coverage.Device == "" { // it says where the centre is, to all
		coverage.Device = string(c.sealer.Key.ID())
	}
	if coverage.Device != string(c.sealer.Key.ID()) {
		return true, nil // somebody else's
	}
	coverage.At = c.now()
	return true, r.outbox.Covered(coverage)
}

// mostCovered is how many entries a receipt answers for at most: more than any batch holds.
const mostCovered = 1 << 20

// ReadReceipt makes of a central receipt, as it travels in an entry or in a file, what an Outbox takes. It fails for one that the
// project did not sign, or that makes no sense.
func ReadReceipt(statement []byte, project []byte) (record.Coverage, error) {
	r, err := device.OpenReceipt(statement, project)
	if err != nil {
		return record.Coverage{}, err
	}
	c := record.Coverage{Archive: r.Archive, Device: string(r.Device)}
	if r.Archive == "" || len(r.Archive) > maxArchive {
		return c, errors.New("transfer: a receipt of no archive")
	}
	if r.Batch != "" {
		if c.Batch, err = record.ParseID(r.Batch); err != nil {
			return c, err
		}
	}
	for _, run := range r.Runs {
		if run.Count < 1 || run.Count > mostCovered-len(c.Receipts) {
			return c, errors.New("transfer: a receipt for more entries than a batch holds")
		}
		for range run.Count {
			c.Receipts = append(c.Receipts, record.Receipt{Status: record.Status(run.Status), Reason: run.Reason})
		}
	}
	for _, file := range r.Media {
		id, err := record.ParseID(file)
		if err != nil {
			return c, err
		}
		c.Media = append(c.Media, id)
	}
	return c, nil
}
