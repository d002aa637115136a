package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vereda/survey/store"
)

// interview is a submission of an interview with a photo of 300 kB.
func interview(t *testing.T) (body []byte, kind string) {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "tablet.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	if err := photographBy(s, store.Author{Device: "XK3M7-XK3M7-XK3M7-XK3M7-XK", By: "Ana", At: at}, 300_000); err != nil {
		t.Fatal(err)
	}
	list, err := s.Interviews()
	if err != nil || len(list) != 1 {
		t.Fatalf("%v %v", list, err)
	}
	body, kind, err = submission(s, list[0])
	if err != nil || len(body) < 300_000 {
		t.Fatalf("%d bytes, %v", len(body), err)
	}
	return body, kind
}

// TestWhatWasInterruptedIsSentFromItsBeginning cuts the connection in the midst of the body three times: each attempt asks anew, and brings the whole.
func TestWhatWasInterruptedIsSentFromItsBeginning(t *testing.T) {
	dir := t.TempDir()
	heads, posts := 0, 0
	take := receiver(dir)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			heads++
		} else if posts++; posts < 4 {
			io.CopyN(io.Discard, r.Body, 100_000)
			panic(http.ErrAbortHandler)
		}
		take.ServeHTTP(w, r)
	}))
	defer server.Close()
	body, kind := interview(t)
	to := newSender(server.URL, false)
	to.pause = 0
	if err := to.submit(body, kind); err != nil {
		t.Fatal(err)
	}
	if heads != 4 || posts != 4 || to.again != 3 || to.sent != 1 || to.size != len(body) {
		t.Errorf("%d HEAD, %d POST, %+v", heads, posts, to)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left in the folder: %v %v", left, err)
	}
}

// TestWhatIsRefusedIsNotSentAgain sends what is no submission.
func TestWhatIsRefusedIsNotSentAgain(t *testing.T) {
	server := httptest.NewServer(receiver(t.TempDir()))
	defer server.Close()
	to := newSender(server.URL, false)
	var refused statusError
	if err := to.submit([]byte("no form"), "text/plain"); !errors.As(err, &refused) || to.again != 0 {
		t.Errorf("%v, %d times anew", err, to.again)
	}
}
