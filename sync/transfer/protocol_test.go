package transfer_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// request is an exchange put together by hand, as a second implementation, a broken one or a thief would.
type request struct {
	w           *world
	key         device.Key // signs
	certificate device.Certificate
	ask         map[string]any
	parts       [][]byte
	tail        []byte // behind the parts
	signature   string // "": the right one
}

// requestOf returns a right request of a tablet.
func (w *world) requestOf(t *tablet, batches ...[]byte) *request {
	return &request{w: w, key: t.key, certificate: t.membership.Certificate, parts: batches, ask: map[string]any{
		"v": 1, "project": w.name.ID, "device": t.key.ID(), "at": w.now, "nonce": "n", "to": w.pin[:32], "want": map[string]int{"entries": 10, "bytes": 10_000}}}
}

// batchOf seals entries as a tablet.
func (w *world) batchOf(t *tablet, d *batch.Dictionary, entries ...record.Entry) []byte {
	var b bytes.Buffer
	_, err := batch.Sealer{Project: w.name.ID, Key: t.key, Certificate: t.membership.Certificate}.Seal(&b, entries, d)
	w.must(err)
	return b.Bytes()
}

// body follows docs/sync-protocol.md, not the package's own code.
func (r *request) body() []byte {
	r.ask["certificate"] = json.RawMessage(r.certificate)
	first, err := json.Marshal(r.ask)
	r.w.must(err)
	var b []byte
	for _, p := range append([][]byte{first}, r.parts...) {
		b = append(binary.AppendUvarint(b, uint64(len(p))), p...)
	}
	return append(b, r.tail...)
}

// do sends the request and returns the status and the problem's code.
func (r *request) do() (int, string) {
	body := r.body()
	signature := r.signature
	if signature == "" {
		sum := record.Entry{Body: body}.ID() // SHA-256
		signature = base64.StdEncoding.EncodeToString(r.key.Sign("exchange", sum[:]))
	}
	return r.w.send(http.MethodPost, "/api/v1/exchange", body, signature)
}

func (w *world) send(method, path string, body []byte, signature string) (int, string) {
	r, err := http.NewRequest(method, "https://"+w.address+path, bytes.NewReader(body))
	w.must(err)
	r.Header.Set("Vereda-Signature", signature)
	response, err := (&http.Client{Transport: transfer.NewTransport(w.pin)}).Do(r)
	w.must(err)
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	w.must(err)
	var p transfer.Problem
	if response.StatusCode != http.StatusOK {
		if err := json.Unmarshal(got, &p); err != nil || p.Message == "" || response.Header.Get("Content-Type") != "application/json" {
			w.t.Errorf("%s: no problem in JSON: %s", path, got)
		}
	}
	return response.StatusCode, p.Code
}

