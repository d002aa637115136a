package transfer_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"vereda/survey/record"
	"vereda/sync/archive"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// manyCursors are more than a request may carry.
func manyCursors() map[string]int {
	many := map[string]int{}
	for i := range 17 {
		many[fmt.Sprint("archive ", i)] = i
	}
	return many
}

// hubOf makes a collector's membership, and a peer of the world's collector.
func (w *world) hubOf(name string) (transfer.Membership, *transfer.Peer) {
	key := w.newKey()
	cert, err := device.Issue(w.project, device.Claims{Project: w.name.ID, Device: key.Public(), Name: name, Role: device.Collector, From: w.now, Until: w.now.AddDate(1, 0, 0)})
	w.must(err)
	m := transfer.Membership{V: 1, Project: w.name, Address: "https://" + w.address, Fingerprint: w.pin, Key: key.Marshal(), Certificate: cert}
	p, err := transfer.NewPeer(m, "the hub's archive", func() time.Time { return w.now }, nil)
	w.must(err)
	w.t.Cleanup(p.Close)
	return m, p
}

// A peer gets every batch as it came, byte for byte; without dictionaries when it asks so; and not what it brought itself.
func TestAPeerGetsBatchesAsTheyCame(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	s, err := shape(record.FormVersion{Form: "household", Version: "1"})
	w.must(err)
	d := batch.NewDictionary(s.Dictionary)
	sent := w.batchOf(ana, d, record.Entry{Kind: "of-2031", Body: []byte(`{"v":1}`)})
	if status, code := w.requestOf(ana, sent).do(); status != http.StatusOK {
		t.Fatal(status, code)
	}
	_, peer := w.hubOf("hub")
	answer, err := peer.Exchange(context.Background(), transfer.PeerAsk{Most: 1 << 20})
	w.must(err)
	if answer.Archive != w.archive.ID() || len(answer.Down) != 1 || !bytes.Equal(answer.Down[0].Raw, sent) || answer.Down[0].Place != answer.Cursor || answer.More {
		t.Fatalf("%+v", answer)
	}
	if ahead := answer.Down[0].Ahead; ahead == nil || *ahead != 0 {
		t.Errorf("ahead %v", ahead)
	}
	plain, err := peer.Exchange(context.Background(), transfer.PeerAsk{Most: 1 << 20, Plain: true})
	w.must(err)
	opened, err := batch.Opener{Project: w.name.ID, ProjectKey: w.name.Key}.Open(bytes.NewReader(plain.Down[0].Raw))
	if err != nil || opened.Dictionary != 0 {
		t.Errorf("dictionary %d, %v", opened.Dictionary, err)
	}
	again, err := peer.Exchange(context.Background(), transfer.PeerAsk{Most: 1 << 20, Cursors: map[string]uint64{answer.Archive: answer.Cursor}})
	if err != nil || len(again.Down) != 0 || again.Cursor != answer.Cursor {
		t.Errorf("%+v, %v", again, err)
	}
	own := w.batchOf(ana, nil, record.Entry{Kind: "of-2032", Body: []byte(`{"v":1}`)})
	up, err := peer.Exchange(context.Background(), transfer.PeerAsk{Most: 1 << 20, Up: []batch.Sealed{{Raw: own}}, Cursors: map[string]uint64{answer.Archive: answer.Cursor}})
	w.must(err)
	if fmt.Sprint(up.Receipts) != "[[{quarantined 1 unknown-kind}]]" || len(up.Down) != 0 {
		t.Errorf("%+v", up)
	}
	var p *transfer.Problem
	_, err = peer.Exchange(context.Background(), transfer.PeerAsk{Up: []batch.Sealed{{Raw: []byte("x")}}})
	if !errors.As(err, &p) || p.Code != transfer.CodeBadBatch {
		t.Error(err)
	}
	w.server.Close()
	var later *transfer.RetryError
	if _, err = peer.Exchange(context.Background(), transfer.PeerAsk{}); !errors.As(err, &later) {
		t.Error(err)
	}
}

