package transfer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// How much comes down in one answer at most, whatever a client wants; and how much all batches of one request may expand to.
const (
	mostDownEntries = 2048
	mostDownBytes   = 4 << 20
	maxExpanded     = 32 << 20
)

// exchange answers POST /api/v1/exchange: who asks is settled before anything is opened, all batches are opened before any
// is stored, and all are stored before anything is answered.
func (h *handler) exchange(r *http.Request, body []byte) ([]byte, error) {
	parts, err := split(body, maxAsk)
	if err != nil {
		return nil, problem(CodeMalformed, err.Error())
	}
	asked, err := readAsk(parts[0])
	if err != nil {
		return nil, err
	}
	claims, err := h.authenticate(r.Context(), asked, body, r.Header.Get(signatureHeader))
	if err != nil {
		return nil, err
	}
	h.known.meet(claims)
	if asked.Batches && claims.Role != device.Collector {
		return nil, problem(CodeRole, "")
	}
	batches, err := h.open(parts[1:], claims)
	if err != nil {
		return nil, err
	}
	if err := h.archive.Met(r.Context(), claims, asked.At); err != nil {
		return nil, err
	}
	a := answer{V: protocol, Nonce: asked.Nonce, Archive: h.archive.ID(), Name: h.Name, Receipts: [][]device.Run{}}
	if a.renewal, err = h.renewal(r.Context(), asked, claims); err != nil {
		return nil, err
	}
	for i, b := range batches {
		if i < len(asked.Parts) && claims.Role == device.Collector {
			b.Ahead = asked.Parts[i].ahead()
		}
		if err := h.receive(r.Context(), &a, b, asked, claims); err != nil {
			return nil, err
		}
	}
	if len(batches) == 0 && !h.ProjectKey.IsZero() {
		signature, err := device.Receipt{Archive: a.Archive, Device: claims.ID(), Nonce: asked.Nonce}.Signature(h.ProjectKey)
		if err != nil {
			return nil, err
		}
		a.Central = [][]byte{signature}
	}
	if asked.Batches {
		return h.relay(r.Context(), a, asked)
	}
	return h.answer(r.Context(), a, asked, claims)
}

// receive stores a batch and adds to the answer what is said about it. For one that the asking device did not seal itself, the central
// collector's receipt travels as an entry.
func (h *handler) receive(ctx context.Context, a *answer, b *batch.Batch, asked ask, claims device.Claims) error {
	via := "hub"
	if b.Device.ID() == claims.ID() {
		via = "network"
	}
	if claims.Role == device.Collector {
		b.From, b.Up = asked.From, asked.From != ""
	} else if via == "network" {
		ahead := asked.At.Sub(h.Now()).Round(time.Millisecond)
		b.Ahead = &ahead
	}
	if b.Ahead != nil && claims.Role == device.Collector { // by the hub's clock, which is off itself
		sum := *b.Ahead + asked.At.Sub(h.Now()).Round(time.Millisecond)
		b.Ahead = &sum
	}
	receipts, err := h.archive.Receive(ctx, b, via)
	if err != nil {
		return err
	}
	a.Receipts = append(a.Receipts, runs(receipts))
	if h.ProjectKey.IsZero() { // a hub has perhaps told the device already what the centre said, before it could know what about
		if via == "network" {
			again, err := h.archive.Receipts(ctx, b.ID)
			a.again = append(a.again, again...)
			return err
		}
		return nil
	}
	signature, err := Acknowledgement(a.Archive, b.Device.ID(), b.ID, receipts).Signature(h.ProjectKey)
	a.Central = append(a.Central, signature)
	return err
}

func readAsk(b []byte) (ask, error) {
	var asked ask
	if err := json.Unmarshal(b, &asked); err != nil {
		return ask{}, problem(CodeMalformed, "part 0 is no ask")
	}
	if asked.V > protocol {
		return ask{}, problem(CodeNewerVersion, "")
	}
	if asked.V != protocol || !goodNonce(asked.Nonce) || asked.Want.Entries < 0 || asked.Want.Bytes < 0 ||
		len(asked.Cursors) > maxCursors || len(asked.From) > maxArchive {
		return ask{}, problem(CodeMalformed, "part 0 is no ask")
	}
	return asked, nil
}

// authenticate settles who asks: a device that the project certified, whose certificate's time is not over by the collector's
// clock, that signed this very body for this very collector, and is not revoked.
func (h *handler) authenticate(ctx context.Context, asked ask, body []byte, signature string) (device.Claims, error) {
	claims, err := h.certified(asked.Project, asked.Device, asked.Certificate)
	if err != nil {
		return device.Claims{}, err
	}
	raw, err := base64.StdEncoding.DecodeString(signature)
	sum := sha256.Sum256(body)
	if err != nil || !device.Verify(claims.Device, "exchange", sum[:], raw) {
		return device.Claims{}, problem(CodeSignature, "")
	}
	if err := h.meant(asked.To); err != nil {
		return device.Claims{}, err
	}
	return claims, h.standing(ctx, claims)
}

