package transfer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"

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
	batches, err := h.open(parts[1:], claims)
	if err != nil {
		return nil, err
	}
	if err := h.archive.Met(r.Context(), claims.ID(), asked.At); err != nil {
		return nil, err
	}
	a := answer{V: protocol, Nonce: asked.Nonce, Receipts: [][]run{}}
	for _, b := range batches {
		receipts, err := h.archive.Receive(r.Context(), b, "network")
		if err != nil {
			return nil, err
		}
		a.Receipts = append(a.Receipts, runs(receipts))
	}
	return h.answer(r.Context(), a, asked, claims)
}

func readAsk(b []byte) (ask, error) {
	var asked ask
	if err := json.Unmarshal(b, &asked); err != nil {
		return ask{}, problem(CodeMalformed, "part 0 is no ask")
	}
	if asked.V > protocol {
		return ask{}, problem(CodeNewerVersion, "")
	}
	if asked.V != protocol || len(asked.Nonce) > 64 || asked.Want.Entries < 0 || asked.Want.Bytes < 0 {
		return ask{}, problem(CodeMalformed, "part 0 is no ask")
	}
	return asked, nil
}

// authenticate settles who asks: a device that the project certified, whose certificate's time is not over by the collector's
// clock, that signed this very body, and is not revoked.
func (h *handler) authenticate(ctx context.Context, asked ask, body []byte, signature string) (device.Claims, error) {
	if asked.Project != h.Project.ID {
		return device.Claims{}, problem(CodeOtherProject, "")
	}
	claims, err := device.Certificate(asked.Certificate).Open(h.Project.Key)
	if err != nil || claims.Project != h.Project.ID || claims.ID() != asked.Device {
		return device.Claims{}, problem(CodeCertificate, "")
	}
	raw, err := base64.StdEncoding.DecodeString(signature)
	sum := sha256.Sum256(body)
	if err != nil || !device.Verify(claims.Device, "exchange", sum[:], raw) {
		return device.Claims{}, problem(CodeSignature, "")
	}
	if h.Now().After(claims.Until) {
		return device.Claims{}, problem(CodeExpired, "")
	}
	if err := h.archive.Standing(ctx, claims.ID()); err != nil && codeOf(err) != codeUnknownDevice {
		return device.Claims{}, err
	}
	return claims, nil
}

// open opens all batches. Enumerators bring their own; coordinators and collectors may bring those of others.
func (h *handler) open(parts [][]byte, claims device.Claims) ([]*batch.Batch, error) {
	opener := batch.Opener{Project: h.Project.ID, ProjectKey: h.Project.Key, Dictionaries: h.archive.Dictionary,
		Limits: batch.Limits{Compressed: maxBody, Expanded: h.expanded}}
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
	entries, cursor, err := h.archive.Since(ctx, claims, asked.Cursor, n, size)
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
	a.At = h.Now().UTC().Round(0)
	first, err := json.Marshal(a)
	if err != nil || len(entries) == 0 {
		return join(first), err
	}
	down, err := h.seal(entries)
	return join(first, down), err
}

func (h *handler) seal(entries []record.Entry) ([]byte, error) {
	var b bytes.Buffer
	_, err := h.Sealer.Seal(&b, entries, nil)
	return b.Bytes(), err
}
