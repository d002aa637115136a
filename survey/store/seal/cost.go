package seal

import (
	"errors"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

// Cost is what argon2id takes to try one PIN.
type Cost struct {
	Passes  uint32 `json:"passes"`
	Memory  uint32 `json:"memory"`  // kB
	Threads uint8  `json:"threads"` // counts for the result: another number gives another key
}

// What a cost may be. More would let a broken or malicious file stop a tablet.
const (
	maxPasses  = 64
	maxMemory  = 256 << 10
	maxThreads = 8

	memory  = 64 << 10 // kB: what a tablet with 2 GB can spare for half a second
	threads = 2

	leastPasses = 2  // that Tune gives, on the slowest tablet
	mostPasses  = 16 // and on the fastest machine, since a slow one should open its store too
)

// Patience is how long trying a PIN should take on the tablet that it was set on.
const Patience = 500 * time.Millisecond

// Least is the smallest cost: for tests, where PINs are tried again and again.
var Least = Cost{Passes: 1, Memory: 8 * threads, Threads: threads}

// Tune returns the cost that takes about Patience on this machine when it has nothing else to do, and two passes over 64 MB at least.
// now is the clock. A machine that is busy is measured up to three times: the fastest one counts.
func Tune(now func() time.Time) Cost {
	c := Cost{Passes: 1, Memory: memory, Threads: threads}
	fastest, spent := Patience, time.Duration(0)
	for range 3 {
		start := now()
		k := c.derive([]byte("0000"), make([]byte, saltSize))
		k.Wipe()
		one := now().Sub(start)
		if one > 0 {
			fastest = min(fastest, one)
		}
		if spent += one; spent > Patience {
			break
		}
	}
	c.Passes = uint32(min(max(Patience/fastest, leastPasses), mostPasses))
	return c
}

func (c Cost) check() error {
	switch {
	case c.Passes < 1 || c.Passes > maxPasses, c.Memory < 8 || c.Memory > maxMemory, c.Threads < 1 || c.Threads > maxThreads:
		return errors.New("seal: the cost of a PIN is out of bounds")
	}
	return nil
}

// derive makes a key of a PIN. The PIN is wiped.
func (c Cost) derive(pin, salt []byte) *Key {
	b := argon2.IDKey(pin, salt, c.Passes, c.Memory, c.Threads, chacha20poly1305.KeySize)
	defer clear(b)
	clear(pin)
	return (*Key)(append([]byte(nil), b...))
}
