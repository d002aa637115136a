package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"vereda/sync/device"
)

// renewal is the part of an answer that tells of a project's new key: all changes of it, where who asks knows fewer; and the new
// certificate of who asks with one that a former key signed, where the collector has it.
type renewal struct {
	Rotations   []json.RawMessage `json:"rotations,omitempty"`
	Certificate json.RawMessage   `json:"certificate,omitempty"`
}

// renewal makes it for who has asked so.
func (h *handler) renewal(ctx context.Context, asked ask, claims device.Claims) (r renewal, err error) {
	statements := h.Trust.Statements()
	if len(statements) == 0 {
		return r, nil
	}
	if asked.Rotations < len(statements) {
		for _, s := range statements {
			r.Rotations = append(r.Rotations, s)
		}
	}
	if _, current, err := h.Trust.Open(device.Certificate(asked.Certificate)); current || err != nil {
		return r, err
	}
	fresh, err := Fresh(ctx, h.ProjectKey, h.Certificate, claims)
	r.Certificate = json.RawMessage(fresh)
	return r, err
}

// trusting fills in whom a collector of a project trusts that never changed its key.
func (c Collector) trusting() Collector {
	if c.Trust == nil {
		c.Trust, _ = device.NewTrust(c.Project) // without changes there is nothing that could be wrong
	}
	return c
}

// project is what everybody in the project knows, with the key that counts now.
func (h *handler) project() device.Project {
	p := h.Project
	p.Key = h.Trust.Key()
	return p
}

// ofFormerKey reports whether an enrolment means the project with a key that it had once: an invitation from before.
func (h *handler) ofFormerKey(e enrolment) bool {
	for _, key := range h.Trust.FormerKeys() {
		if device.Verify(e.Key, "enrol", proof(key, e.Code, e.Name), e.Signature) {
			return true
		}
	}
	return false
}

// Refuse answers a request with the problem that an error is, as Handler does.
func Refuse(w http.ResponseWriter, err error) { write(w, nil, problemOf(err)) }

// credentials are with what a device asks, and whom it believes. They are renewed by what collectors tell. Safe for concurrent use.
type credentials struct {
	mu      sync.Mutex
	m       Membership
	trust   *device.Trust
	renewed func(Membership) error // keeps a membership that changed, durable on return; nil: it is not kept
	older   int                    // how many certificates back it asks: collectors that have not heard of a new key want an old one
}

func newCredentials(m Membership, renewed func(Membership) error) (*credentials, error) {
	trust, err := device.NewTrust(m.Project, m.Rotations...)
	if err != nil {
		return nil, err
	}
	m.Project.Key = trust.Key()
	return &credentials{m: m, trust: trust, renewed: renewed}, nil
}

// certificate returns the one to ask with.
func (c *credentials) certificate() device.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.older > 0 {
		return c.m.Before[c.older-1]
	}
	return c.m.Certificate
}

// stepBack turns to the certificate before; false when there is none.
func (c *credentials) stepBack() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.older >= len(c.m.Before) {
		return false
	}
	c.older++
	return true
}

// forward turns to the newest certificate again.
func (c *credentials) forward() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.older = 0
}

// maxBefore is how many old certificates a device keeps.
const maxBefore = 8

// learn takes what an answer tells of new keys, and keeps it before it counts. What does not fit is somebody else's word.
func (c *credentials) learn(told renewal, own device.ID) error {
	if len(told.Rotations) == 0 && len(told.Certificate) == 0 {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	statements := make([][]byte, len(told.Rotations))
	for i, s := range told.Rotations {
		statements[i] = s
	}
	m, news, err := c.m.Renew(own, statements, device.Certificate(told.Certificate))
	if err != nil {
		return &RetryError{Err: err}
	}
	if !news {
		return nil
	}
	if c.renewed != nil {
		if err := c.renewed(m); err != nil {
			return err
		}
	}
	if string(m.Certificate) != string(c.m.Certificate) {
		c.older = 0
	}
	c.m = m
	_, err = c.trust.Learn(m.Rotations)
	return err
}

// Renew returns the membership with what somebody tells of the project's key: all changes of it, from the first, and a new certificate of the device
// own; either may be empty. news tells whether anything of it was new. An error says that it does not go on from what is known, or is not for own:
// nobody's word then. The caller keeps what it returns, durably, before it counts.
func (m Membership) Renew(own device.ID, statements [][]byte, fresh device.Certificate) (renewed Membership, news bool, err error) {
	trust, err := device.NewTrust(m.Project, m.Rotations...)
	if err != nil {
		return m, false, err
	}
	if len(statements) > 0 {
		if news, err = trust.Learn(statements); err != nil {
			return m, false, fmt.Errorf("transfer: what is said of the project's key: %w", err)
		}
	}
	renewed = m
	renewed.Project.Key, renewed.Rotations = trust.Key(), trust.Statements()
	if len(fresh) > 0 && string(fresh) != string(m.Certificate) {
		claims, current, err := trust.Open(fresh)
		if err != nil || !current || claims.ID() != own || claims.Project != m.Project.ID {
			return m, false, errors.New("transfer: a certificate that is not this device's")
		}
		before := append([]device.Certificate{m.Certificate}, m.Before...)
		renewed.Before, renewed.Certificate, news = before[:min(len(before), maxBefore)], fresh, true
	}
	return renewed, news, nil
}

// Fresh returns the certificate by the project's newest key for a device whose own is by a former one: the centre makes it with that key, a hub, whose
// key is zero, has perhaps heard of one from newest, which may be nil. None where there is none.
func Fresh(ctx context.Context, key device.Key, newest func(context.Context, device.ID) (device.Certificate, error), claims device.Claims) (device.Certificate, error) {
	switch {
	case !key.IsZero():
		return device.Issue(key, claims)
	case newest != nil:
		return newest(ctx, claims.ID())
	}
	return nil, nil
}