// A hub, which has not the project's key, lets the centre answer an enrolment, and says what to do when it does not reach it.
func TestAHubLetsTheCentreEnrol(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	m, peer := w.hubOf("hub")
	a, err := archive.Open(context.Background(), t.TempDir(), archive.Options{Shape: shape})
	w.must(err)
	t.Cleanup(func() { a.Close() })
	key, err := device.ParseKey(m.Key)
	w.must(err)
	who := transfer.Collector{Project: w.name, Sealer: batch.Sealer{Project: w.name.ID, Key: key, Certificate: m.Certificate}, Name: "hub", Now: func() time.Time { return w.now }}
	enrol := func(who transfer.Collector, code string) error {
		server := httptest.NewServer(transfer.Handler(a, who))
		defer server.Close()
		i := device.Invitation{V: 1, Address: server.URL, Project: w.project.Public(), Code: code}
		got, err := transfer.Enrol(context.Background(), i, w.newKey(), "Inés")
		if err == nil && (got.Address != server.URL || got.Project.ID != w.name.ID) {
			t.Errorf("%+v", got)
		}
		return err
	}
	var p *transfer.Problem
	var later *transfer.RetryError
	if err := enrol(who, w.code); !errors.As(err, &later) || !errors.As(err, &p) || p.Code != transfer.CodeAskCentral {
		t.Error(err)
	}
	who.Enrol = peer.Enrol
	if err := enrol(who, "K7M4-P2QX"); !errors.As(err, &p) || p.Code != transfer.CodeUnknownInvitation {
		t.Error(err)
	}
	if err := enrol(who, w.code); err != nil {
		t.Error(err)
	}
	w.server.Close()
	if err := enrol(who, w.code); !errors.As(err, &p) || p.Code != transfer.CodeAskCentral {
		t.Error(err)
	}
}

// In each answer the centre proves that it is the centre; nobody else can.
func TestTheCentreProvesItself(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	entry := record.Entry{Kind: "of-2031", Body: []byte(`{"v":1}`)}
	for _, r := range []*request{w.requestOf(ana), w.requestOf(ana, w.batchOf(ana, nil, entry))} {
		var answer struct {
			Archive  string         `json:"archive"`
			Receipts [][]device.Run `json:"receipts"`
			Central  [][]byte       `json:"central"`
		}
		w.must(json.Unmarshal(r.first(), &answer))
		said := device.Receipt{Archive: answer.Archive, Device: ana.key.ID(), Nonce: "n"}
		if len(r.parts) > 0 {
			b, err := batch.Opener{Project: w.name.ID, ProjectKey: w.name.Key}.Open(bytes.NewReader(r.parts[0]))
			w.must(err)
			said = device.Receipt{Archive: answer.Archive, Device: ana.key.ID(), Batch: b.ID.String(), Runs: answer.Receipts[0]}
		}
		statement, err := said.Statement(answer.Central[0])
		w.must(err)
		if _, err := device.OpenReceipt(statement, w.name.Key); err != nil || len(answer.Central) != 1 || answer.Archive != w.archive.ID() {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// first sends the request and returns part 0 of the answer.
func (r *request) first() []byte {
	body := r.body()
	sum := record.Entry{Body: body}.ID() // SHA-256
	q, err := http.NewRequest(http.MethodPost, "https://"+r.w.address+"/api/v1/exchange", bytes.NewReader(body))
	r.w.must(err)
	q.Header.Set("Vereda-Signature", base64.StdEncoding.EncodeToString(r.key.Sign("exchange", sum[:])))
	response, err := (&http.Client{Transport: transfer.NewTransport(r.w.pin)}).Do(q)
	r.w.must(err)
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	r.w.must(err)
	size, n := binary.Uvarint(got)
	return got[n : n+int(size)]
}
