package transfer_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"vereda/sync/transfer"
)

// Whoever answers, collector or proxy, says when to come again, in seconds or as a moment by its own clock.
func TestRetryAfterIsHonoured(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	for said, want := range map[string]time.Duration{
		"17": 17 * time.Second, "-3": 0, "999999": time.Hour, "soon": 0, "": 0,
		"Mon, 23 Nov 2026 12:02:00 GMT": 2 * time.Minute, "Mon, 23 Nov 2026 11:00:00 GMT": 0,
	} {
		s := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			out.Header().Set("Date", "Mon, 23 Nov 2026 12:00:00 GMT")
			out.Header().Set("Retry-After", said)
			http.Error(out, "try again", http.StatusServiceUnavailable)
		}))
		m := ana.membership
		m.Address, m.Fingerprint = s.URL, ""
		client, err := transfer.NewClient(m, transfer.ClientOptions{})
		w.must(err)
		_, err = client.Sync(context.Background(), ana.store, nil)
		var again *transfer.RetryError
		if !errors.As(err, &again) || again.After != want {
			t.Errorf("%q: %v, %v", said, again, err)
		}
		client.Close()
		s.Close()
	}
}
