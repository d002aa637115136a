package transfer

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
)

// A TLS record that was cut is lost whole: with records of 16 kB, the largest, each break of a link costs 8 kB of a photo. So what is
// written in large pieces goes out in records that fill one segment each.
const (
	largeWrite  = 16 << 10
	recordBytes = 1300
)

// segmented is a TLS connection that writes small records.
type segmented struct{ *tls.Conn }

func (c segmented) Write(b []byte) (n int, err error) {
	if len(b) <= largeWrite {
		return c.Conn.Write(b)
	}
	for n < len(b) && err == nil {
		var written int
		written, err = c.Conn.Write(b[n:min(n+recordBytes, len(b))])
		n += written
	}
	return n, err
}

// dialTLS returns a dialer for TLS over another dialer.
func dialTLS(dial func(ctx context.Context, network, address string) (net.Conn, error), config *tls.Config) func(ctx context.Context, network, address string) (net.Conn, error) {
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
		conn := tls.Client(raw, own)
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
		return segmented{conn}, nil
	}
}
