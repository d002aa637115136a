package transfer

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"time"
)

// What is written in large pieces may be cut by the link at any byte, and little of it should be lost then. A TLS record that was cut is lost
// whole: with records of 16 kB, the largest, each break costs 8 kB of a photo. So it goes out in records that fill one packet each, and no
// more of them at once than the link carries.
const (
	largeWrite     = 16 << 10
	usualSegment   = 1322 // bytes that a packet carries, where nobody knows
	recordOverhead = 22   // header, content type, tag
)

// segmented is a TLS connection that writes large pieces in small records.
type segmented struct {
	*tls.Conn
	pace  *paced
	large bool // within a large piece, of which the end may be a small write
}

func (c *segmented) Write(b []byte) (n int, err error) {
	c.large = len(b) > largeWrite || c.large && len(b) > usualSegment
	if !c.large {
		return c.Conn.Write(b)
	}
	for n < len(b) && err == nil {
		var room, written int
		if room, err = c.pace.room(usualSegment); err != nil {
			return n, err
		}
		written, err = c.Conn.Write(b[n:min(n+room-recordOverhead, len(b))])
		n += written
	}
	return n, err
}

// dialTLS returns a dialer for TLS over another dialer.
func dialTLS(dial func(ctx context.Context, network, address string) (net.Conn, error), config *tls.Config) func(ctx context.Context, network, address string) (net.Conn, error) {
	window := newWindow() // of the link: what one connection learnt is true for the next
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		raw, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			raw.Close()
			return nil, err
		}
		own := config.Clone() // with the same cache of sessions
		own.ServerName = host
		under := newGauged(raw)
		conn := tls.Client(under, own)
		ctx, cancel := context.WithTimeout(ctx, dialLimit)
		defer cancel()
		trace := httptrace.ContextClientTrace(ctx)
		if trace != nil && trace.TLSHandshakeStart != nil {
			trace.TLSHandshakeStart()
		}
		err = conn.HandshakeContext(ctx)
		if trace != nil && trace.TLSHandshakeDone != nil {
			trace.TLSHandshakeDone(conn.ConnectionState(), err)
		}
		if err != nil {
			raw.Close()
			return nil, err
		}
		window.rest()
		return &segmented{Conn: conn, pace: &paced{under, window, time.Now()}}, nil
	}
}
