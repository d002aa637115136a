package tablet

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"vereda/fyne-app/screen"
	"vereda/sync/discover"
	"vereda/sync/transfer"
)

// How long it is asked who is there, and how long one that was found may take to say who it is.
const (
	browsePatience = 1500 * time.Millisecond
	meetPatience   = 8 * time.Second
)

// neighbours finds collectors on the network that the tablet is in.
type neighbours struct {
	tablet *Tablet
	browse func(context.Context) ([]discover.Found, error)
}

func newNeighbours(t *Tablet) *neighbours {
	return &neighbours{t, func(ctx context.Context) ([]discover.Found, error) { return discover.Browse(ctx, browsePatience) }}
}

// neighbour is a collector that was found, and what it proved.
type neighbour struct {
	discover.Found
	met transfer.Met
	err error // why it is not to be trusted, or did not answer; nil: it is of this project
}

// find asks who is there, and lets each that says it is of this project prove it. One of another project is asked nothing.
func (n *neighbours) find(ctx context.Context, m transfer.Membership) ([]neighbour, error) {
	found, err := n.browse(ctx)
	all := make([]neighbour, len(found))
	var asking sync.WaitGroup
	for i, f := range found {
		all[i].Found = f
		if f.Project != discover.Short(m.Project.ID) {
			all[i].err = &transfer.ForeignError{Project: f.Name}
			continue
		}
		asking.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, meetPatience)
			defer cancel()
			all[i].met, all[i].err = transfer.Meet(ctx, f.Address, m)
		})
	}
	asking.Wait()
	slices.SortStableFunc(all, func(a, b neighbour) int {
		return cmp.Or(cmp.Compare(rank(a.err), rank(b.err)), cmp.Compare(a.Name, b.Name))
	})
	return all, err
}

// rank puts those first that can be sent to.
func rank(err error) int {
	var foreign *transfer.ForeignError
	var unproven *transfer.UnprovenError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &unproven):
		return 1
	case errors.As(err, &foreign):
		return 3
	}
	return 2
}

// nearest returns how to reach a collector of the project on this network; false when there is none.
func (n *neighbours) nearest(ctx context.Context, m transfer.Membership) (transfer.Membership, bool) {
	all, _ := n.find(ctx, m) // where nothing can be found, nothing is
	if len(all) == 0 || all[0].err != nil {
		return m, false
	}
	return reach(m, all[0].met), true
}

// reach is a membership that goes to a collector that was met.
func reach(m transfer.Membership, met transfer.Met) transfer.Membership {
	m.Address, m.Fingerprint = met.Address, met.Fingerprint
	return m
}

// Look finds in the background.
func (n *neighbours) Look(done func([]screen.Neighbour, error)) {
	go func() {
		m, ok := n.tablet.membership()
		if !ok {
			fyne.Do(func() { done(nil, nil) })
			return
		}
		all, err := n.find(context.Background(), m)
		var list []screen.Neighbour
		for _, one := range all {
			state := []screen.NeighbourState{screen.Checked, screen.Unproven, screen.Silent, screen.Foreign}[rank(one.err)]
			name := cmp.Or(one.met.Name, one.Name)
			list = append(list, screen.Neighbour{Name: name, Address: one.Address, State: state, Send: func() { n.tablet.courier.sendTo(reach(m, one.met)) }})
		}
		fyne.Do(func() { done(list, err) })
	}()
}

// sendTo makes the courier go to a collector that was checked, once, now.
func (c *courier) sendTo(m transfer.Membership) {
	c.mu.Lock()
	c.once = &m
	c.mu.Unlock()
	c.Send()
}

// target is where the courier goes this time: its own collector, unless somebody chose another one.
func (c *courier) target(own transfer.Membership) (m transfer.Membership, chosen bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.once == nil {
		return own, false
	}
	m, c.once = *c.once, nil
	return m, true
}

// unreachable reports whether nobody answered, so that somebody nearer may.
func unreachable(err error) bool {
	var problem *transfer.Problem
	var retry *transfer.RetryError
	return errors.As(err, &retry) && !errors.As(err, &problem)
}

// renewAt keeps a membership that was renewed by whomever, with the address that the invitation gave.
func (t *Tablet) renewAt(own transfer.Membership) func(transfer.Membership) error {
	return func(m transfer.Membership) error {
		m.Address, m.Fingerprint = own.Address, own.Fingerprint
		return t.renew(m)
	}
}
