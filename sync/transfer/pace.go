package transfer

import "time"

// pace decides how much goes into one batch: little after failures, more after success.
type pace struct {
	entries, bytes int
}

// Where a pace starts and how far it goes; bytes are of entries before compression.
const (
	startEntries, startBytes = 64, 256 << 10
	leastEntries, leastBytes = 1, 8 << 10
	mostEntries, mostBytes   = 2048, 4 << 20
)

func newPace() pace { return pace{startEntries, startBytes} }

// succeeded follows a batch of n entries that arrived. A batch that did not fill its measure proves nothing.
func (p pace) succeeded(n int, full bool) pace {
	if n == 0 || !full {
		return p
	}
	return pace{min(p.entries*2, mostEntries), min(p.bytes*2, mostBytes)}
}

// failed follows a batch of n entries that did not arrive: half of what was really sent.
func (p pace) failed(n int) pace {
	if n == 0 {
		return p
	}
	return pace{max(min(p.entries, n)/2, leastEntries), max(p.bytes/2, leastBytes)}
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
