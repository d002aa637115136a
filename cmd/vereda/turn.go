package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"sync"

	"vereda/sync/device"
	"vereda/sync/transfer"
)

// turned guards what changes in a collector's identity while it runs: the project's key, and what it signed for this collector. Another
// program may change it: `vereda key rotate`; on a hub, the upstream tells.
type turned struct {
	mu   sync.RWMutex
	last []byte // the setting "identity" as it was read or written last
}

// keys returns the identity as it is now.
func (c *collector) keys() identity {
	c.turned.mu.RLock()
	defer c.turned.mu.RUnlock()
	return c.identity
}

// kept returns the identity as it lies in the archive.
func (c *collector) kept() []byte {
	c.turned.mu.RLock()
	defer c.turned.mu.RUnlock()
	return c.turned.last
}

// refresh reads the identity again: another program may have changed it.
func (c *collector) refresh(ctx context.Context) error {
	b, err := c.archive.Setting(ctx, "identity")
	if err != nil || bytes.Equal(b, c.kept()) {
		return err
	}
	var now identity
	if err := json.Unmarshal(b, &now); err != nil {
		return err
	}
	return c.take(now, b)
}

// take makes an identity count that is kept already. Only what is named here ever changes.
func (c *collector) take(now identity, kept []byte) error {
	c.turned.mu.Lock()
	defer c.turned.mu.Unlock()
	if _, err := c.trust.Learn(now.Rotations); err != nil {
		return err
	}
	c.Project.Key, c.ProjectKey, c.Certificate, c.Rotations, c.Before = now.Project.Key, now.ProjectKey, now.Certificate, now.Rotations, now.Before
	c.turned.last = kept
	return nil
}

// change keeps an identity, and makes it count.
func (c *collector) change(ctx context.Context, now identity) error {
	b, err := json.Marshal(now)
	if err != nil {
		return err
	}
	if err := c.archive.SetSetting(ctx, "identity", b); err != nil {
		return err
	}
	return c.take(now, b)
}

// renew keeps what a hub has learnt from its upstream about the project's key.
func (c *collector) renew(ctx context.Context, m transfer.Membership) error {
	now := c.keys()
	now.Project.Key, now.Rotations, now.Certificate, now.Before = m.Project.Key, m.Rotations, m.Certificate, m.Before
	return c.change(ctx, now)
}

// learn keeps what a hub is told of the project's key by somebody who is no upstream: a stick.
func (c *collector) learn(ctx context.Context, statements [][]byte, fresh device.Certificate) error {
	now := c.keys()
	own, err := device.ParseKey(now.Key)
	if err != nil {
		return err
	}
	m := transfer.Membership{Project: now.Project, Certificate: now.Certificate, Rotations: now.Rotations, Before: now.Before}
	m, news, err := m.Renew(own.ID(), statements, fresh)
	if err != nil || !news {
		return err
	}
	return c.renew(ctx, m)
}

// turning serves with what build makes, and makes it anew whenever the identity has changed.
func (c *collector) turning(build func() (http.Handler, error)) (http.Handler, error) {
	var mu sync.Mutex
	built := c.kept()
	current, err := build()
	if err != nil {
		return nil, err
	}
	newest := func(ctx context.Context) (http.Handler, error) {
		if err := c.refresh(ctx); err != nil {
			return nil, err
		}
		mu.Lock()
		defer mu.Unlock()
		if kept := c.kept(); !bytes.Equal(kept, built) {
			next, err := build()
			if err != nil {
				return nil, err
			}
			current, built = next, kept
		}
		return current, nil
	}
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		handler, err := newest(r.Context())
		if err != nil {
			transfer.Refuse(out, err)
			return
		}
		handler.ServeHTTP(out, r)
	}), nil
}

// attentive serves in knowledge of what another program has changed of the identity.
func (c *collector) attentive(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		_ = c.refresh(r.Context()) // what needs an identity reads or writes the archive, too, and says then that it cannot
		pages.ServeHTTP(out, r)
	})
}
