package transfer_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// photographed finalizes an interview with a photo of random bytes.
func (w *world) photographed(t *tablet, size int) record.Media {
	w.t.Helper()
	content := make([]byte, size)
	w.random.Read(content)
	m, err := t.store.PutMedia("image/jpeg", bytes.NewReader(content))
	w.must(err)
	at := w.now.Add(t.clock)
	w.made++
	interview := uuid.MustParse(fmt.Sprintf("0193a5b2-7d1c-7000-8000-%012d", w.made))
	w.must(t.store.Begin(store.Interview{ID: interview, Form: "household", Version: "1", State: store.Draft, Created: at, Changed: at}))
	t.interviews = append(t.interviews, interview)
	name, err := record.New(record.File, m.FileName())
	w.must(err)
	body, err := t.store.Compose(interview, store.Author{Device: string(t.key.ID()), By: "enumerator", At: at}, record.Answers{"photo": name}, nil, true)
	w.must(err)
	r, err := record.Seal(body)
	w.must(err)
	w.must(t.store.Finalize(r))
	return m
}

// arrived reads a photo at the collector.
func (w *world) arrived(m record.Media) []byte {
	w.t.Helper()
	f, err := w.archive.OpenMedia(context.Background(), m.SHA256)
	w.must(err)
	defer f.Close()
	content, err := io.ReadAll(f)
	w.must(err)
	return content
}

// A photo goes up after the answers, and is forgotten by nobody before the centre has signed that it has it.
func TestAPhotoGoesUp(t *testing.T) {
	w := newWorld(t)
	a := w.photographer("Ana")
	small, large := w.photographed(a, 3000), w.photographed(a, 700_000)
	r, err := a.client.Sync(context.Background(), a.store, nil)
	w.must(err)
	if r.PhotosSent != 2 || r.Photos != 0 || r.Sent != 2 {
		t.Fatalf("%+v", r)
	}
	for _, m := range []record.Media{small, large} {
		if got := w.arrived(m); int64(len(got)) != m.Size {
			t.Errorf("%d bytes of %d", len(got), m.Size)
		}
	}
	pending, err := a.store.PendingMedia("", 10)
	w.must(err)
	if len(pending) != 0 {
		t.Errorf("%d photos are still to be sent", len(pending))
	}
	again, err := a.client.Sync(context.Background(), a.store, nil)
	w.must(err)
	if again.PhotosSent != 0 || again.RoundTrips != 1 {
		t.Errorf("%+v", again)
	}
}

// photographer enrols a tablet whose photos travel.
func (w *world) photographer(name string) *tablet {
	w.t.Helper()
	code, err := device.NewCode(w.random)
	w.must(err)
	w.must(w.archive.Invite(context.Background(), code, device.Enumerator, 1, w.now.AddDate(0, 0, 7)))
	a, err := w.enrol(name, w.invitation(code))
	w.must(err)
	return a
}

// cutter is a proxy before the collector that cuts connections and counts the bytes that cross it.
type cutter struct {
	listener net.Listener
	to       string
	up, down atomic.Int64
	cuts     atomic.Int64
	mu       sync.Mutex
	after    []int64 // bytes up after which each next connection is cut; none left: never
}

func newCutter(t *testing.T, to, listen string, after ...int64) *cutter {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{listener: l, to: to, after: after}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go c.carry(in)
		}
	}()
	return c
}

func (c *cutter) carry(in net.Conn) {
	defer in.Close()
	out, err := net.Dial("tcp", c.to)
	if err != nil {
		return
	}
	defer out.Close()
	c.mu.Lock()
	limit := int64(-1)
	if len(c.after) > 0 {
		limit, c.after = c.after[0], c.after[1:]
	}
	c.mu.Unlock()
	done, drained, cut := make(chan struct{}, 2), make(chan struct{}), atomic.Bool{}
	go func() {
		defer func() { done <- struct{}{} }()
		buffer := make([]byte, 1400)
		for sent := int64(0); ; {
			n, err := in.Read(buffer)
			if n > 0 {
				if limit >= 0 && sent+int64(n) > limit {
					n = int(limit - sent)
				}
				written, werr := out.Write(buffer[:n])
				c.up.Add(int64(written))
				sent += int64(written)
				if werr != nil || limit >= 0 && sent >= limit {
					c.cuts.Add(1)
					cut.Store(true) // what crossed the link the collector still reads; nothing comes back any more
					_ = out.(*net.TCPConn).CloseWrite()
					<-drained
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	go func() {
		defer func() { close(drained); done <- struct{}{} }()
		buffer := make([]byte, 1400)
		for {
			n, err := out.Read(buffer)
			if n > 0 {
				c.down.Add(int64(n))
				if cut.Load() {
					continue
				}
				if _, err := in.Write(buffer[:n]); err != nil {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	<-done
}

// A photo of 300 kB that the link interrupts five times costs less than 1.1 times its size on TCP, TLS and all that is said about it
// included.
func TestAPhotoResumesWhereTheLinkCutIt(t *testing.T) {
	w := newWorld(t)
	a := w.photographer("Ana")
	m := w.photographed(a, 300_000)
	proxy := newCutter(t, w.address, "127.0.0.1:0", 55_000, 55_000, 55_000, 55_000, 55_000)
	a.membership.Address = "https://" + proxy.listener.Addr().String()
	w.connect(a)
	deadline := time.Now().Add(time.Minute)
	for {
		_, err := a.client.Sync(context.Background(), a.store, nil)
		if err == nil {
			break
		}
		if _, again := err.(*transfer.RetryError); !again || time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	if proxy.cuts.Load() != 5 {
		t.Errorf("cut %d times", proxy.cuts.Load())
	}
	w.arrived(m)
	up, down := proxy.up.Load(), proxy.down.Load()
	t.Logf("%d up, %d down: %.3f times its size", up, down, float64(up+down)/float64(m.Size))
	if float64(up+down) > 1.1*float64(m.Size) { // on IP some 5 % more: 52 bytes a segment
		t.Errorf("%d bytes for a photo of %d", up+down, m.Size)
	}
}

// clockOf is the clock of a tablet.
func (w *world) clockOf(t *tablet) func() time.Time {
	return func() time.Time { return w.now.Add(t.clock) }
}
