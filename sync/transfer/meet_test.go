package transfer_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vereda/sync/device"
	"vereda/sync/transfer"
)

// member is a tablet of the world's project that knows nothing but its key.
func (w *world) member() transfer.Membership {
	return transfer.Membership{V: 1, Project: w.name, Key: w.newKey().Marshal()}
}

func TestMeetingProvesWhoAnswers(t *testing.T) {
	w := newWorld(t)
	met, err := transfer.Meet(context.Background(), "https://"+w.address, w.member())
	if err != nil || met.Name != "Norte" || met.Fingerprint != w.pin || met.Archive != w.archive.ID() || met.Device != w.own.ID() {
		t.Fatalf("%+v %v", met, err)
	}
	// What was found so is as good as an invitation's address.
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	m := ana.membership
	m.Address, m.Fingerprint = met.Address, met.Fingerprint
	client, err := transfer.NewClient(m, transfer.ClientOptions{})
	w.must(err)
	defer client.Close()
	if _, err := client.Sync(context.Background(), ana.store, nil); err != nil {
		t.Error(err)
	}
}

// Whoever stands in between can pass a question and its answer on, but has another TLS certificate than the one that the proof names.
func TestAProofCannotBePassedOn(t *testing.T) {
	w := newWorld(t)
	var saw []string
	between := httptest.NewTLSServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		saw = append(saw, r.Method+" "+r.URL.Path)
		real := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
		answer, err := real.Get("https://" + w.address + r.URL.String())
		w.must(err)
		defer answer.Body.Close()
		io.Copy(out, answer.Body)
	}))
	defer between.Close()
	var unproven *transfer.UnprovenError
	if met, err := transfer.Meet(context.Background(), between.URL, w.member()); !errors.As(err, &unproven) {
		t.Fatalf("%+v %v", met, err)
	}
	if len(saw) != 1 || saw[0] != "GET /api/v1/hello" {
		t.Errorf("it was told %q", saw)
	}
}

// forger answers a hello with whatever a liar has.
func forger(t *testing.T, answer func(nonce, fingerprint string) map[string]any) string {
	t.Helper()
	var s *httptest.Server
	s = httptest.NewTLSServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		b, err := json.Marshal(answer(r.URL.Query().Get("nonce"), transfer.Fingerprint(s.Certificate().Raw)))
		if err != nil {
			t.Error(err)
		}
		out.Write(b)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestForgedProofsAreNone(t *testing.T) {
	w := newWorld(t)
	own := w.newKey()
	issue := func(project device.Key, role device.Role) json.RawMessage {
		cert, err := device.Issue(project, device.Claims{Project: w.name.ID, Device: own.Public(), Name: "x", Role: role, From: w.now, Until: w.now.Add(time.Hour)})
		w.must(err)
		return json.RawMessage(cert)
	}
	of := func(archive string, certificate json.RawMessage, signed string) map[string]any {
		return map[string]any{"v": 1, "project": w.name.ID, "name": "Norte 2026", "key": w.name.Key, "at": w.now,
			"proof": map[string]any{"archive": archive, "name": "x", "certificate": certificate, "signature": own.Sign("hello", []byte(signed))}}
	}
	hello := func(certificate json.RawMessage, signed string) map[string]any { return of("a", certificate, signed) }
	for name, answer := range map[string]func(nonce, fingerprint string) map[string]any{
		"a proof for a nonce that goes on with this TLS certificate": func(nonce, fingerprint string) map[string]any {
			return of("00\na", issue(w.project, device.Collector), nonce+"\n"+fingerprint+"\n00\na\n")
		},
		"no proof": func(nonce, fingerprint string) map[string]any {
			return map[string]any{"v": 1, "project": w.name.ID, "name": "Norte 2026"}
		},
		"a certificate of its own making": func(nonce, fingerprint string) map[string]any {
			return hello(issue(w.newKey(), device.Collector), nonce+"\n"+fingerprint+"\na\n")
		},
		"a tablet's certificate": func(nonce, fingerprint string) map[string]any {
			return hello(issue(w.project, device.Enumerator), nonce+"\n"+fingerprint+"\na\n")
		},
		"an older proof": func(nonce, fingerprint string) map[string]any {
			return hello(issue(w.project, device.Collector), "yesterday's\n"+fingerprint+"\na\n")
		},
		"a proof of another TLS certificate": func(nonce, fingerprint string) map[string]any {
			return hello(issue(w.project, device.Collector), nonce+"\n"+strings.Repeat("00", 32)+"\na\n")
		},
	} {
		var unproven *transfer.UnprovenError
		if met, err := transfer.Meet(context.Background(), forger(t, answer), w.member()); !errors.As(err, &unproven) {
			t.Errorf("%s: %+v %v", name, met, err)
		}
	}
	right := forger(t, func(nonce, fingerprint string) map[string]any {
		return hello(issue(w.project, device.Collector), nonce+"\n"+fingerprint+"\na\n")
	})
	if _, err := transfer.Meet(context.Background(), right, w.member()); err != nil {
		t.Errorf("a right one: %v", err)
	}
	var foreign *transfer.ForeignError
	m := w.member()
	m.Project.ID = "another"
	if _, err := transfer.Meet(context.Background(), "https://"+w.address, m); !errors.As(err, &foreign) || foreign.Project != "Norte 2026" {
		t.Errorf("another project: %v", err)
	}
	var retry *transfer.RetryError
	if _, err := transfer.Meet(context.Background(), "https://127.0.0.1:1", m); !errors.As(err, &retry) {
		t.Errorf("nobody there: %v", err)
	}
}
