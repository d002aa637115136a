package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/respondent"
	"vereda/survey/store"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// team is the simulated tablets; entries are nil where one could not be made.
type team []*simTablet

// simPlan is what a simulated tablet is made of.
type simPlan struct {
	dir    string
	number int
	seed   int64
	form   string
	forms  *shelf
}

// simTablet is a tablet without a screen: the real engine, the real store, the real wire.
type simTablet struct {
	w        *world
	store    *store.Store
	client   *transfer.Client
	form     *form.Form
	random   *rand.Rand
	village  *village
	author   string
	device   string
	disputed []uuid.UUID // interviews that another tablet will change too
	backoff  *transfer.Backoff

	captured, revisions, sent, retries int
}

// newSimTablet opens a store, enrols, and gets the forms.
func newSimTablet(ctx context.Context, w *world, p simPlan, i device.Invitation) (*simTablet, error) {
	s, err := store.Open(filepath.Join(p.dir, fmt.Sprintf("tablet-%02d.db", p.number)))
	if err != nil {
		return nil, err
	}
	t := &simTablet{
		w: w, store: s, author: fmt.Sprintf("enum%02d", p.number),
		random: rand.New(rand.NewSource(p.seed*1000 + int64(p.number))),
	}
	t.village = newVillage(t.random, t.author)
	t.backoff = transfer.NewBackoff(w.jitter)
	m, err := t.enrol(ctx, i)
	if err != nil {
		return t, err
	}
	t.client, err = transfer.NewClient(m, transfer.ClientOptions{Dictionary: dictionaries(s, p.forms), Drafts: backups(w, s, m), Album: s, Renewed: renewing(s, m), Now: w.now})
	if err != nil {
		return t, err
	}
	if err := t.send(ctx); err != nil {
		return t, err
	}
	return t, t.choose(p)
}

// enrol makes the tablet a member; a store that is kept from an earlier run is one already.
func (t *simTablet) enrol(ctx context.Context, i device.Invitation) (transfer.Membership, error) {
	m, err := membershipOf(t.store)
	if err == nil {
		key, err := device.ParseKey(m.Key)
		t.device = string(key.ID())
		return m, err
	}
	key, err := device.NewKey(t.w.random)
	if err != nil {
		return m, err
	}
	t.device = string(key.ID())
	err = persist(ctx, t.backoff, &t.retries, func() (err error) {
		m, err = transfer.Enrol(ctx, i, key, t.author)
		return err
	})
	if err != nil {
		return m, err
	}
	b, err := json.Marshal(m)
	if err != nil {
		return m, err
	}
	return m, t.store.SetSetting(membership, b)
}

// choose takes the form to work with.
func (t *simTablet) choose(p simPlan) error {
	versions, err := t.store.Forms()
	if err != nil {
		return err
	}
	if p.form == "" && len(versions) > 0 {
		p.form = versions[0].Form
	}
	for _, v := range slices.Backward(versions) { // its newest version
		if v.Form == p.form {
			if v, err = t.store.Form(v.Form, v.Version); err != nil {
				return err
			}
			t.form, err = p.forms.read(v)
			return err
		}
	}
	return fmt.Errorf("the collector has no form %q to work with; `vereda form publish` gives it one", p.form)
}

// env is the world of a session on this tablet.
func (t *simTablet) env() interview.Env {
	return interview.Env{Now: t.w.now, Random: t.random, Device: t.device, Enumerator: t.author}
}

