package transfer

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"vereda/sync/batch"
	"vereda/sync/device"
)

// Peer asks another collector for the batches it has, and brings it those that this one has, as they came. Safe for concurrent use.
type Peer struct {
	credentials *credentials
	key         device.Key
	own         string // this collector's archive
	now         func() time.Time
	wire        wire
}

// NewPeer returns a peer. m is this collector's membership, with the other's address; own is the ID of this collector's archive.
// now and transport may be nil: the real clock, and a transport made from the membership's fingerprint. It fails as NewClient does.
func NewPeer(m Membership, own string, now func() time.Time, transport http.RoundTripper) (*Peer, error) {
	key, err := device.ParseKey(m.Key)
	if err != nil {
		return nil, err
	}
	if err := CheckAddress(m.Address, m.Fingerprint); err != nil {
		return nil, err
	}
	credentials, err := newCredentials(m, nil)
	if err != nil {
		return nil, err
	}
	if now == nil {
		now = time.Now
	}
	return &Peer{credentials, key, own, now, newWire(m.Address, m.Fingerprint, transport)}, nil
}

// Renewing lets renewed keep this collector's membership, with the other's address, when the project has a new key; it is durable when that
// returns. To be called before any Exchange.
func (p *Peer) Renewing(renewed func(Membership) error) { p.credentials.renewed = renewed }

// Close gives the connection back.
func (p *Peer) Close() { p.wire.close() }

// MostRelayed is how many batches travel in one exchange at most, either way.
const MostRelayed = maxParts - 1

// PeerAsk is what one exchange with another collector brings and wants.
type PeerAsk struct {
	Cursors map[string]uint64 // how far the other's shelf was read, by its archive
	Up      []batch.Sealed    // at most MostRelayed
	Most    int               // bytes that are to come down, about
	Plain   bool              // what comes down is not to be compressed against dictionaries
}

// PeerAnswer is what came of it.
type PeerAnswer struct {
	Archive, Name string         // the other collector's
	Receipts      [][]device.Run // of each batch that went up
	Down          []batch.Sealed // whose IDs are not known before they are opened
	Cursor        uint64         // behind all that came down, in that archive
	More          bool           // there is more to come down
}

// Exchange does one round trip. Errors are as Client.Sync's, or the *Problem that concerns a batch: CodeUnknownDictionary, CodeTooLarge,
// CodeBadBatch, CodeNewerVersion.
func (p *Peer) Exchange(ctx context.Context, a PeerAsk) (PeerAnswer, error) {
	p.credentials.forward()
	for {
		answer, err := p.exchange(ctx, a)
		var refused *Problem
		if !errors.As(err, &refused) || refused.Code != CodeCertificate || !p.credentials.stepBack() {
			return answer, err
		}
	}
}

func (p *Peer) exchange(ctx context.Context, a PeerAsk) (PeerAnswer, error) {
	asked := ask{
		V: protocol, Project: p.credentials.m.Project.ID, Device: p.key.ID(), Certificate: json.RawMessage(p.credentials.certificate()),
		Rotations: len(p.credentials.trust.Statements()), To: addressee(p.credentials.m.Fingerprint),
		Cursors: a.Cursors, At: p.now().Round(time.Millisecond), Nonce: rand.Text()[:16], Want: want{Entries: MostRelayed, Bytes: a.Most},
		Batches: true, Plain: a.Plain, From: p.own,
	}
	parts := [][]byte{nil}
	for _, one := range a.Up {
		parts, asked.Parts = append(parts, one.Raw), append(asked.Parts, carried{Ahead: milliseconds(one.Ahead)})
	}
	var err error
	if parts[0], err = json.Marshal(asked); err != nil {
		return PeerAnswer{}, fmt.Errorf("transfer: ask: %w", err)
	}
	body := join(parts...)
	got, err := p.wire.post(ctx, "/api/v1/exchange", body, base64.StdEncoding.EncodeToString(sign(p.key, body)))
	if err != nil {
		return PeerAnswer{}, peerFailed(err)
	}
	answer, told, err := readPeerAnswer(got, asked, len(a.Up))
	if err == nil {
		err = p.credentials.learn(told, p.key.ID())
	}
	return answer, err
}

// peerFailed makes a *RetryError of a problem that passes by itself, and leaves those to the caller that concern a batch.
func peerFailed(err error) error {
	var p *Problem
	if !errors.As(err, &p) {
		return err
	}
	switch p.Code {
	case CodeUnknownDictionary, CodeTooLarge, CodeBadBatch, CodeNewerVersion:
		return p
	}
	return enrolFailed(err)
}

// readPeerAnswer checks an answer as readAnswer does.
func readPeerAnswer(body []byte, asked ask, up int) (PeerAnswer, renewal, error) {
	bad := func(err error) (PeerAnswer, renewal, error) {
		return PeerAnswer{}, renewal{}, &RetryError{Err: fmt.Errorf("no answer to this request: %w", err)}
	}
	parts, err := split(body, maxAnswer)
	if err != nil {
		return bad(err)
	}
	var a answer
	if err := json.Unmarshal(parts[0], &a); err != nil {
		return bad(err)
	}
	switch {
	case a.V != protocol || a.Nonce != asked.Nonce:
		return bad(fmt.Errorf("version %d, nonce %q", a.V, a.Nonce))
	case a.Archive == "" || len(a.Archive) > maxArchive:
		return bad(errors.New("it does not say of which archive it is"))
	case len(a.Receipts) != up:
		return bad(fmt.Errorf("receipts for %d batches of %d", len(a.Receipts), up))
	case len(a.Parts) != len(parts)-1:
		return bad(fmt.Errorf("%d places for %d batches", len(a.Parts), len(parts)-1))
	case a.More && a.Cursor == asked.Cursors[a.Archive]:
		return bad(errors.New("more is to come from where it ends"))
	}
	out := PeerAnswer{Archive: a.Archive, Name: a.Name, Receipts: a.Receipts, Cursor: a.Cursor, More: a.More}
	for i, c := range a.Parts {
		out.Down = append(out.Down, batch.Sealed{Place: c.Place, Raw: parts[i+1], Ahead: c.ahead()})
	}
	return out, a.renewal, nil
}

// Enrol passes an enrolment on as it came. Errors are *Problem, or *RetryError when nobody was reached.
func (p *Peer) Enrol(ctx context.Context, body []byte) ([]byte, error) {
	return p.wire.post(ctx, "/api/v1/enrol", body, "")
}
