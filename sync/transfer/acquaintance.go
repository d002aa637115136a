package transfer

import (
	"sync"

	"vereda/sync/device"
)

// acquaintances are devices whose certificates were checked: later requests need not bring them. It forgets all when they are too many.
type acquaintances struct {
	mu   sync.Mutex
	seen map[device.ID]device.Claims
}

// mostAcquaintances bounds the memory of acquaintances.
const mostAcquaintances = 10_000

func (a *acquaintances) meet(c device.Claims) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.seen == nil || len(a.seen) >= mostAcquaintances {
		a.seen = map[device.ID]device.Claims{}
	}
	a.seen[c.ID()] = c
}

func (a *acquaintances) find(id device.ID) (device.Claims, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c, ok := a.seen[id]
	return c, ok
}
