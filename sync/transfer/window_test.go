package transfer

import (
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"testing"
	"time"
)

// modelLink is a link in virtual time, with TCP's ends: packets queue before the radio, cross it, and are acknowledged two by two; a lost one is sent again
// a round trip later, and holds up all acknowledgements until then.
type modelLink struct {
	rate   float64 // bytes a second
	base   time.Duration
	loss   float64
	jitter float64 // of the round trip, as a share of it
	random *rand.Rand

	now  time.Duration
	free time.Duration // when the radio has sent what is queued
	sent []modelPacket // in their order, not acknowledged yet
	transit
}

type modelPacket struct {
	end         int64
	sent, comes time.Duration // its acknowledgement
}

const modelSegment, modelPacketBytes = 1348, 1400

func newModelLink(rate float64, rtt time.Duration, loss, jitter float64) *modelLink {
	l := &modelLink{rate: rate / 8, base: rtt, loss: loss, jitter: jitter, random: rand.New(rand.NewPCG(1, 2))}
	l.transit = transit{shortest: rtt, segment: modelSegment}
	return l
}

// write sends one packet.
func (l *modelLink) write() {
	l.free = max(l.free, l.now) + time.Duration(float64(modelPacketBytes)/l.rate*float64(time.Second))
	comes := l.free + l.base + time.Duration(l.random.Float64()*l.jitter*float64(l.base))
	if l.random.Float64() < l.loss {
		l.free += time.Duration(float64(modelPacketBytes) / l.rate * float64(time.Second)) // it is sent again
		comes += l.base + l.base/4
	}
	l.written += modelSegment
	l.sent = append(l.sent, modelPacket{l.written, l.now, comes})
}

// pass lets time go by, and takes what is acknowledged by then.
func (l *modelLink) pass(d time.Duration) {
	l.now += d
	for len(l.sent) > 1 && l.sent[0].comes <= l.now && (l.sent[1].comes <= l.now || l.sent[0].comes+40*time.Millisecond <= l.now) {
		p := l.sent[0]
		l.sent = l.sent[1:]
		l.acked = p.end
	}
	if len(l.sent) == 1 && l.sent[0].comes+40*time.Millisecond <= l.now {
		l.acked, l.sent = l.sent[0].end, nil
	}
}

// A window fills a slow link and leaves its queue nearly empty, also an unsteady one and with losses; it does not slow a fast one.
func TestAWindowFollowsTheLink(t *testing.T) {
	for _, c := range []struct {
		name         string
		rate         float64 // bits a second
		rtt          time.Duration
		loss, jitter float64
		bytes        int64
		used         float64 // of the link, from the first packet to the last
		most         float64 // under way on average, as a share of what the link carries in a round trip; 0: a fast link, where TCP is left alone
	}{
		{"rural", 64e3, 600 * time.Millisecond, 0, 0, 300e3, 0.9, 1.7},
		{"rural, losses", 64e3, 600 * time.Millisecond, 0.02, 0, 300e3, 0.85, 1.8},
		{"rural, unsteady", 64e3, 600 * time.Millisecond, 0, 0.5, 300e3, 0.8, 2},
		{"rural, bad", 64e3, 300 * time.Millisecond, 0.02, 1, 300e3, 0.7, 3},
		{"satellite", 2e6, 600 * time.Millisecond, 0, 0, 5e6, 0.85, 0},
		{"satellite, unsteady", 2e6, 600 * time.Millisecond, 0.001, 0.2, 5e6, 0.85, 0},
		{"city", 20e6, 30 * time.Millisecond, 0, 0, 5e6, 0.9, 0},
		{"cable", 1e9, time.Millisecond, 0, 1, 50e6, 0.85, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, w := newModelLink(c.rate, c.rtt, c.loss, c.jitter), newWindow()
			var sum, n float64
			for slowStart := int64(10 * modelSegment); l.acked < c.bytes; {
				w.see(l.now, l.transit)
				for l.written < c.bytes && !w.full(l.transit) && l.written-l.acked < slowStart {
					l.write()
				}
				before := l.acked
				l.pass(min(max(c.rtt/16, 100*time.Microsecond), 20*time.Millisecond))
				slowStart += l.acked - before
				if l.acked > c.bytes/4 {
					sum, n = sum+float64(l.written-l.acked), n+1
				}
			}
			used := float64(c.bytes) / modelSegment * modelPacketBytes / l.now.Seconds() / l.rate
			share := sum / n / (l.rate * c.rtt.Seconds())
			t.Logf("%.2f of the link used, %.2f round trips under way, %v", used, share, l.now)
			if used < c.used || c.most > 0 && share > c.most {
				t.Errorf("%.2f of the link used (%.2f wanted), %.2f round trips under way (%.2f at most)", used, c.used, share, c.most)
			}
		})
	}
}

// What one connection learnt counts for the next one.
func TestAWindowRemembers(t *testing.T) {
	l, w := newModelLink(64e3, 600*time.Millisecond, 0, 0), newWindow()
	for l.acked < 200_000 {
		w.see(l.now, l.transit)
		for !w.full(l.transit) {
			l.write()
		}
		l.pass(20 * time.Millisecond)
	}
	w.rest()
	next := transit{shortest: 600 * time.Millisecond, segment: modelSegment}
	for w.see(0, next); !w.full(next); next.written += modelSegment {
	}
	if next.written > 9*modelSegment {
		t.Errorf("%d bytes go at once on a new connection", next.written)
	}
}

// The system says what the far end has taken, and what not.
func TestAConnectionSaysHowItStands(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	c, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	far, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	under := newGauged(&impatient{c})
	if _, err := under.Write(make([]byte, 5000)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(far, make([]byte, 5000)); err != nil {
		t.Fatal(err)
	}
	if _, err := far.Write([]byte("ok")); err != nil { // it acknowledges, too
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, 2)); err != nil {
		t.Fatal(err)
	}
	s, ok := under.transit()
	if runtime.GOOS != "linux" && !ok {
		return
	}
	if !ok || s.written != 5000 || s.acked != 5000 || s.shortest <= 0 || s.segment < 500 {
		t.Errorf("%+v, %v", s, ok)
	}
	c.Close()
	if _, ok := under.transit(); ok {
		t.Error("a connection that is over says how it stands")
	}
}
