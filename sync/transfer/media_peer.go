package transfer

import (
	"context"
	"errors"
	"io"

	"vereda/survey/record"
)

// Carrier carries files between this collector and another one. Not safe for concurrent use.
type Carrier struct {
	c   *courier
	own string // this collector's archive
}

// Carrier returns what carries files to and from the peer.
func (p *Peer) Carrier() *Carrier {
	c := newCourier(p.credentials, p.key, p.now, p.wire)
	c.from = p.own
	return &Carrier{c, p.own}
}

// MostAsked is how many files one question is about at most.
const MostAsked = mostAsked

// Stand learns how the other collector stands with files, at most MostAsked. Errors are as Client.Sync's.
func (c *Carrier) Stand(ctx context.Context, files []record.Media) (MediaAnswer, error) {
	return c.c.ask(ctx, mediaAsk{Files: idsOf(files)})
}

// News learns which files came to the other collector behind a place, but for those that came from here.
func (c *Carrier) News(ctx context.Context, after uint64) (MediaAnswer, error) {
	return c.c.ask(ctx, mediaAsk{News: true, After: after, From: c.own})
}

// Send brings a file to its end; stands is what Stand said last. It reports false for a file that cannot be read here, or that the other
// does not take.
func (c *Carrier) Send(ctx context.Context, m record.Media, stands MediaAnswer, content func(offset int64) (io.ReadCloser, error)) (bool, error) {
	offset, begun := stands.Open[m.SHA256]
	err := c.c.sendFile(ctx, m, offset, begun, content, func(int64) error { return ctx.Err() })
	if errors.Is(err, errSpoilt) {
		return false, nil
	}
	return err == nil, err
}

// Fetch brings a file down from an offset on, in pieces that it hands to take. It reports false when the other does not have it any more.
func (c *Carrier) Fetch(ctx context.Context, m record.Media, offset int64, take func(offset int64, piece []byte) error) (bool, error) {
	err := c.c.fetch(ctx, m, offset, take)
	var p *Problem
	if errors.As(err, &p) && p.Code == CodeNotFound {
		return false, nil
	}
	return err == nil, err
}
