package transfer_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"vereda/sync/device"
	"vereda/sync/transfer"
)

// A connection is TLS 1.3, is kept, and its session is resumed when it had to be closed.
func TestTLSIsPaidForOnce(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	var states []tls.ConnectionState
	reused := 0
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		TLSHandshakeDone: func(s tls.ConnectionState, _ error) { states = append(states, s) },
		GotConn: func(i httptrace.GotConnInfo) {
			if i.Reused {
				reused++
			}
		},
	})
	for range 3 {
		_, err := ana.client.Sync(ctx, ana.store, nil)
		w.must(err)
	}
	if len(states) != 1 || reused != 2 {
		t.Errorf("%d handshakes, %d times an open connection", len(states), reused)
	}
	ana.client.Close()
	_, err = ana.client.Sync(ctx, ana.store, nil)
	w.must(err)
	if len(states) != 2 || states[0].DidResume || !states[1].DidResume {
		t.Errorf("the second handshake is a full one again")
	}
	for _, s := range states {
		if s.Version != tls.VersionTLS13 {
			t.Errorf("TLS version %x", s.Version)
		}
	}
}

// A tablet without a fingerprint trusts the system's authorities, which don't know a collector's own certificate.
func TestWithoutAPinAuthoritiesDecide(t *testing.T) {
	w := newWorld(t)
	if _, err := transfer.Hello(context.Background(), "https://"+w.address, ""); err == nil || !strings.Contains(err.Error(), "x509") {
		t.Errorf("a self-signed certificate was accepted: %v", err)
	}
	if _, err := transfer.Hello(context.Background(), "https://"+w.address, strings.Repeat("00", 32)); !strings.Contains(explain(err), "somebody else") {
		t.Errorf("another fingerprint: %v", err)
	}
}

// The certificate that was pinned counts whatever it says of itself: this one is of another name, over for years and nobody's but its own. A session
// that is resumed is held to it as well.
func TestAPinnedCertificateCountsWhateverItSays(t *testing.T) {
	w := newWorld(t)
	certificate, key, err := transfer.SelfSigned(w.random, w.now.AddDate(-30, 0, 0), []string{"elsewhere.example"})
	w.must(err)
	pair, err := tls.X509KeyPair(certificate, key)
	w.must(err)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS13}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	get := func(pin string, again int) error {
		client := &http.Client{Transport: transfer.NewTransport(pin)}
		for range again {
			answer, err := client.Get(s.URL)
			if err != nil {
				return err
			}
			answer.Body.Close()
			client.CloseIdleConnections()
		}
		return nil
	}
	if err := get(transfer.Fingerprint(pair.Leaf.Raw), 2); err != nil {
		t.Errorf("pinned: %v", err)
	}
	var other *transfer.PinError
	if err := get(w.pin, 1); !errors.As(err, &other) {
		t.Errorf("another pin: %v", err)
	}
}

// Nobody is followed elsewhere: a portal that redirects gets the question, and nobody else anything.
func TestRedirectsAreNotFollowed(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	asked := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		portal := httptest.NewServer(http.RedirectHandler(elsewhere.URL, status))
		m := ana.membership
		m.Address, m.Fingerprint = portal.URL, ""
		client, err := transfer.NewClient(m, transfer.ClientOptions{})
		w.must(err)
		var later *transfer.RetryError
		if _, err := client.Sync(context.Background(), ana.store, nil); !errors.As(err, &later) || asked > 0 {
			t.Errorf("%d: %v; elsewhere was asked %d times", status, err, asked)
		}
		client.Close()
		portal.Close()
	}
}

// A code that was read aloud joins a collector with its own certificate by the check letters, and by no others.
func TestACodeIsGoodWithItsCheckLetters(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	whole := w.invitation(w.code)
	got, err := transfer.Invited(t.Context(), "https://"+w.address, w.code, whole.Check())
	w.must(err)
	if got.Link() != whole.Link() {
		t.Errorf("joins by %s, not %s", got.Link(), whole.Link())
	}
	_, err = w.enrol("ana", got)
	w.must(err)
	if _, err := transfer.Invited(t.Context(), "https://"+w.address, w.code, ""); !errors.Is(err, transfer.ErrUnvouched) {
		t.Errorf("without letters: %v", err)
	}
	for _, other := range []device.Invitation{{Fingerprint: whole.Fingerprint, Project: w.newKey().Public()}, {Fingerprint: strings.Repeat("00", 32), Project: whole.Project}} {
		if _, err := transfer.Invited(t.Context(), "https://"+w.address, w.code, other.Check()); !errors.As(err, new(*transfer.PinError)) {
			t.Errorf("with letters of another: %v", err)
		}
	}
}

func TestSelfSignedCertificate(t *testing.T) {
	w := newWorld(t)
	leaf := w.tls.Leaf
	if left := time.Until(leaf.NotAfter); left < 9*365*24*time.Hour {
		t.Errorf("it lasts %v", left)
	}
	if err := leaf.VerifyHostname("127.0.0.1"); err != nil {
		t.Error(err)
	}
	if transfer.Fingerprint(leaf.Raw) != w.pin || len(w.pin) != 64 {
		t.Errorf("fingerprint %s", w.pin)
	}
}

// What HTTP adds to a request and its answer is little.
func TestHeadersAreTiny(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	wire := &measured{real: ana.link}
	client, err := transfer.NewClient(ana.membership, transfer.ClientOptions{Transport: wire})
	w.must(err)
	_, err = client.Sync(context.Background(), ana.store, nil) // the form comes
	w.must(err)
	r, err := client.Sync(context.Background(), ana.store, nil) // nothing is new
	w.must(err)
	if wire.request > 250 || wire.response > 60 {
		t.Errorf("%d bytes of headers up, %d down", wire.request, wire.response)
	}
	if r.BytesUp > 650 || r.BytesDown > 300 {
		t.Errorf("%d bytes to ask for news, %d to say that there are none", r.BytesUp, r.BytesDown)
	}
	t.Logf("headers %d up, %d down; bodies %d up, %d down", wire.request, wire.response, r.BytesUp, r.BytesDown)
}

// measured counts the bytes of headers as HTTP/1.1 writes them.
type measured struct {
	real              http.RoundTripper
	request, response int
}

func (m *measured) RoundTrip(r *http.Request) (*http.Response, error) {
	var b strings.Builder
	r.Header.Write(&b)
	m.request = len("POST  HTTP/1.1\r\nHost: \r\nContent-Length: 1234\r\n\r\n") + len(r.URL.Path) + len(r.URL.Host) + b.Len()
	response, err := m.real.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	b.Reset()
	response.Header.Write(&b)
	m.response = len("HTTP/1.1 200 OK\r\n\r\n") + b.Len()
	return response, nil
}
