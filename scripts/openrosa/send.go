package main

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// sender submits to one server.
type sender struct {
	client *http.Client
	url    string
	once   bool // asks by HEAD before the first only
	asked  bool
	pause  time.Duration // before it begins anew

	sent, size, again int // submissions, bytes of their bodies, and how often one was begun anew
}

func newSender(url string, once bool) *sender {
	trust := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}
	return &sender{client: &http.Client{Transport: &http.Transport{TLSClientConfig: trust, DisableCompression: true}}, url: url, once: once, pause: time.Second}
}

// submit sends a body until the server has it, each time whole; what the server refuses is an error.
func (s *sender) submit(body []byte, kind string) error {
	for {
		err := s.try(body, kind)
		var refused statusError
		if err == nil || errors.As(err, &refused) {
			s.sent, s.size = s.sent+1, s.size+len(body)
			return err
		}
		s.again++
		time.Sleep(s.pause)
	}
}

func (s *sender) try(body []byte, kind string) error {
	if !s.once || !s.asked {
		if err := s.exchange(http.MethodHead, "", nil, http.StatusNoContent); err != nil {
			return err
		}
		s.asked = true
	}
	return s.exchange(http.MethodPost, kind, body, http.StatusCreated)
}

// exchange does one request with the headers of the protocol.
func (s *sender) exchange(method, kind string, body []byte, want int) error {
	r, err := http.NewRequest(method, s.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("X-OpenRosa-Version", "1.0")
	r.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	response, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != want {
		return statusError(fmt.Sprintf("%s %s: status %d: %s", method, s.url, response.StatusCode, said))
	}
	return nil
}

// statusError says what a server answered instead.
type statusError string

func (e statusError) Error() string { return string(e) }
