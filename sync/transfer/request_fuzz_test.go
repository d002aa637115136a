package transfer

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// nobody is an archive that nothing may reach.
type nobody struct{ Archive }

func (nobody) ID() string { return "0193a5b2-7d1c-7000-8000-0000000000bb" }

// nothing are files that nothing may reach.
type nothing struct{ Files }

// Whatever a stranger sends to any address is answered with a problem that has a code, and reaches neither archive nor files.
func FuzzRequest(f *testing.F) {
	key := func(seed byte) device.Key {
		k, err := device.NewKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 32)))
		if err != nil {
			f.Fatal(err)
		}
		return k
	}
	const project = "0193a5b2-7d1c-7000-8000-0000000000aa"
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	certificate, err := device.Issue(key(1), device.Claims{Project: project, Device: key(2).Public(), Name: "x", Role: device.Collector, From: now, Until: now.AddDate(1, 0, 0)})
	if err != nil {
		f.Fatal(err)
	}
	handler := Handler(nobody{}, Collector{Project: device.Project{ID: project, Name: "P", Key: key(1).Public()}, Now: func() time.Time { return now },
		Sealer: batch.Sealer{Project: project, Key: key(4)}, Files: nothing{}, Uploads: f.TempDir(), Fingerprint: "ab"})
	asked, err := json.Marshal(ask{V: 1, Project: project, Device: key(2).ID(), Certificate: json.RawMessage(certificate), Nonce: "n"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("POST", "/api/v1/exchange", join(asked, []byte("batch")), "c2lnbmF0dXJl", "")
	f.Add("POST", "/api/v1/exchange", join([]byte(`{"v":2}`)), "", "")
	f.Add("POST", "/api/v1/enrol", []byte(`{"v":1,"code":"K7M4-P2QX","key":"AAAA","name":"Ana","signature":"AAAA"}`), "", "")
	f.Add("POST", "/api/v1/media/state", []byte(`{"v":1,"project":"`+project+`","nonce":"n","files":["`+record.ID{}.String()+`"]}`), "AAAA", "")
	f.Add("PATCH", "/api/v1/media/"+record.ID{}.String()+"."+string(key(2).ID()), []byte("piece"), "AAAA", string(key(2).ID()))
	f.Add("GET", "/api/v1/media/"+record.ID{}.String(), []byte(nil), "AAAA", string(key(2).ID()))
	f.Add("GET", "/api/v1/elsewhere", []byte(nil), "", "")
	f.Fuzz(func(t *testing.T, method, path string, body []byte, signature, who string) {
		r, err := http.NewRequest(method, "http://127.0.0.1/", bytes.NewReader(body))
		if err != nil {
			return
		}
		r.URL.Path, r.RemoteAddr = "/api/v1/"+path, "192.0.2.1:1"
		if len(path) > 0 && path[0] == '/' {
			r.URL.Path = path
		}
		if r.URL.Path == "/api/v1/hello" {
			return // answers whoever asks
		}
		r.Header.Set(signatureHeader, signature)
		r.Header.Set(headerDevice, who)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		var p Problem
		switch {
		case answer.Code >= 300 && answer.Code < 400: // a path that is written otherwise
		case answer.Code < 400 || answer.Code == 500:
			t.Fatalf("%s %q: %d %s", method, r.URL.Path, answer.Code, answer.Body)
		case answer.Header().Get("Content-Type") == "application/json":
			if err := json.Unmarshal(answer.Body.Bytes(), &p); err != nil || p.Code == "" || p.Message == "" {
				t.Fatalf("%s %q: %d %s", method, r.URL.Path, answer.Code, answer.Body)
			}
		case answer.Body.Len() > 0 && method != http.MethodHead:
			t.Fatalf("%s %q: %d %q without a code", method, r.URL.Path, answer.Code, answer.Body)
		}
	})
}

// A request that was changed or cut anywhere is refused with a code, before anything of it is opened.
func TestEveryChangeOfARequestIsRefused(t *testing.T) {
	body, signature, _, asked, _, _ := exchangeOfV1(t)
	handler := Handler(nobody{}, Collector{Project: device.Project{ID: asked.Project, Name: "P", Key: projectOfV1(t)}, Now: func() time.Time { return asked.At },
		Sealer: batch.Sealer{Project: asked.Project}, Fingerprint: asked.To + asked.To})
	refused := func(what string, at int, b []byte) {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/exchange", bytes.NewReader(b))
		r.Header.Set(signatureHeader, string(signature))
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		var p Problem
		if err := json.Unmarshal(answer.Body.Bytes(), &p); err != nil || p.Code == "" || answer.Code < 400 || answer.Code >= 500 {
			t.Errorf("%s at %d: %d %s", what, at, answer.Code, answer.Body)
		}
	}
	for i := range body {
		refused("cut", i, body[:i])
		for bit := range 8 {
			changed := bytes.Clone(body)
			changed[i] ^= 1 << bit
			refused("flipped", i, changed)
		}
	}
	refused("a byte behind", len(body), append(bytes.Clone(body), 0))
}

// An answer about files says only something of those that were asked about.
func FuzzMediaState(f *testing.F) {
	trust, err := device.NewTrust(device.Project{ID: "p", Key: make([]byte, 32)})
	if err != nil {
		f.Fatal(err)
	}
	c := &courier{credentials: &credentials{trust: trust}}
	asked := mediaAsk{Files: []record.ID{{1}, {2}}}
	f.Add([]byte(`{"v":1,"nonce":"n","archive":"a","here":[0],"open":[{"file":1,"offset":5}],"central":"AAAA","news":[{"sha256":"` + record.ID{}.String() + `","size":1}],"cursor":3}`))
	f.Add([]byte(`{"here":[2]}`))
	f.Add([]byte(`{"open":[{"file":-1}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var a mediaState
		if json.Unmarshal(body, &a) != nil {
			return
		}
		got, err := c.read(asked, a)
		if refused := (*RetryError)(nil); err != nil && !errors.As(err, &refused) {
			t.Fatal(err)
		}
		if err == nil && (got.Central || len(got.Open) > 2) {
			t.Fatalf("%+v", got)
		}
	})
}

// What an answer says about when to come again is believed within bounds.
func FuzzRetryAfter(f *testing.F) {
	f.Add("120", "")
	f.Add("Mon, 23 Nov 2026 12:00:30 GMT", "Mon, 23 Nov 2026 12:00:00 GMT")
	f.Add("-1", "x")
	f.Add("99999999999999999999", "")
	f.Fuzz(func(t *testing.T, after, date string) {
		r := &http.Response{Header: http.Header{"Retry-After": {after}, "Date": {date}}}
		if d := retryAfter(r); d < 0 || d > time.Hour {
			t.Fatalf("%q, %q: %v", after, date, d)
		}
	})
}

// What is no answer of a collector is worth trying again; what is one has its code. Nothing else comes of what strangers answer.
func FuzzRefused(f *testing.F) {
	f.Add(503, []byte(`{"code":"busy","message":"the collector is busy"}`))
	f.Add(302, []byte(`{"code":"busy"}`))
	f.Add(500, []byte("<html>"))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		err := refused(&http.Response{StatusCode: status}, body)
		var p *Problem
		var again *RetryError
		if told := errors.As(err, &p) && p.Code != "" && p.Status == status && status >= 400; told == errors.As(err, &again) {
			t.Fatalf("%d %q: %v", status, body, err)
		}
	})
}
