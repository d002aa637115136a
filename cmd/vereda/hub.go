package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"vereda/survey/fieldwork"
	"vereda/sync/device"
	"vereda/sync/relay"
	"vereda/sync/transfer"
)

// upstream is how a hub reaches the collector it relays to; kept in the archive's setting "upstream".
type upstream struct {
	Address     string `json:"address"`
	Fingerprint string `json:"fingerprint,omitempty"` // SHA-256 of its TLS certificate; "" where authorities vouch for it
}

// checkUpstream refuses an upstream that could be none. An invitation's link there is one to join by.
func (c *serveCommand) checkUpstream() error {
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(c.Upstream)), "vereda:") {
		if c.Join != "" && c.Join != c.Upstream {
			return usage{errors.New("there are two invitations, with --join and with --upstream: give one")}
		}
		c.Join, c.Upstream = c.Upstream, ""
	}
	if c.Join != "" {
		if _, err := device.ParseLink(c.Join); err != nil {
			return usage{err}
		}
	}
	if c.Upstream == "" {
		return nil
	}
	u := parseUpstream(c.Upstream)
	if err := transfer.CheckAddress(u.Address, u.Fingerprint); err != nil {
		return usage{fmt.Errorf("--upstream takes a URL such as https://collector.example.org, with # and the SHA-256 of its TLS certificate behind it where no authority vouches for it, or an invitation's link (%w)", err)}
	}
	return nil
}

// parseUpstream reads a URL with perhaps a fingerprint behind it.
func parseUpstream(s string) upstream {
	address, fingerprint, _ := strings.Cut(s, "#")
	return upstream{strings.TrimRight(address, "/"), strings.ToLower(fingerprint)}
}

// begin gives a new data folder its identity: a project of its own, or a place in one by an invitation.
func (c *serveCommand) begin(w *world, col *collector) error {
	switch {
	case c.Join != "":
		return col.join(w, c.Join, c.Name)
	case c.Upstream != "":
		return usage{fmt.Errorf("a new hub joins its project by an invitation: make one at the central collector with `vereda invite --role collector --address %s`, and give its link here with --upstream", parseUpstream(c.Upstream).Address)}
	}
	return col.found(w, c.Project, c.Name)
}

// join makes this collector a hub of the project that invites.
func (c *collector) join(w *world, link, name string) error {
	i, err := device.ParseLink(link)
	if err != nil {
		return usage{err}
	}
	own, err := c.joining(w)
	if err != nil {
		return err
	}
	if name == "" {
		name = "hub"
	}
	m, err := transfer.Enrol(w, i, own, name)
	if err != nil {
		return err
	}
	claims, err := m.Certificate.Open(i.Project)
	if err != nil {
		return err
	}
	if claims.Role != device.Collector {
		return usage{fmt.Errorf("the invitation is for %s; a hub needs one made with `vereda invite --role collector`", claims.Role)}
	}
	if err := c.keepUpstream(w, upstream{i.Address, i.Fingerprint}); err != nil {
		return err
	}
	c.identity = identity{V: 1, Project: m.Project, Key: m.Key, Certificate: m.Certificate}
	if err := c.keepIdentity(w); err != nil {
		return err
	}
	return c.archive.SetSetting(w, settingJoining, nil)
}

// settingJoining keeps the key with which this collector asks to be let in: the same one when the answer was lost, since an invitation may be for one.
const settingJoining = "joining"

// joining returns the key of who is about to join.
func (c *collector) joining(w *world) (device.Key, error) {
	kept, err := c.archive.Setting(w, settingJoining)
	if err != nil {
		return device.Key{}, err
	}
	if len(kept) > 0 {
		return device.ParseKey(kept)
	}
	own, err := device.NewKey(w.random)
	if err != nil {
		return own, err
	}
	return own, c.archive.SetSetting(w, settingJoining, own.Marshal())
}

func (c *collector) keepUpstream(ctx context.Context, u upstream) error {
	b, err := json.Marshal(u)
	if err != nil {
		return err
	}
	return c.archive.SetSetting(ctx, "upstream", b)
}

// upstream returns what the command line and the archive say of the upstream; no address: there is none.
func (c *serveCommand) upstream(ctx context.Context, col *collector) (upstream, error) {
	var u upstream
	b, err := col.archive.Setting(ctx, "upstream")
	if err == nil && b != nil {
		err = json.Unmarshal(b, &u)
	}
	if err != nil {
		return u, err
	}
	before := u
	if c.Join != "" {
		i, err := device.ParseLink(c.Join)
		if err != nil {
			return u, usage{err}
		}
		if !i.Project.Equal(col.trust.Key()) {
			return u, usage{fmt.Errorf("the invitation is of another project than the data folder's, %q: choose another folder with --data", col.Project.Name)}
		}
		if !col.central() {
			u = upstream{i.Address, i.Fingerprint}
		}
	}
	if c.Upstream != "" {
		given := parseUpstream(c.Upstream)
		if given.Fingerprint == "" && given.Address == u.Address {
			given.Fingerprint = u.Fingerprint
		}
		u = given
	}
	if u.Address != "" && col.central() {
		return u, usage{errors.New("this collector has the project's key: it is the central one, and has no upstream. To make a hub, choose another folder with --data and give an invitation's link with --upstream")}
	}
	if u != before {
		err = col.keepUpstream(ctx, u)
	}
	return u, err
}

// hub is the part of a running collector that relays.
type hub struct {
	relay *relay.Relay
	peer  *transfer.Peer
	u     upstream
}

// newHub returns what relays to an upstream.
func (c *collector) newHub(w *world, u upstream) (*hub, error) {
	keys := c.keys()
	m := transfer.Membership{V: 1, Project: keys.Project, Address: u.Address, Fingerprint: u.Fingerprint, Key: c.Key, Certificate: keys.Certificate,
		Rotations: keys.Rotations, Before: keys.Before}
	peer, err := transfer.NewPeer(m, c.archive.ID(), w.now, nil)
	if err != nil {
		return nil, err
	}
	peer.Renewing(func(m transfer.Membership) error { return c.renew(w, m) })
	told := &teller{log: slog.New(slog.NewTextHandler(w.err, nil))}
	r := relay.New(c.archive, peer, relay.Options{Opener: c.opener(), Now: w.now, Random: w.jitter, Told: told.tell, Files: c.archive, Carrier: peer.Carrier()})
	return &hub{r, peer, u}, nil
}

// state is the hub's relaying as the dashboard shows it.
func (h *hub) state() fieldwork.Relay {
	s := h.relay.State()
	r := fieldwork.Relay{Upstream: h.u.Address, Name: s.Name, Contact: s.Contact, Next: s.Next, Waiting: s.Waiting}
	if s.Err != nil {
		r.Problem = s.Err.Error()
	}
	return r
}

// teller writes into the log what changed about relaying: not each of a hundred equal failures.
type teller struct {
	log  *slog.Logger
	mu   sync.Mutex
	last string
	up   int
	down int
}

func (t *teller) tell(s relay.State) {
	t.mu.Lock()
	defer t.mu.Unlock()
	failure := ""
	if s.Err != nil {
		failure = s.Err.Error()
	}
	if failure != "" && failure != t.last {
		t.log.Warn("the upstream was not reached", "error", failure, "waiting", s.Waiting)
	}
	if failure == "" && (s.Up != t.up || s.Down != t.down || t.last != "") {
		t.log.Info("relayed", "upstream", s.Name, "up", s.Up-t.up, "down", s.Down-t.down, "waiting", s.Waiting)
		t.up, t.down = s.Up, s.Down
	}
	t.last = failure
}
