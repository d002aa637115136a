package fault

import (
	"flag"
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

var (
	roundsFlag = flag.Int("fault.rounds", 200, "how many rounds")
	seedFlag   = flag.Uint64("fault.seed", 0, "seed of the first round, the next ones follow; 0: the time")
)

// firstSeed is that of the first round.
func firstSeed() uint64 {
	if *seedFlag == 0 {
		return uint64(time.Now().UnixNano())
	}
	return *seedFlag
}

// TestNothingIsLost lives through many rounds. A round that fails prints its seed and what happened:
// go test ./sync/fault -run TestNothingIsLost -fault.seed SEED -fault.rounds 1
func TestNothingIsLost(t *testing.T) {
	first, rounds := firstSeed(), *roundsFlag
	if testing.Short() {
		rounds = min(rounds, 20)
	}
	t.Logf("-fault.seed=%d", first)
	dir, start := t.TempDir(), time.Now()
	n, failed := map[kind]int{}, 0
	for i := range rounds {
		seed := first + uint64(i)
		k, story, err := round(seed, filepath.Join(dir, fmt.Sprint(seed)))
		if err != nil {
			t.Errorf("round %d, -fault.seed=%d: %v\n%s", i+1, seed, err, story)
			if failed++; failed == 5 {
				break
			}
		}
		n[k]++
	}
	t.Logf("%d rounds, %d of them wrong, in %.0f s: %v", rounds, failed, time.Since(start).Seconds(), n)
}
