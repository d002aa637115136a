package transfer

import "time"

// pace decides how much goes into one batch: little after failures, more after success.
type pace struct {
	entries, bytes int
}

// Where a pace starts and how far it goes; bytes are of entries before compression. Eight interviews are some 3 kB on the wire:
// smaller batches would only add round trips, so a bad link does not make them.
const (
	startEntries, startBytes = 64, 256 << 10
	leastEntries, leastBytes = 8, 32 << 10
	mostEntries, mostBytes   = 2048, 4 << 20
)

func newPace() pace { return pace{startEntries, startBytes} }

// succeeded follows a batch that arrived; full says that more waits, so that the batch was as large as this pace allows.
func (p pace) succeeded(full bool) pace {
	if !full {
		return p
	}
	return pace{min(p.entries*2, mostEntries), min(p.bytes*2, mostBytes)}
}

// failed follows a batch of n entries that was lost on the way: half of what was really sent.
func (p pace) failed(n int) pace {
	return pace{min(p.entries, max(min(p.entries, n)/2, leastEntries)), min(p.bytes, max(p.bytes/2, leastBytes))}
}

// refused follows a batch of n entries that the collector found too large: half of it, down to a single entry.
func (p pace) refused(n int) pace {
	return pace{max(n/2, 1), max(p.bytes/2, 1)}
}

// Backoff says how long to wait before trying again: 1 s after the first failure, twice as long after each further one, 5 min at
// most, each cut by up to a half at random, so that tablets that lost the link together don't come back together.
// Not safe for concurrent use.
type Backoff struct {
	jitter   func() float64
	failures int
}

// The bounds of a Backoff.
const (
	backoffFirst = time.Second
	backoffMost  = 5 * time.Minute
)

// NewBackoff returns a Backoff. jitter returns numbers in [0, 1), such as (*rand.Rand).Float64; the Backoff keeps it.
func NewBackoff(jitter func() float64) *Backoff { return &Backoff{jitter: jitter} }

// Next returns how long to wait after one more failure.
func (b *Backoff) Next() time.Duration {
	wait := backoffFirst << min(b.failures, 30)
	b.failures++
	wait = min(wait, backoffMost)
	return wait - time.Duration(b.jitter()*float64(wait)/2)
}

// Reset follows a success.
func (b *Backoff) Reset() { b.failures = 0 }

// piecePace decides how much of a file goes into one request: what takes some 20 seconds, so that answers that are finished meanwhile wait no
// longer.
type piecePace struct{ size int }

// Where a piecePace starts, and how far it goes.
const (
	firstPiece = 128 << 10
	leastPiece = 16 << 10
	mostPiece  = 4 << 20
	pieceTime  = 20 * time.Second
)

func newPiecePace() piecePace { return piecePace{firstPiece} }

// took follows n bytes that arrived in so much time: at most four times as many in the next piece.
func (p piecePace) took(n int, d time.Duration) piecePace {
	fitting := float64(mostPiece)
	if d > 0 {
		fitting = float64(n) * float64(pieceTime) / float64(d)
	}
	return piecePace{int(min(max(fitting, leastPiece), float64(4*p.size), mostPiece))}
}

// failed follows a piece of which nothing arrived: what stands between may pass on whole requests only. A piece that was cut needs no smaller
// ones, for what came of it stays.
func (p piecePace) failed() piecePace { return piecePace{max(p.size/2, leastPiece)} }
