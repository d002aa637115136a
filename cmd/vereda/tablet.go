package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/batch"
	"vereda/sync/transfer"
)

// tabletCommands look into a tablet's store file, on the tablet itself or copied from it.
type tabletCommands struct {
	Status tabletStatus `cmd:"" help:"Say what a store holds."`
	Send   tabletSend   `cmd:"" help:"Send what waits in a store's outbox."`
	Batch  tabletBatch  `cmd:"" help:"Write what waits in a store's outbox onto a stick, or into a batch file."`
	Read   tabletRead   `cmd:"" help:"Read the answers that a collector wrote onto a stick."`

	Protect   tabletProtect   `cmd:"" help:"Encrypt a store's interviews under a PIN."`
	Unprotect tabletUnprotect `cmd:"" help:"Take a store's PIN away."`
	Recover   tabletRecover   `cmd:"" help:"Open a store whose PIN is forgotten, with a coordinator's code."`
}

// membership is the store's setting that holds the enrolment.
const membership = "membership"

// tabletStatus is `vereda tablet status`.
type tabletStatus struct{ tabletStore }

func (c *tabletStatus) Run(w *world) error {
	s, err := c.open(w)
	if err != nil {
		return err
	}
	defer s.Close()
	interviews, err := s.Interviews()
	if err != nil {
		return err
	}
	waiting, err := s.Waiting("")
	if err != nil {
		return err
	}
	n := map[store.State]int{}
	for _, i := range interviews {
		n[i.State]++
	}
	fmt.Fprintf(w.out, "interviews: %d\n", len(interviews))
	for _, line := range statusLines {
		if n[line.state] > 0 || line.always {
			fmt.Fprintf(w.out, "%s: %d\n", line.text, n[line.state])
		}
	}
	fmt.Fprintf(w.out, "entries in the outbox: %d\n", waiting)
	j, err := s.Journey(time.Time{})
	for _, r := range j.Relays {
		fmt.Fprintf(w.out, "at %s since %s: %d\n", r.Name, r.Since.Format(time.DateOnly), r.Interviews)
	}
	return err
}

// statusLines are what `vereda tablet status` says of interviews, by their state.
var statusLines = []struct {
	state  store.State
	text   string
	always bool
}{
	{store.Draft, "drafts", true},
	{store.Handed, "drafts of another tablet", false},
	{store.Finalized, "finalized, to be sent", true},
	{store.Relayed, "on the way through a hub", false},
	{store.Sent, "sent", true},
	{store.Approved, "approved", false},
	{store.Returned, "returned", false},
	{store.Refused, "refused", true},
}

// tabletSend is `vereda tablet send`.
type tabletSend struct {
	tabletStore
	Server   string        `placeholder:"URL" help:"Address of the collector, when it is not the one of the enrolment."`
	Hold     bool          `help:"Send answers only: photos and other files wait (as on a dear link)."`
	Patience time.Duration `default:"10m" help:"How long to try."`
}

func (c *tabletSend) Run(w *world) error {
	s, m, err := c.member(w)
	if err != nil {
		return err
	}
	defer s.Close()
	renewed := renewing(s, m)
	if c.Server != "" {
		m.Address = c.Server
	}
	client, err := transfer.NewClient(m, transfer.ClientOptions{Dictionary: dictionaries(s, newShelf()), Drafts: backups(w, s, m), Album: s,
		Photos: func() bool { return !c.Hold }, Renewed: renewed, Now: w.now})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(w, c.Patience)
	defer cancel()
	start := w.now()
	r, err := sendAll(ctx, client, s, transfer.NewBackoff(w.jitter), nil)
	fmt.Fprintf(w.out, "sent %d, received %d, refused %d, waiting %d; %d bytes up, %d down, %s in %.1f s\n",
		r.Sent, r.Received, r.Refused, r.Waiting, r.BytesUp, r.BytesDown, count(r.RoundTrips, "round trip"), w.now().Sub(start).Seconds())
	if left, bytes, failed := s.PhotosLeft(); failed == nil && r.PhotosSent+left > 0 {
		fmt.Fprintf(w.out, "photos and other files: %d sent, %d (%d bytes) not at the central collector\n", r.PhotosSent, left, bytes)
	}
	if j, failed := s.Journey(time.Time{}); failed == nil {
		fmt.Fprintf(w.out, "interviews: %d at the central collector, %d on the way, %d not sent\n", j.Central, j.Relayed(), j.Waiting)
	}
	if err != nil && r.Waiting > 0 {
		return outcome{exitPartly, fmt.Sprintf("%s still waiting: %s", entries(r.Waiting), sentence(err))}
	}
	return err
}

// member opens the store of a tablet that belongs to a project.
func (c *tabletStore) member(w *world) (*store.Store, transfer.Membership, error) {
	s, err := c.open(w)
	if err != nil {
		return nil, transfer.Membership{}, err
	}
	m, err := membershipOf(s)
	if err != nil {
		s.Close()
		return nil, m, err
	}
	return s, m, nil
}

// membershipOf reads a store's enrolment.
func membershipOf(s *store.Store) (transfer.Membership, error) {
	var m transfer.Membership
	b, err := s.Setting(membership)
	if errors.Is(err, store.ErrNotFound) {
		return m, errors.New("this store belongs to no project yet: enrol the tablet with an invitation first")
	}
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(b, &m)
}

// renewing returns what keeps a membership that was renewed, with the address that it has.
func renewing(s *store.Store, kept transfer.Membership) func(transfer.Membership) error {
	return func(m transfer.Membership) error {
		m.Address, m.Fingerprint = kept.Address, kept.Fingerprint
		b, err := json.Marshal(m)
		if err != nil {
			return err
		}
		return s.SetSetting(membership, b)
	}
}

// backups returns what makes backups of a store's drafts.
func backups(w *world, s *store.Store, m transfer.Membership) func() error {
	return func() error {
		author, err := authorOf(m, w.now())
		if err == nil {
			_, err = s.Back(author, false)
		}
		return err
	}
}

// authorOf is who writes on a tablet: the person that its certificate names.
func authorOf(m transfer.Membership, at time.Time) (store.Author, error) {
	claims, err := m.Certificate.Unverified()
	return store.Author{Device: string(claims.ID()), By: claims.Name, At: at}, err
}

// dictionaries returns what batches of a store's interviews are compressed against.
func dictionaries(s *store.Store, forms *shelf) func([]record.Entry) *batch.Dictionary {
	return transfer.ByForm(func(id, version string) []byte {
		v, err := s.Form(id, version)
		if err != nil {
			return nil
		}
		f, err := forms.read(v)
		if err != nil {
			return nil
		}
		return f.Dictionary()
	})
}
