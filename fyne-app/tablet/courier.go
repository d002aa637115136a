package tablet

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"vereda/fyne-app/screen"
	"vereda/survey/store"
	"vereda/sync/transfer"
)

// rest is how long the courier waits after everything was sent, until it asks what is new.
const rest = 5 * time.Minute

// courier sends in the background. Its methods may be called from any goroutine.
type courier struct {
	tablet *Tablet
	kick   chan struct{}
	cancel context.CancelFunc
	done   chan struct{}

	mu    sync.Mutex
	state screen.Sync
	show  func(screen.Sync)
	once  *transfer.Membership // where somebody wants it to go the next time; nil: to its own collector
}

func newCourier(t *Tablet) *courier {
	c := &courier{tablet: t, kick: make(chan struct{}, 1)}
	c.state = c.resting(screen.Sync{Last: t.lastSent()})
	return c
}

// Send makes the courier go now.
func (c *courier) Send() {
	select {
	case c.kick <- struct{}{}:
	default: // it is about to go
	}
}

// Sync tells how far it is.
func (c *courier) Sync() screen.Sync {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

func (c *courier) start(show func(screen.Sync)) {
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel, c.done, c.show = cancel, make(chan struct{}), show
	go func() {
		defer close(c.done)
		c.run(ctx)
	}()
}

func (c *courier) stop() {
	if c.cancel != nil {
		c.cancel()
		<-c.done
	}
}

// run goes to the collector whenever it was kicked or has waited long enough.
func (c *courier) run(ctx context.Context) {
	backoff := transfer.NewBackoff(rand.Float64)
	for asked := true; ; {
		wait := c.visit(ctx, backoff, asked)
		var alarm <-chan time.Time
		if wait > 0 {
			alarm = time.After(wait)
		}
		select {
		case <-ctx.Done():
			return
		case <-c.kick:
			asked = true
		case <-alarm:
			asked = false
		}
	}
}

// visit goes to the collector once, and returns how long to wait before the next time; 0: until it is kicked. When nobody asked for
// it, it says nothing before there is something to say.
func (c *courier) visit(ctx context.Context, backoff *transfer.Backoff, asked bool) time.Duration {
	m, ok := c.tablet.membership()
	if !ok {
		c.tell(c.resting(c.Sync()))
		return 0
	}
	to, chosen := c.target(m)
	report, err := c.exchange(ctx, to, asked)
	if !chosen && unreachable(err) && ctx.Err() == nil {
		if near, ok := c.tablet.near.nearest(ctx, m); ok {
			report, err = c.exchange(ctx, near, asked)
		}
	}
	state := c.fromReport(report)
	if err == nil {
		backoff.Reset()
		state.Phase, state.Last, state.Next = screen.Resting, time.Now(), time.Now().Add(rest)
		c.tablet.rememberSent(state.Last)
		c.tell(state)
		c.tablet.tidy(state.Last)
		return rest
	}
	if ctx.Err() != nil {
		return 0
	}
	wait := c.failed(&state, err, backoff)
	c.tell(state)
	return wait
}

// exchange sends and receives until nothing is waiting on either side.
func (c *courier) exchange(ctx context.Context, m transfer.Membership, asked bool) (transfer.Report, error) {
	own, _ := c.tablet.membership()
	client, err := transfer.NewClient(m, transfer.ClientOptions{Dictionary: transfer.ByForm(c.dictionary), Drafts: c.backUp, Album: c.tablet.store, Photos: saver{c.tablet}.Photos, Renewed: c.tablet.renewAt(own), Now: time.Now})
	if err != nil {
		return transfer.Report{}, err
	}
	defer client.Close()
	if asked {
		state := c.fromReport(transfer.Report{})
		state.Phase = screen.Sending
		c.tell(state)
	}
	return client.Sync(ctx, c.tablet.store, func(r transfer.Report) {
		state := c.fromReport(r)
		state.Phase = screen.Sending
		c.tell(state)
	})
}

// failed says why, and returns how long to wait before trying again; 0 where trying again does not mend it.
func (c *courier) failed(s *screen.Sync, err error, backoff *transfer.Backoff) time.Duration {
	var problem *transfer.Problem
	var retry *transfer.RetryError
	refused := errors.As(err, &problem)
	if errors.As(err, &retry) {
		s.Phase = screen.Offline
		if refused {
			s.Phase = screen.Busy
		}
		wait := max(backoff.Next(), retry.After)
		s.Next = time.Now().Add(wait)
		return wait
	}
	s.Phase, s.Failure, s.Detail = screen.Failed, failure(err), err.Error()
	if refused && (problem.Code == transfer.CodeRevoked || problem.Code == transfer.CodeExpired) {
		s.Phase = screen.Revoked
	}
	return 0
}

// failure says of an error what a person can do something about; "" for all else.
func failure(err error) string {
	var problem *transfer.Problem
	var other *transfer.PinError
	switch {
	case errors.Is(err, store.ErrFull):
		return "full"
	case errors.As(err, &other):
		return "stranger"
	case errors.As(err, &problem) && (problem.Code == transfer.CodeOtherProject || problem.Code == transfer.CodeOtherCollector):
		return "stranger"
	case errors.As(err, &problem) && problem.Code == transfer.CodeNewerVersion:
		return "newer"
	}
	return ""
}

// fromReport makes of a report what the pages show.
func (c *courier) fromReport(r transfer.Report) screen.Sync {
	return c.counted(screen.Sync{Up: r.Interviews, Received: r.Received, Remaining: r.Remaining, Last: c.Sync().Last})
}

// counted fills in how far the interviews of this tablet have come.
func (c *courier) counted(s screen.Sync) screen.Sync {
	j, err := c.tablet.store.Journey(time.Now().AddDate(0, 0, -screen.LateDays))
	if err != nil {
		return s // the list of interviews says what is wrong
	}
	s.Left, s.Central, s.Relayed, s.Late = j.Waiting, j.Central, j.Relayed(), j.Late
	s.Photos, s.PhotoBytes, _ = c.tablet.store.PhotosLeft() // what cannot be counted is not said
	if s.Hubs = len(j.Relays); s.Hubs > 0 {
		s.Hub = j.Relays[0].Name
	}
	return s
}

// backUp puts backups of the drafts into the outbox. A draft that is open on the screen goes on undisturbed. On a full disk there are none
// this time, and the answers stay where they are.
func (c *courier) backUp() error {
	_, err := c.tablet.store.Back(store.Author{Device: string(c.tablet.key.ID()), By: c.tablet.name(), At: time.Now()}, false)
	if errors.Is(err, store.ErrFull) {
		return nil
	}
	return err
}

// resting is the state of a courier that has nothing to do.
func (c *courier) resting(s screen.Sync) screen.Sync {
	s = c.counted(s)
	s.Phase = screen.Alone
	if _, ok := c.tablet.membership(); ok {
		s.Phase = screen.Resting
	}
	return s
}

// tell keeps the state and shows it.
func (c *courier) tell(s screen.Sync) {
	c.mu.Lock()
	c.state = s
	show := c.show
	c.mu.Unlock()
	if show != nil {
		fyne.Do(func() { show(s) })
	}
}

// dictionary returns what the dictionary of a form version is made of, nil where the tablet cannot read it.
func (c *courier) dictionary(id, version string) []byte {
	f, err := c.tablet.forms.Form(id, version)
	if err != nil {
		return nil
	}
	return f.Dictionary()
}
