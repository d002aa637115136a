package fault

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// proxy is the link to a collector: a listener that stays, whatever becomes of the program behind it, and does to each connection what it
// draws.
type proxy struct {
	listener net.Listener
	target   func() string // where the program listens now; "" when it does not

	mu     sync.Mutex
	random *rand.Rand
	bad    bool // whether anything goes wrong here
}

// ill is what happens to a connection.
type ill int

const (
	well       ill = iota
	shut           // it is closed at once
	cutUp          // both ways end after so many bytes up
	cutDown        // both ways end after so many bytes down
	halfUp         // nothing goes up behind so many bytes, and the collector is told that this was the end
	slow           // every piece waits
	repeated       // all that went up goes up once more, by a connection of its own, when this one is over
	failed         // somebody on the way answers 500, and nothing arrives
	failedLate     // all arrives, and somebody answers 502
	ills           // how many there are
)

func newProxy(random *rand.Rand, target func() string) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{listener: l, target: target, random: random, bad: true}
	go p.serve()
	return p, nil
}

func (p *proxy) address() string { return p.listener.Addr().String() }

// mend lets nothing go wrong any more.
func (p *proxy) mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bad = false
}

func (p *proxy) serve() {
	for {
		in, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.carry(in)
	}
}

// draw returns what happens to the next connection, and behind how many bytes: most are few, as requests are.
func (p *proxy) draw() (what ill, after int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.bad || p.random.IntN(2) == 0 {
		return well, 0
	}
	what = ill(1 + p.random.IntN(int(ills)-1))
	return what, p.random.IntN(1 << (4 + p.random.IntN(14)))
}

// carry carries one connection.
func (p *proxy) carry(in net.Conn) {
	defer in.Close()
	what, after := p.draw()
	switch what {
	case shut:
		return
	case failed:
		_, _ = in.Read(make([]byte, 4096))
		_, _ = io.WriteString(in, answer500)
		return
	}
	target := p.target()
	if target == "" {
		return
	}
	out, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer out.Close()
	limit := map[ill]int{cutUp: after, halfUp: after}
	c := &carried{in: in, out: out, what: what, up: -1, down: -1}
	if n, cut := limit[what]; cut {
		c.up = n
	}
	if what == cutDown {
		c.down = after
	}
	c.run()
	if what == repeated {
		repeat(target, c.sent.Bytes())
	}
}

const answer500 = "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html\r\nContent-Length: 9\r\nConnection: close\r\n\r\n<h1>500\r\n"

// repeat sends what somebody sent before, and waits a little for what is said to that.
func repeat(target string, sent []byte) {
	out, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer out.Close()
	_ = out.SetDeadline(time.Now().Add(time.Second))
	_, _ = out.Write(sent)
	_, _ = io.Copy(io.Discard, out)
}

// carried is a connection under way.
type carried struct {
	in, out  net.Conn
	what     ill
	up, down int // how many bytes go each way before the end; negative: all
	sent     bytes.Buffer
}

// run carries both ways until one ends, or a limit is reached.
func (c *carried) run() {
	over := make(chan struct{}, 2)
	go func() { c.pump(c.out, c.in, c.up, &c.sent); over <- struct{}{} }()
	go func() { c.pump(c.in, c.out, c.down, nil); over <- struct{}{} }()
	<-over
	c.in.Close()
	c.out.Close()
	<-over
}

// pump carries one way.
func (c *carried) pump(to, from net.Conn, limit int, sent *bytes.Buffer) {
	buffer := make([]byte, 4096)
	for total := 0; ; {
		n, err := from.Read(buffer)
		if limit >= 0 {
			n = min(n, limit-total)
		}
		total += n
		if c.what == slow && n > 0 {
			time.Sleep(5 * time.Millisecond)
		}
		if c.what == repeated && sent != nil {
			sent.Write(buffer[:n])
		}
		if c.what == failedLate && sent == nil && n > 0 {
			_, _ = io.WriteString(to, answer500)
			return
		}
		if n > 0 {
			if _, werr := to.Write(buffer[:n]); werr != nil {
				return
			}
		}
		if err != nil {
			return
		}
		if limit >= 0 && total >= limit {
			if c.what == halfUp {
				_ = to.(*net.TCPConn).CloseWrite()
				_ = from.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
				_, _ = io.Copy(io.Discard, from)
			}
			return
		}
	}
}
