package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// A request whose headers are larger than headers are is refused before anybody looks at it.
func TestHeadersAreBounded(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
		ended <- serve(&world{Context: ctx, err: io.Discard}, listener, handler, nil, false)
	}()
	for size, want := range map[int]int{maxHeaders / 2: http.StatusNoContent, 2 * maxHeaders: http.StatusRequestHeaderFieldsTooLarge} {
		r, err := http.NewRequest("GET", "http://"+listener.Addr().String()+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Large", strings.Repeat("x", size))
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%d bytes: %s", size, answer.Status)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
