package transfer

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What all requests together may hold is bounded, and given back: a crowd is told to come again.
func TestCrowdsAreToldToComeAgain(t *testing.T) {
	h := &handler{attempts: newAttempts(), most: 1000}
	held, release := make(chan bool), make(chan bool)
	serve := h.serve(http.MethodPost, maxBody, func(r *http.Request, _ []byte) ([]byte, error) {
		if r.Header.Get("Hold") != "" {
			held <- true
			<-release
		}
		return nil, nil
	})
	post := func(size int, hold string) *http.Response {
		r := httptest.NewRequest(http.MethodPost, "/", io.NopCloser(strings.NewReader(strings.Repeat("x", size))))
		r.Header.Set("Hold", hold)
		w := httptest.NewRecorder()
		serve.ServeHTTP(w, r)
		return w.Result()
	}
	done := make(chan bool)
	go func() {
		post(600, "yes")
		close(done)
	}()
	<-held
	if r := post(600, ""); r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") != "5" {
		t.Errorf("status %d, Retry-After %q", r.StatusCode, r.Header.Get("Retry-After"))
	}
	if r := post(300, ""); r.StatusCode != http.StatusOK {
		t.Errorf("what has room got %d", r.StatusCode)
	}
	close(release)
	<-done
	if left := h.inFlight.Load(); left != 0 {
		t.Errorf("%d bytes were never given back", left)
	}
}