// capture holds one interview, from the first question to the outbox; none any more once somebody wants the command to end.
func (t *simTablet) capture(disputed bool) error {
	if err := t.w.Err(); err != nil {
		return err
	}
	id, err := uuid.NewV7FromReader(t.w.random)
	if err != nil {
		return err
	}
	session, err := interview.Start(t.form, t.env())
	if err != nil {
		return err
	}
	now := t.w.now()
	err = t.store.Begin(store.Interview{ID: id, Form: t.form.ID, Version: t.form.Version, State: store.Draft, Created: now, Changed: now})
	if err != nil {
		return err
	}
	answers, derived := session.Answers(false)
	if err := t.keep(id, interview.Change{Set: answers, Derived: derived}); err != nil {
		return err
	}
	someone := respondent.Respondent{
		Random: t.random, Likely: t.village.next(), Skip: 0.2,
		Keep: func(c interview.Change) error { return t.keep(id, c) },
	}
	if err := someone.Interview(session); err != nil {
		return err
	}
	if disputed {
		t.disputed = append(t.disputed, id)
	}
	t.captured++
	return t.finalize(id, session)
}

// keep makes a change durable.
func (t *simTablet) keep(id uuid.UUID, c interview.Change) error {
	return t.store.Keep(id, store.Changes{Set: c.Set, Derived: c.Derived, Unset: c.Unset, At: t.w.now()})
}

// finalize writes the revision, as the field app does.
func (t *simTablet) finalize(id uuid.UUID, session *interview.Session) error {
	if err := t.keep(id, session.Touch()); err != nil {
		return err
	}
	if problems := session.Problems(t.form.DefaultLanguage); len(problems) > 0 {
		return fmt.Errorf("the simulated respondent left a problem at %s: %s", problems[0].Path, problems[0].Message)
	}
	answers, derived := session.Answers(true)
	body, err := t.store.Compose(id, store.Author{Device: t.device, By: t.author, At: t.w.now()}, answers, derived, true)
	if err != nil {
		return err
	}
	r, err := record.Seal(body)
	if err != nil {
		return err
	}
	t.revisions++
	return t.store.Finalize(r)
}

// send exchanges until nothing waits, again and again while the collector does not answer.
func (t *simTablet) send(ctx context.Context) error {
	r, err := sendAll(ctx, t.client, t.store, t.backoff, &t.retries)
	t.sent += r.Sent
	return err
}

// sendAll syncs until nothing waits or the context ends.
func sendAll(ctx context.Context, c *transfer.Client, s *store.Store, b *transfer.Backoff, retries *int) (transfer.Report, error) {
	var all transfer.Report
	err := persist(ctx, b, retries, func() error {
		r, err := c.Sync(ctx, s, nil)
		all.Sent += r.Sent
		all.Refused += r.Refused
		all.Received += r.Received
		all.BytesUp += r.BytesUp
		all.BytesDown += r.BytesDown
		all.RoundTrips += r.RoundTrips
		all.PhotosSent += r.PhotosSent
		all.PhotosBroken += r.PhotosBroken
		all.Waiting, all.Photos, all.PhotoBytes = r.Waiting, r.Photos, r.PhotoBytes
		all.Collector, all.Central = cmp.Or(r.Collector, all.Collector), all.Central || r.Central
		return err
	})
	return all, err
}

// persist tries again what is worth it, until the context ends; then it returns why it had to be tried again.
func persist(ctx context.Context, b *transfer.Backoff, retries *int, do func() error) error {
	var why error
	for {
		err := do()
		var again *transfer.RetryError
		if err == nil || !errors.As(err, &again) {
			b.Reset()
			return err
		}
		if ctx.Err() != nil {
			return cmp.Or(why, err)
		}
		why = err
		if retries != nil {
			*retries++
		}
		pause := time.NewTimer(max(b.Next(), again.After))
		select {
		case <-ctx.Done():
			pause.Stop()
			return err
		case <-pause.C:
		}
	}
}

// each runs do for all tablets at once.
func (all team) each(do func(n int, t *simTablet) error) error {
	var g errgroup.Group
	for n, t := range all {
		g.Go(func() error { return do(n, t) })
	}
	return g.Wait()
}

func (all team) close() {
	for _, t := range all {
		if t != nil {
			t.store.Close()
		}
	}
}