// Whatever is wrong with a request has its status and its code, and changes nothing.
func TestRefusals(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(3)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	beto, err := w.enrol("beto", w.invitation(w.code))
	w.must(err)
	stranger := &tablet{key: w.newKey()}
	forged, err := device.Issue(w.newKey(), device.Claims{Project: w.name.ID, Device: stranger.key.Public(), Role: device.Enumerator, From: w.now, Until: w.now.AddDate(1, 0, 0)})
	w.must(err)
	stranger.membership.Certificate = forged
	entry := record.Entry{Kind: record.KindRevision, Body: []byte(`{}`)}
	stolen := w.batchOf(ana, nil, entry)
	damaged := bytes.Clone(stolen)
	damaged[len(damaged)-1] ^= 1
	zero := base64.StdEncoding.EncodeToString(make([]byte, 64))

	for _, c := range []struct {
		what   string
		r      *request
		status int
		code   string
		change func(*request)
	}{
		{"a right one", w.requestOf(ana), 200, "", nil},
		{"a batch that was stolen, from nobody", w.requestOf(stranger, stolen), 401, "certificate", nil},
		{"damage from a stranger: who asks is settled first", w.requestOf(stranger, damaged), 401, "certificate", nil},
		{"damage in another's name", w.requestOf(ana, damaged), 401, "signature", func(r *request) { r.key = stranger.key }},
		{"damage behind a whole batch: nothing is stored", w.requestOf(ana, stolen, damaged), 400, "bad-batch", nil},
		{"a stolen certificate", w.requestOf(ana), 401, "signature", func(r *request) { r.key = stranger.key }},
		{"a stolen batch, from another device", w.requestOf(beto, stolen), 403, "not-yours", nil},
		{"no signature", w.requestOf(ana), 401, "signature", func(r *request) { r.signature = "?" }},
		{"a signature of zeros", w.requestOf(ana), 401, "signature", func(r *request) { r.signature = zero }},
		{"another device's certificate", w.requestOf(ana), 401, "certificate", func(r *request) { r.certificate = beto.membership.Certificate }},
		{"another project", w.requestOf(ana), 403, "other-project", func(r *request) { r.ask["project"] = "x" }},
		{"a newer protocol", w.requestOf(ana), 400, "newer-version", func(r *request) { r.ask["v"] = 2 }},
		{"no version", w.requestOf(ana), 400, "malformed", func(r *request) { delete(r.ask, "v") }},
		{"an ask of the wrong types", w.requestOf(ana), 400, "malformed", func(r *request) { r.ask["cursors"] = "x" }},
		{"an endless nonce", w.requestOf(ana), 400, "malformed", func(r *request) { r.ask["nonce"] = strings.Repeat("n", 100) }},
		{"no nonce", w.requestOf(ana), 400, "malformed", func(r *request) { delete(r.ask, "nonce") }},
		{"a nonce of two lines", w.requestOf(ana), 400, "malformed", func(r *request) { r.ask["nonce"] = "n\nn" }},
		{"an endless ask", w.requestOf(ana), 400, "malformed", func(r *request) { r.ask["x"] = strings.Repeat("n", 20_000) }},
		{"half a part behind", w.requestOf(ana), 400, "malformed", func(r *request) { r.tail = []byte{9, 1} }},
		{"a hundred parts", w.requestOf(ana, make([][]byte, 100)...), 400, "malformed", nil},
		{"too many cursors", w.requestOf(ana), 400, "malformed", func(r *request) { r.ask["cursors"] = manyCursors() }},
		{"an endless archive", w.requestOf(ana), 400, "malformed", func(r *request) { r.ask["from"] = strings.Repeat("a", 100) }},
		{"batches as they came, for a tablet", w.requestOf(ana, w.batchOf(ana, nil, entry)), 403, "role", func(r *request) { r.ask["batches"] = true }},
		{"a damaged batch", w.requestOf(ana, damaged), 400, "bad-batch", nil},
		{"no batch", w.requestOf(ana, []byte("hi")), 400, "bad-batch", nil},
		{"an unknown dictionary", w.requestOf(ana, w.batchOf(ana, batch.NewDictionary([]byte("unknown unknown")), entry)), 409, "unknown-dictionary", nil},
		{"17 MB", w.requestOf(ana, make([]byte, 17<<20)), 413, "too-large", nil},
	} {
		if c.change != nil {
			c.change(c.r)
		}
		if status, code := c.r.do(); status != c.status || code != c.code {
			t.Errorf("%s: want %d %s, got %d %s", c.what, c.status, c.code, status, code)
		}
	}
	if aside, err := w.archive.Quarantine(context.Background()); err != nil || len(aside) > 0 {
		t.Errorf("something was stored: %v, %v", aside, err)
	}
	for _, c := range []struct {
		method, path string
		body         string
		status       int
		code         string
	}{
		{"GET", "/api/v1/exchange", "", 405, "method"},
		{"POST", "/api/v1/exchange", "", 400, "malformed"},
		{"GET", "/api/v1/nothing", "", 404, "not-found"},
		{"GET", "/api/v1/hello", "", 200, ""},
		{"GET", "/api/v1/hello?nonce=n", "", 200, ""},
		{"GET", "/api/v1/hello?nonce=n%0an", "", 400, "malformed"},
		{"GET", "/api/v1/hello?nonce=" + strings.Repeat("n", 65), "", 400, "malformed"},
		{"POST", "/api/v1/media/state", `{"v":1}`, 400, "malformed"},
		{"POST", "/api/v1/media/state", "{", 400, "malformed"},
		{"POST", "/api/v1/media/state", `{"nonce":"n"}`, 400, "malformed"},
		{"POST", "/api/v1/media/state", `{"v":1,"nonce":"` + strings.Repeat("n", 65) + `"}`, 400, "malformed"},
		{"POST", "/api/v1/media/state", `{"v":1,"files":[` + strings.Repeat(`"`+record.ID{}.String()+`",`, 100) + `"` + record.ID{}.String() + `"]}`, 400, "malformed"},
		{"POST", "/api/v1/media/state", `{"v":2}`, 400, "newer-version"},
		{"POST", "/api/v1/media/state", `{"v":1,"project":"x","nonce":"n"}`, 403, "other-project"},
		{"POST", "/api/v1/enrol", "{", 400, "malformed"},
		{"POST", "/api/v1/enrol", `{"v":2}`, 400, "newer-version"},
		{"POST", "/api/v1/enrol", `{"v":1,"name":""}`, 400, "malformed"},
		{"POST", "/api/v1/enrol", `{"v":1,"name":"Eva","code":"K7M4-P2QX","key":"","signature":""}`, 401, "signature"},
		{"POST", "/api/v1/enrol", strings.Repeat(" ", 20_000), 413, "too-large"},
	} {
		if status, code := w.send(c.method, c.path, []byte(c.body), ""); status != c.status || code != c.code {
			t.Errorf("%s %s %.40s: want %d %s, got %d %s", c.method, c.path, c.body, c.status, c.code, status, code)
		}
	}
}

