package transfer_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// A request that is sent again, by whoever got hold of it, stores nothing twice; changed by a byte, it is no request; and when its device was
// revoked since, it is refused.
func TestAReplayedRequestChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	w.save(ana, uuid.Nil, "household", "as found")
	entries, err := ana.store.Pending("", 10, 1<<20)
	w.must(err)
	r := w.requestOf(ana, w.batchOf(ana, nil, entries...))
	for range 3 {
		if status, code := r.do(); status != 200 {
			t.Fatal(status, code)
		}
	}
	count := func() int {
		n, err := w.archive.Total(context.Background(), fieldwork.Filter{})
		w.must(err)
		return n
	}
	if n := count(); n != 1 {
		t.Errorf("%d interviews", n)
	}
	r.signature = "AAAA"
	if status, code := r.do(); status != 401 || code != "signature" {
		t.Errorf("with another signature: %d %s", status, code)
	}
	r.signature = ""
	w.must(w.archive.Revoke(context.Background(), ana.key.ID()))
	if status, code := r.do(); status != 403 || code != "revoked" {
		t.Errorf("after the device was revoked: %d %s", status, code)
	}
	if n := count(); n != 1 {
		t.Errorf("%d interviews", n)
	}
}

// A request that a device made for another collector, which that one hands on, or that names none, is of no use here.
func TestARequestFitsOneCollector(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	w.save(ana, uuid.Nil, "household", "as found")
	entries, err := ana.store.Pending("", 10, 1<<20)
	w.must(err)
	for _, to := range []string{strings.Repeat("ab", 16), w.pin, ""} {
		r := w.requestOf(ana, w.batchOf(ana, nil, entries...))
		r.ask["to"] = to
		if status, code := r.do(); status != 401 || code != transfer.CodeOtherCollector {
			t.Errorf("made for %q: %d %s", to, status, code)
		}
	}
	n, err := w.archive.Total(context.Background(), fieldwork.Filter{})
	if err != nil || n != 0 {
		t.Errorf("%d interviews, %v", n, err)
	}
	lost := ana.membership // who has pinned another certificate asks that one, and signs so; a relay in between changes nothing
	lost.Fingerprint = strings.Repeat("cd", 32)
	peer, err := transfer.NewPeer(lost, "0193a5b2-7d1c-7000-8000-0000000000ee", func() time.Time { return w.now }, transfer.NewTransport(w.pin))
	w.must(err)
	defer peer.Close()
	_, err = peer.Carrier().Stand(context.Background(), nil)
	var refused *transfer.Problem
	if !errors.As(err, &refused) || refused.Code != transfer.CodeOtherCollector {
		t.Errorf("about files: %v", err)
	}
}

// Whoever only knows the collector's address gets who is there, and nothing else.
func TestStrangersGetNothing(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	eve := w.newKey()
	own, err := device.Issue(eve, device.Claims{Project: w.name.ID, Device: eve.Public(), Name: "Eve", Role: device.Collector, From: w.now, Until: w.now.AddDate(1, 0, 0)})
	w.must(err)
	stranger := &tablet{key: eve}
	stranger.membership.Certificate = own
	if status, code := w.requestOf(stranger).do(); status != 401 || code != "certificate" {
		t.Errorf("%d %s", status, code)
	}
	other := w.invitation(w.code)
	other.Code = "0000-0000"
	if _, err := w.enrol("eve", other); err == nil {
		t.Error("enrolled without an invitation")
	}
}

// Between a tablet and a collector nothing can be read or changed on the way: TLS 1.3, and exactly the certificate of the invitation.
func TestNothingTravelsInTheClear(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	seen := make(chan []byte, 1)
	ear, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	t.Cleanup(func() { ear.Close() })
	go listen(ear, w.address, seen)
	ana.membership.Address = "https://" + ear.Addr().String()
	w.connect(ana)
	w.save(ana, uuid.Nil, "household", "a secret that nobody may hear")
	if _, err := ana.client.Sync(context.Background(), ana.store, nil); err != nil {
		t.Fatal(err)
	}
	ana.client.Close()
	heard := <-seen
	for _, secret := range []string{"secret", "María", string(ana.key.ID()), "household", "exchange"} {
		if bytes.Contains(heard, []byte(secret)) {
			t.Errorf("%q was heard", secret)
		}
	}
	if len(heard) < 500 {
		t.Errorf("%d bytes were heard", len(heard))
	}
}

// listen carries one connection to an address, and hands over all bytes of both directions when it ends.
func listen(ear net.Listener, to string, seen chan<- []byte) {
	in, err := ear.Accept()
	if err != nil {
		return
	}
	out, err := net.DialTimeout("tcp", to, time.Minute)
	if err != nil {
		in.Close()
		return
	}
	var up, down bytes.Buffer
	done := make(chan bool)
	go func() {
		io.Copy(io.MultiWriter(in, &down), out)
		in.Close()
		done <- true
	}()
	io.Copy(io.MultiWriter(out, &up), in)
	out.Close()
	<-done
	seen <- append(up.Bytes(), down.Bytes()...)
}
