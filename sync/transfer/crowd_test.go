package transfer

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
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

// A body is read whole whatever pieces it comes in, and one that was cut is no body.
func TestReadAll(t *testing.T) {
	for _, size := range []int{0, 1, 4 << 10, 4<<10 + 1, 3 << 20} {
		sent := bytes.Repeat([]byte("vereda"), size/6+1)[:size]
		for what, r := range map[string]io.Reader{"at once": bytes.NewReader(sent), "with its end": iotest.DataErrReader(bytes.NewReader(sent)), "halves": iotest.HalfReader(bytes.NewReader(sent))} {
			if got, err := readAll(r); err != nil || !bytes.Equal(got, sent) {
				t.Errorf("%d bytes, %s: %d bytes, %v", size, what, len(got), err)
			}
		}
		cut := io.MultiReader(bytes.NewReader(sent), iotest.ErrReader(io.ErrUnexpectedEOF))
		if got, err := readAll(cut); !errors.Is(err, io.ErrUnexpectedEOF) || got != nil {
			t.Errorf("%d bytes and a cut: %d bytes, %v", size, len(got), err)
		}
	}
}

// What a crowd holds is little more than what was counted: reading leaves no litter.
func TestReadingLeavesNoLitter(t *testing.T) {
	const size = 8 << 20
	body := make([]byte, size)
	took := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := readAll(bytes.NewReader(body)); err != nil {
				b.Fatal(err)
			}
		}
	}).AllocedBytesPerOp()
	if took > 5*size/2 {
		t.Errorf("reading %d bytes took %d", size, took)
	}
}
