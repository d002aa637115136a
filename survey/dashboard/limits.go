package dashboard

import (
	"math"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// How often a password may be tried: five times for a name and twenty for an address, then once a minute and once in 15 seconds.
// A right password gives its try back.
var (
	perName    = rate{burst: 5, every: time.Minute}
	perAddress = rate{burst: 20, every: 15 * time.Second}
)

type rate struct {
	burst float64
	every time.Duration // one more try
}

// limits counts tries by name and address. Safe for concurrent use. It forgets all after a restart.
type limits struct {
	now func() time.Time
	mu  sync.Mutex
	of  map[string]*tries
}

// tries is a bucket: how many are left at a time.
type tries struct {
	rate rate
	left float64
	at   time.Time
}

// maxLimited bounds the memory: so many names and addresses are told apart at once.
const maxLimited = 20_000

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, of: make(map[string]*tries)}
}

// take takes a try. wait is 0, or how long until there is one.
func (l *limits) take(name, address string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// The address first: who has no tries left cannot fill the memory with names.
	a := l.bucket("address "+network(address), perAddress)
	if wait = a.wait(); wait > 0 {
		return wait
	}
	n := l.bucket(nameKey(name), perName)
	if wait = n.wait(); wait == 0 {
		n.left--
		a.left--
	}
	return wait
}

// giveBack returns the try of a right password.
func (l *limits) giveBack(name, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range []*tries{l.bucket(nameKey(name), perName), l.bucket("address "+network(address), perAddress)} {
		t.left = min(t.left+1, t.rate.burst)
	}
}

// nameKey bounds what is remembered of a name that somebody typed.
func nameKey(name string) string {
	return "name " + strings.ToLower(name[:min(len(name), 100)])
}

func (l *limits) bucket(key string, r rate) *tries {
	now := l.now()
	t := l.of[key]
	if t == nil {
		if len(l.of) >= maxLimited {
			l.sweep(now)
		}
		t = &tries{rate: r, left: r.burst, at: now}
		l.of[key] = t
	}
	t.fill(now)
	return t
}

// sweep forgets the buckets that are full again, and all when that does not help.
func (l *limits) sweep(now time.Time) {
	for key, t := range l.of {
		if t.fill(now); t.left >= t.rate.burst {
			delete(l.of, key)
		}
	}
	if len(l.of) >= maxLimited {
		clear(l.of)
	}
}

func (t *tries) fill(now time.Time) {
	if passed := now.Sub(t.at); passed > 0 {
		t.left = min(t.rate.burst, t.left+float64(passed)/float64(t.rate.every))
	}
	t.at = now
}

func (t *tries) wait() time.Duration {
	if t.left >= 1 {
		return 0
	}
	return max(time.Second, time.Duration(math.Ceil((1-t.left)*float64(t.rate.every))))
}

// network is what one household or office has: an IPv4 address, or an IPv6 /64.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}
