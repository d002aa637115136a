package transfer_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vereda/survey/record"
	"vereda/sync/transfer"
)

// A photo is whole at the collector or honestly missing there, whatever happens on the way: requests that are lost, doubled, cut or spoilt,
// answers that are lost. When the link is mended everything is there, and only then does the tablet count it as covered.
func TestAPhotoIsWholeOrMissing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		defer w.stopEarly()
		a := w.photographer("Ana")
		var photos []record.Media
		for range rapid.IntRange(1, 3).Draw(rt, "photos") {
			photos = append(photos, w.photographed(a, rapid.SampledFrom([]int{0, 1, 5000, 140_000, 300_000}).Draw(rt, "size")))
		}
		faults := rapid.SliceOfN(rapid.SampledFrom([]string{"", "", "drop-request", "drop-reply", "duplicate", "cut-half", "flip-body", "cut-reply"}), 1, 12).Draw(rt, "faults")
		chaos := &chaos{real: a.link.real, faults: faults}
		w.connectThrough(a, chaos)
		for range 2 * len(faults) {
			_, err := a.client.Sync(context.Background(), a.store, nil)
			var again *transfer.RetryError
			if err != nil && !errors.As(err, &again) {
				rt.Fatal(err)
			}
			w.honest(rt, a, photos)
		}
		chaos.faults = nil
		for range 3 {
			if _, err := a.client.Sync(context.Background(), a.store, nil); err != nil {
				rt.Fatal(err)
			}
		}
		for _, m := range photos {
			w.arrived(m)
		}
		if n, _, err := a.store.PhotosLeft(); n != 0 || err != nil {
			rt.Fatalf("%d photos are left: %v", n, err)
		}
	})
}

// honest checks that what the collector says to have is whole, and that the tablet counts nothing else as covered.
func (w *world) honest(rt *rapid.T, a *tablet, photos []record.Media) {
	left := map[record.ID]bool{}
	pending, err := a.store.PendingMedia("none", 100)
	w.must(err)
	for _, m := range pending {
		left[m.SHA256] = true
	}
	for _, m := range photos {
		here, err := w.archive.HereMedia(context.Background(), []record.ID{m.SHA256})
		w.must(err)
		if len(here) > 0 && record.ID(sha256.Sum256(w.arrived(m))) != m.SHA256 {
			rt.Fatal("a photo that is there is another one")
		}
		if len(here) == 0 && !left[m.SHA256] && !w.unsent(a) {
			rt.Fatal("the tablet counts a photo as covered that is not there")
		}
	}
}

// unsent reports whether answers wait: their photos are not asked about yet.
func (w *world) unsent(a *tablet) bool {
	n, err := a.store.Waiting("none")
	w.must(err)
	return n > 0
}

// stopEarly ends the tablets and the collector of a world before the test ends.
func (w *world) stopEarly() {
	for _, t := range w.tablets {
		t.client.Close()
	}
}

// connectThrough makes a tablet's client with another network.
func (w *world) connectThrough(t *tablet, network http.RoundTripper) {
	var err error
	t.client, err = transfer.NewClient(t.membership, transfer.ClientOptions{Album: t.store, Now: w.clockOf(t), Transport: network})
	w.must(err)
}

// chaos is a link that spoils requests, each in a way of its own.
type chaos struct {
	real   http.RoundTripper
	faults []string
}

func (c *chaos) RoundTrip(r *http.Request) (*http.Response, error) {
	fault := ""
	if len(c.faults) > 0 {
		fault, c.faults = c.faults[0], c.faults[1:]
	}
	var body []byte
	if r.Body != nil {
		b := new(bytes.Buffer)
		if _, err := b.ReadFrom(r.Body); err != nil {
			return nil, err
		}
		body = b.Bytes()
	}
	send := func(body []byte) (*http.Response, error) {
		again := r.Clone(context.Background())
		if r.Body != nil {
			again.Body, again.ContentLength = http.NoBody, int64(len(body))
			if len(body) > 0 {
				again.Body = readCloser{bytes.NewReader(body)}
			}
		}
		return c.real.RoundTrip(again)
	}
	switch fault {
	case "drop-request":
		return nil, errLink
	case "duplicate", "drop-reply":
		response, err := send(body)
		if err != nil {
			return nil, err
		}
		response.Body.Close()
		if fault == "drop-reply" {
			return nil, errLink
		}
	case "cut-half":
		again := r.Clone(context.Background())
		again.ContentLength = int64(len(body))
		again.Body = readCloser{bytes.NewReader(body[:len(body)/2])} // the transport finds it too short, and breaks the connection
		if response, err := c.real.RoundTrip(again); err == nil {
			response.Body.Close()
		}
		return nil, errLink
	case "flip-body":
		if len(body) > 0 && strings.HasPrefix(r.URL.Path, "/api/v1/media/") && !strings.HasSuffix(r.URL.Path, "/state") { // as a disk might
			body = bytes.Clone(body)
			body[len(body)/2] ^= 0x10
		}
	}
	response, err := send(body)
	if err == nil && fault == "cut-reply" {
		response.Body.Close()
		return nil, errLink
	}
	return response, err
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }
