package transfer

import (
	"net"
	"os"
	"syscall"
	"time"
)

// transit is how a TCP connection stands.
type transit struct {
	written, acked int64         // bytes: given to the system; acknowledged by the far end
	shortest       time.Duration // the shortest round trip so far
	segment        int           // bytes that one packet carries
}

// The bounds of transit.segment. On loopback a packet carries 64 kB, which no other link does.
const leastSegment, mostSegment = 256, 1460

// gauged is a connection that knows how it stands, where the system says so: on Linux and Android.
type gauged struct {
	net.Conn
	raw     syscall.RawConn // nil: nobody knows
	written int64
}

func newGauged(c net.Conn) *gauged {
	g := &gauged{Conn: c}
	if s, ok := c.(syscall.Conn); ok {
		g.raw, _ = s.SyscallConn()
	}
	return g
}

func (c *gauged) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.written += int64(n)
	return n, err
}

// transit asks how the connection stands; false where nobody knows, and when it is over.
func (c *gauged) transit() (transit, bool) {
	if c.raw == nil {
		return transit{}, false
	}
	t, ok := readTransit(c.raw)
	t.written, t.acked, t.segment = c.written, min(t.acked, c.written), max(min(t.segment, mostSegment), leastSegment)
	return t, ok
}

// paced writes to a gauged connection no more than its window allows.
type paced struct {
	under  *gauged
	window *window
	start  time.Time
}

// room waits until one more packet may go, and returns how many bytes that is; usual where nobody knows. It gives up when nothing is
// acknowledged any more.
func (p *paced) room(usual int) (int, error) {
	moved, acked := time.Now(), int64(-1)
	for {
		t, ok := p.under.transit()
		if !ok {
			return usual, nil // if it is over, writing tells why
		}
		now := time.Now()
		if t.acked == t.written {
			p.window.rest()
		}
		p.window.see(now.Sub(p.start), t)
		if !p.window.full(t) {
			return t.segment, nil
		}
		if t.acked > acked {
			moved, acked = now, t.acked
		}
		if now.Sub(moved) > silence {
			return 0, os.ErrDeadlineExceeded
		}
		time.Sleep(min(max(t.shortest/16, 100*time.Microsecond), 20*time.Millisecond))
	}
}