// certified returns the claims of a device that the project certified.
func (h *handler) certified(project string, who device.ID, certificate []byte) (device.Claims, error) {
	if project != h.Project.ID {
		return device.Claims{}, problem(CodeOtherProject, "")
	}
	claims, _, err := h.Trust.Open(device.Certificate(certificate))
	if err != nil || claims.Project != h.Project.ID || claims.ID() != who {
		return device.Claims{}, problem(CodeCertificate, "")
	}
	return claims, nil
}

// standing returns why a device is not let in, whoever it proved to be.
func (h *handler) standing(ctx context.Context, claims device.Claims) error {
	if h.Now().After(claims.Until) {
		return problem(CodeExpired, "")
	}
	if err := h.archive.Standing(ctx, claims.ID()); err != nil && codeOf(err) != codeUnknownDevice {
		return err
	}
	return nil
}

// open opens all batches. Enumerators bring their own; coordinators and collectors may bring those of others.
func (h *handler) open(parts [][]byte, claims device.Claims) ([]*batch.Batch, error) {
	opener := h.opener()
	if claims.Role == device.Collector {
		opener.Limits.Expanded *= 2 // it may relay a file, which holds more than a tablet sends at once
	}
	var out []*batch.Batch
	for _, p := range parts {
		if opener.Limits.Expanded <= 0 {
			return nil, problem(CodeTooLarge, "")
		}
		b, err := opener.Open(bytes.NewReader(p))
		var refused *batch.Error
		if errors.As(err, &refused) {
			return nil, problemOfBatch(refused)
		}
		if err != nil {
			return nil, err
		}
		if b.Device.ID() != claims.ID() && claims.Role == device.Enumerator {
			return nil, problem(CodeNotYours, "")
		}
		for _, e := range b.Entries {
			opener.Limits.Expanded -= int64(len(e.Body))
		}
		out = append(out, b)
	}
	return out, nil
}

func (h *handler) opener() batch.Opener {
	return batch.Opener{Project: h.Project.ID, ProjectKey: h.Project.Key, Trust: h.Trust, Dictionaries: h.archive.Dictionary,
		Limits: batch.Limits{Compressed: maxBody, Expanded: h.expanded}}
}

// problemOfBatch says what a client can do about a refused batch.
func problemOfBatch(e *batch.Error) *Problem {
	switch e.Reason {
	case batch.UnknownDictionary:
		return problem(CodeUnknownDictionary, "")
	case batch.TooLarge:
		return problem(CodeTooLarge, "")
	case batch.NewerVersion:
		return problem(CodeNewerVersion, "")
	case batch.OtherProject:
		return problem(CodeOtherProject, "")
	}
	return problem(CodeBadBatch, string(e.Reason))
}

// answer adds what is new for the device: at most one batch, sealed by this collector.
func (h *handler) answer(ctx context.Context, a answer, asked ask, claims device.Claims) ([]byte, error) {
	n := min(asked.Want.Entries, mostDownEntries)
	size := min(asked.Want.Bytes, mostDownBytes)
	entries, cursor, err := h.archive.Since(ctx, claims, asked.Cursors[h.archive.ID()], n, size)
	if err != nil {
		return nil, err
	}
	a.Cursor = cursor
	if len(entries) > 0 {
		next, _, err := h.archive.Since(ctx, claims, cursor, 1, 1)
		if err != nil {
			return nil, err
		}
		a.More = len(next) > 0
	}
	entries = append(a.again, entries...)
	first, err := h.first(a)
	if err != nil || len(entries) == 0 {
		return join(first), err
	}
	down, err := h.seal(entries)
	return join(first, down), err
}

// relay adds batches as they came, for another collector.
func (h *handler) relay(ctx context.Context, a answer, asked ask) ([]byte, error) {
	n := min(asked.Want.Entries, maxParts-1)
	size := min(asked.Want.Bytes, mostDownBytes)
	list, next, err := h.archive.Batches(ctx, asked.From, asked.Cursors[h.archive.ID()], n, size)
	if err != nil {
		return nil, err
	}
	parts := [][]byte{nil}
	for _, one := range list {
		raw := one.Raw
		if asked.Plain {
			if raw, err = h.opener().Plain(raw); err != nil {
				return nil, err
			}
		}
		parts, a.Parts = append(parts, raw), append(a.Parts, carried{one.Place, milliseconds(one.Ahead)})
	}
	a.Cursor = next
	if len(list) > 0 {
		more, _, err := h.archive.Batches(ctx, asked.From, next, 1, 1)
		if err != nil {
			return nil, err
		}
		a.More = len(more) > 0
	}
	parts[0], err = h.first(a)
	return join(parts...), err
}

// first writes part 0 of an answer.
func (h *handler) first(a answer) ([]byte, error) {
	a.At = h.Now().UTC().Round(0)
	return json.Marshal(a)
}

func (h *handler) seal(entries []record.Entry) ([]byte, error) {
	var b bytes.Buffer
	_, err := h.Sealer.Seal(&b, entries, nil)
	return b.Bytes(), err
}