// doInvitations makes an invitation for n devices.
func (w *world) doInvitations(n int) {
	code, err := device.NewCode(w.random)
	w.must(err)
	w.code = code
	w.must(w.archive.Invite(context.Background(), code, device.Enumerator, n, w.now.AddDate(0, 0, 7)))
}

// Guessing codes is stopped, and time lets go again.
func TestGuessingCodesIsSlow(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	guess := func() string {
		code, err := device.NewCode(w.random)
		w.must(err)
		_, err = w.enrol("eve", w.invitation(code))
		return explain(err)
	}
	for range 20 {
		if got := guess(); !strings.Contains(got, "unknown-invitation") {
			t.Fatal(got)
		}
	}
	if got := guess(); !strings.Contains(got, "later, in 1m0s: transfer: too-many") {
		t.Error(got)
	}
	w.now = w.now.Add(time.Minute)
	if _, err := w.enrol("ana", w.invitation(w.code)); err != nil {
		t.Error(err)
	}
}

// Who has a code cannot wash guesses away with it: enrolling again is right every time, and the guesses between stay counted.
func TestARightCodeForgivesNoGuesses(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	guesses := 0
	for ; guesses < 60; guesses++ {
		if _, err := w.enrol("ana", w.invitation(w.code)); err != nil {
			break
		}
		code, err := device.NewCode(w.random)
		w.must(err)
		if _, err = w.enrol("eve", w.invitation(code)); err == nil {
			t.Fatal("a guess was right")
		}
	}
	if guesses > 20 {
		t.Errorf("%d guesses from one place in a moment", guesses)
	}
}

// All batches of a request together expand to no more than one may.
func TestManyBatchesExpandNoFurtherThanOne(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	var batches [][]byte
	for range 12 {
		long := record.Entry{Kind: "novelty", Body: []byte(fmt.Sprintf(`{"n":%d,"text":"%s"}`, len(batches), strings.Repeat("long ", 700_000)))}
		batches = append(batches, w.batchOf(ana, nil, long))
	}
	if status, code := w.requestOf(ana, batches[:2]...).do(); status != http.StatusOK {
		t.Errorf("two batches: %d %s", status, code)
	}
	if status, code := w.requestOf(ana, batches...).do(); status != http.StatusRequestEntityTooLarge || code != transfer.CodeTooLarge {
		t.Errorf("%d batches of 3.5 MB: %d %s", len(batches), status, code)
	}
}

// A device keeps away from what is not encrypted, and from a project that is not the invitation's.
func TestEnrolTrustsTheInvitationOnly(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(2)
	other := w.invitation(w.code)
	other.Project = w.newKey().Public()
	clear, nowhere, long := w.invitation(w.code), w.invitation(w.code), w.invitation(w.code)
	clear.Address, nowhere.Address = "http://192.0.2.1:8080", "ftp://x"
	for what, i := range map[string]device.Invitation{"another project's key": other, "in the clear": clear, "no address": nowhere} {
		m, err := transfer.Enrol(context.Background(), i, w.newKey(), "Eva")
		if err == nil {
			t.Errorf("%s: enrolled as %+v", what, m)
		}
	}
	for _, name := range []string{strings.Repeat("n", 201), "Eva\x1b[2J", "Eva\nAna", "\xff"} {
		if _, err := transfer.Enrol(context.Background(), long, w.newKey(), name); err != transfer.ErrName {
			t.Errorf("the name %.20q: %v", name, err)
		}
	}
	p, err := transfer.Hello(context.Background(), "https://"+w.address, w.pin)
	if err != nil || fmt.Sprint(p) != fmt.Sprint(w.name) {
		t.Errorf("hello: %v, %v", p, err)
	}
}
