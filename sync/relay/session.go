package relay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// How many bytes travel at once, either way: to begin with, at least and at most.
const (
	firstSize = 256 << 10
	leastSize = 16 << 10
	mostSize  = 4 << 20
)

// session is one run of exchanges with the upstream.
type session struct {
	*Relay
	upstream string // its archive; "" before it has answered
	name     string
	most     int  // batches up at once
	plainUp  bool // send the next one without a dictionary: the upstream does not have it
	plain    bool // ask for batches without dictionaries: one that came could not be opened

	pulled, pushed uint64
}

// run exchanges until nothing is left.
func (s *session) run(ctx context.Context) error {
	for {
		done, err := s.round(ctx)
		if err != nil || done {
			return err
		}
	}
}

// round is one round trip, and what follows of it.
func (s *session) round(ctx context.Context) (done bool, err error) {
	cursors, err := s.archive.Cursors(ctx)
	if err != nil {
		return false, err
	}
	s.pulled, s.pushed, err = s.archive.Places(ctx, s.upstream)
	if err != nil {
		return false, err
	}
	up, next, err := s.batchesUp(ctx)
	if err != nil {
		return false, err
	}
	expected := s.upstream
	answer, err := s.peer.Exchange(ctx, transfer.PeerAsk{Cursors: cursors, Up: up, Most: s.size, Plain: s.plain})
	if err != nil {
		return false, s.refused(ctx, up, err)
	}
	s.size, s.most, s.plainUp = min(2*s.size, mostSize), min(2*s.most, transfer.MostRelayed), false
	if answer.Archive == s.archive.ID() {
		return false, ErrItself
	}
	s.upstream, s.name = answer.Archive, answer.Name
	s.mu.Lock()
	s.state.Archive, s.state.Name = answer.Archive, answer.Name
	s.state.Up += len(up)
	s.mu.Unlock()
	if answer.Archive != expected { // met for the first time, or restored: what went up counts for nothing that is known here
		if s.pulled, s.pushed, err = s.archive.Places(ctx, answer.Archive); err != nil {
			return false, err
		}
		next = s.pushed
	} else if err := s.nameRefused(ctx, up, answer); err != nil {
		return false, err
	}
	s.pushed = next
	whole, err := s.take(ctx, answer)
	if noted := s.archive.Reached(ctx, s.upstream, s.name, s.pulled, s.pushed); err == nil {
		err = noted
	}
	if err != nil {
		return false, err
	}
	if !whole || answer.More {
		return false, nil
	}
	rest, next, err := s.archive.Batches(ctx, s.upstream, s.pushed, 1, 1)
	if err == nil && len(rest) == 0 && next > s.pushed { // only what came from there lies behind
		err = s.archive.Reached(ctx, s.upstream, s.name, s.pulled, next)
	}
	return len(rest) == 0, err
}

// batchesUp returns what the upstream is to get next, and the place behind that. Before the upstream is known it gets nothing.
func (s *session) batchesUp(ctx context.Context) ([]batch.Sealed, uint64, error) {
	if s.upstream == "" {
		return nil, 0, nil
	}
	up, next, err := s.archive.Batches(ctx, s.upstream, s.pushed, s.most, s.size)
	if err != nil || !s.plainUp || len(up) == 0 {
		return up, next, err
	}
	up[0].Raw, err = s.options.Opener.Plain(up[0].Raw)
	return up, next, err
}

// refused does what helps when an exchange failed: less at once, one batch by itself, that one without its dictionary, and at last without it.
// It returns nil when that may help, else the error.
func (s *session) refused(ctx context.Context, up []batch.Sealed, err error) error {
	var again *transfer.RetryError
	if errors.As(err, &again) && ctx.Err() == nil {
		s.size = max(s.size/2, leastSize)
		return err
	}
	var p *transfer.Problem
	if !errors.As(err, &p) || len(up) == 0 {
		return err
	}
	switch p.Code {
	case transfer.CodeUnknownDictionary, transfer.CodeTooLarge, transfer.CodeBadBatch, transfer.CodeNewerVersion:
	default:
		return err
	}
	switch {
	case len(up) > 1 && p.Code == transfer.CodeTooLarge:
		s.most = len(up) / 2
		return nil
	case len(up) > 1:
		s.most = 1
		return nil
	case p.Code == transfer.CodeUnknownDictionary && !s.plainUp:
		s.most, s.plainUp = 1, true
		return nil
	}
	one := up[0]
	if err := s.archive.SetAside(ctx, "up", s.upstream, one.Place, one.ID, s.sealer(one), p.Code, nil); err != nil {
		return err
	}
	s.most, s.plainUp = 1, false
	return s.archive.Reached(ctx, s.upstream, s.name, s.pulled, one.Place)
}

// sealer names who sealed a batch, "" when it cannot be opened any more.
func (s *session) sealer(one batch.Sealed) string {
	b, err := s.options.Opener.Open(bytes.NewReader(one.Raw))
	if err != nil {
		return ""
	}
	return string(b.Device.ID())
}

// nameRefused notes the batches of which the upstream refused entries: it says that it does not have them.
func (s *session) nameRefused(ctx context.Context, up []batch.Sealed, answer transfer.PeerAnswer) error {
	for i, runs := range answer.Receipts {
		refused := slices.IndexFunc(runs, func(run device.Run) bool { return run.Status == string(record.Refused) })
		if refused < 0 {
			continue
		}
		one := up[i]
		if err := s.archive.SetAside(ctx, "up", s.upstream, one.Place, one.ID, s.sealer(one), runs[refused].Reason, nil); err != nil {
			return err
		}
	}
	return nil
}

// take stores what came down, in order; pulled moves with it. It reports false when the rest has to be asked for again, without dictionaries.
func (s *session) take(ctx context.Context, answer transfer.PeerAnswer) (whole bool, err error) {
	for _, one := range answer.Down {
		b, err := s.options.Opener.Open(bytes.NewReader(one.Raw))
		var broken *batch.Error
		switch {
		case errors.As(err, &broken) && broken.Reason == batch.UnknownDictionary && !s.plain:
			s.plain = true
			return false, nil
		case errors.As(err, &broken):
			if err := s.archive.SetAside(ctx, "down", s.upstream, one.Place, record.ID{}, "", reasonOf(err), one.Raw); err != nil {
				return false, err
			}
		case err != nil:
			return false, err
		default:
			b.From, b.Ahead = s.upstream, one.Ahead
			if _, err := s.archive.Receive(ctx, b, "hub"); err != nil {
				return false, fmt.Errorf("relay: batch %d of %s: %w", one.Place, s.upstream, err)
			}
			s.mu.Lock()
			s.state.Down++
			s.mu.Unlock()
		}
		s.pulled = one.Place
	}
	s.pulled, s.plain = answer.Cursor, false
	return true, nil
}
