package archive

import (
	"fmt"
	"testing"

	"golang.org/x/sync/errgroup"

	"vereda/survey/record"
)

// Two programs settle one archive, again and again, while corrections come: at the end all is as if everything had come first and was merged once.
func testSettlingBesideOthers(t *testing.T, open opener) {
	const interviews = 2*settlePage + settleChunk/2
	var firsts, corrections []record.Entry
	for i := range interviews {
		firsts = append(firsts, revise(t, ana, i, 1, nil, fmt.Sprintf("head=Rosa %d", i), "roster/0001aaaaaa/name=Luis", "roster/0002bbbbbb/name=Sol").Entry())
		if i%3 == 0 {
			corrections = append(corrections, revise(t, ana, i, 2, nil, fmt.Sprintf("head=Ines %d", i), "age=33", "roster/0001aaaaaa/name=Luz").Entry())
		}
	}
	dir := t.TempDir()
	a, b := open(t, dir, testOptions()), open(t, dir, testOptions())
	publish(t, a, "1", householdForm)
	receive(t, a, ana, firsts...)

	var group errgroup.Group
	received := make(chan struct{})
	for _, one := range []*Archive{a, b} {
		group.Go(func() error {
			for {
				if err := one.Settle(background); err != nil {
					return err
				}
				select {
				case <-received:
					return one.Settle(background)
				default:
				}
			}
		})
	}
	for rest := corrections; len(rest) > 0; rest = rest[min(40, len(rest)):] {
		receive(t, a, ana, rest[:min(40, len(rest))]...)
	}
	close(received)
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}

	plain := open(t, t.TempDir(), testOptions())
	publish(t, plain, "1", householdForm)
	receive(t, plain, ana, firsts...)
	receive(t, plain, ana, corrections...)
	if fingerprint(t, a) != fingerprint(t, plain) {
		t.Error("settling beside others left other rows")
	}
	wantSound(t, b)
}
