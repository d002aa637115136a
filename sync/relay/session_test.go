package relay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/relay"
	"vereda/sync/transfer"
)

// picky is an upstream that refuses some batches, in its own way each.
type picky struct {
	archive string
	refuses map[record.ID]string // with this code
	got     []record.ID
	asked   int
	down    []batch.Sealed
}

func (p *picky) Exchange(_ context.Context, a transfer.PeerAsk) (transfer.PeerAnswer, error) {
	p.asked++
	for _, one := range a.Up {
		code := p.refuses[one.ID]
		if code == transfer.CodeUnknownDictionary && !bytes.Contains(one.Raw, []byte("vereda")) {
			code = ""
		}
		if code != "" {
			return transfer.PeerAnswer{}, &transfer.Problem{Code: code}
		}
	}
	answer := transfer.PeerAnswer{Archive: p.archive, Name: "picky"}
	for _, one := range a.Up {
		p.got = append(p.got, one.ID)
		answer.Receipts = append(answer.Receipts, nil)
	}
	for _, one := range p.down {
		if one.Place > a.Cursors[p.archive] {
			answer.Down = append(answer.Down, one)
		}
		answer.Cursor = one.Place
	}
	return answer, nil
}

// A batch that the upstream will not have, for whatever reason, is set aside and named; everything else goes up, once.
func TestWhatTheUpstreamRefusesStopsNothing(t *testing.T) {
	w := newWorld(t, t.TempDir())
	defer w.close()
	hub := w.addCollector("hub", false, "")
	hub.publish("household")
	ana := w.addTablet("ana")
	for range 6 {
		w.save(ana, 0, "household", "as found")
		_, err := w.push(ana, hub)
		w.must(err)
	}
	list, _, err := hub.archive.Batches(background, "", 0, 100, 1<<20)
	w.must(err)
	up := &picky{archive: "up", refuses: map[record.ID]string{list[1].ID: transfer.CodeBadBatch, list[3].ID: transfer.CodeTooLarge, list[6].ID: transfer.CodeNewerVersion}}
	r := relay.New(hub.archive, up, relay.Options{Opener: hub.opener(), Now: hub.clock})
	w.must(r.Once(background))
	w.must(r.Once(background))
	if want := []record.ID{list[0].ID, list[2].ID, list[4].ID, list[5].ID}; !slices.Equal(up.got, want) {
		t.Errorf("%d batches went up, not %d, or in another order", len(up.got), len(want))
	}
	stuck, err := hub.archive.Stuck(background)
	w.must(err)
	var told []string
	for _, s := range stuck {
		told = append(told, fmt.Sprint(s.Direction, " ", s.Place, " ", s.Reason, " ", w.nameOf(s.Device)))
	}
	if fmt.Sprint(told) != "[up 2 bad-batch ana up 4 too-large ana up 7 newer-version ana]" {
		t.Error(told)
	}
	if s := r.State(); s.Waiting != 0 || s.Err != nil || s.Contact != hub.clock() {
		t.Errorf("%+v", s)
	}
}

// What comes down and cannot be opened is set aside with its bytes; what is behind it comes in.
func TestWhatCannotBeOpenedStopsNothing(t *testing.T) {
	w := newWorld(t, t.TempDir())
	defer w.close()
	hub, other := w.addCollector("hub", false, ""), w.addCollector("other", false, "")
	other.publish("household")
	ana := w.addTablet("ana")
	w.save(ana, 0, "household", "as found")
	_, err := w.push(ana, other)
	w.must(err)
	good, _, err := other.archive.Batches(background, "", 0, 100, 1<<20)
	w.must(err)
	broken := batch.Sealed{Place: 1, Raw: good[1].Raw[:len(good[1].Raw)-9]}
	form, interview := good[0], good[1]
	form.Place, interview.Place = 2, 3
	up := &picky{archive: "up", down: []batch.Sealed{broken, form, interview}}
	r := relay.New(hub.archive, up, relay.Options{Opener: hub.opener(), Now: hub.clock})
	w.must(r.Once(background))
	stuck, err := hub.archive.Stuck(background)
	w.must(err)
	if len(stuck) != 1 || stuck[0].Direction != "down" || stuck[0].Place != 1 || stuck[0].Reason != string(batch.Truncated) {
		t.Errorf("%+v", stuck)
	}
	if hub.export() != other.export() {
		t.Error("what was behind it did not come in")
	}
	before := up.asked
	w.must(r.Once(background))
	if up.asked != before+1 {
		t.Errorf("%d exchanges to learn that there is nothing new", up.asked-before)
	}
}

// A collector that is its own upstream says so instead of talking to itself.
func TestACollectorIsNotItsOwnUpstream(t *testing.T) {
	w := newWorld(t, t.TempDir())
	defer w.close()
	hub := w.addCollector("hub", false, "")
	if err := hub.relay(hub).Once(background); !errors.Is(err, relay.ErrItself) {
		t.Error(err)
	}
}

// A relay that runs pauses longer after each failure, is woken, and ends with its context.
func TestRunBacksOff(t *testing.T) {
	w := newWorld(t, t.TempDir())
	defer w.close()
	hub := w.addCollector("hub", false, "")
	ctx, cancel := context.WithCancel(background)
	var waits []time.Duration
	var r *relay.Relay
	r = relay.New(hub.archive, nobody{}, relay.Options{Opener: hub.opener(), Now: hub.clock, Random: func() float64 { return 0 }, Told: func(s relay.State) {
		if s.Next.IsZero() {
			return
		}
		if waits = append(waits, s.Next.Sub(hub.clock())); len(waits) == 5 {
			cancel()
		}
		go r.Wake()
	}})
	r.Run(ctx)
	if got := fmt.Sprint(waits); got != "[1s 2s 4s 8s 16s]" {
		t.Error(got)
	}
	if s := r.State(); s.Err == nil || !s.Contact.IsZero() {
		t.Errorf("%+v", s)
	}
}

// nobody is an upstream without a link.
type nobody struct{}

func (nobody) Exchange(context.Context, transfer.PeerAsk) (transfer.PeerAnswer, error) {
	return transfer.PeerAnswer{}, &transfer.RetryError{Err: errLink}
}
