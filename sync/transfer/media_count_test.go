package transfer

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"vereda/survey/record"
)

// brokenLink takes a part of a body and breaks.
type brokenLink int64

func (l brokenLink) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := io.CopyN(io.Discard, r.Body, int64(l)); err != nil {
		return nil, err
	}
	return nil, errors.New("the link broke")
}

// What people are told went up is what was given to the link, not all that a request would have carried.
func TestACutPieceCountsAsFarAsItWent(t *testing.T) {
	c := newCourier(&credentials{}, keyOf(t, 2), time.Now, newWire("https://192.0.2.1", "", brokenLink(1000)))
	_, err := c.send(context.Background(), record.Media{Size: 300_000}, 0, true, make([]byte, 50_000))
	if again := (*RetryError)(nil); !errors.As(err, &again) || c.up.Load() != 1000 {
		t.Errorf("%d bytes went up, %v", c.up.Load(), err)
	}
}
