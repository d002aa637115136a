package quality_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/google/uuid"

	"vereda/survey/quality"
	"vereda/survey/quality/qualitytest"
)

var update = flag.Bool("update", false, "write the weights anew")

// The weights are counted in other fieldwork than the figures are measured in.
const (
	countedFrom  = 1000
	measuredFrom = 1
)

func TestWeightsAreThoseCounted(t *testing.T) {
	const seeds, interviews, share = 4, 10_000, 0.02
	var tally quality.Tally
	for _, w := range qualitytest.Worlds() {
		for seed := range uint64(seeds) {
			f := qualitytest.Do(qualitytest.Plan{Seed: countedFrom + seed, Interviews: interviews, Duplicates: share, World: w})
			tally.Count(f.Interviews, func(a, b uuid.UUID) bool { _, is := f.Truth[qualitytest.NewCouple(a, b)]; return is })
		}
	}
	got := tally.Source(fmt.Sprintf("%d seeds from %d on, each of %d interviews in %d worlds with %g of them repeated", seeds, countedFrom, interviews, len(qualitytest.Worlds()), share))
	if *update {
		if err := os.WriteFile("counted.go", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile("counted.go"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("counted.go is not what is counted now: run the test with -update (%v)\n%s", err, got)
	}
}

func TestDuplicatesAreFound(t *testing.T) {
	for _, w := range qualitytest.Worlds() {
		for seed := range uint64(3) {
			f := qualitytest.Do(qualitytest.Plan{Seed: 1 + seed, Interviews: 10000, Duplicates: 0.02, World: w})
			by := map[uuid.UUID]quality.Household{}
			for _, h := range f.Interviews {
				by[h.Interview] = h
			}
			found := quality.Find(slices.Values(f.Interviews), quality.Options{})
			right := map[qualitytest.Couple]bool{}
			shown := 0
			for _, p := range found.Pairs {
				k := qualitytest.NewCouple(p.A, p.B)
				if _, is := f.Truth[k]; is {
					right[k] = true
				} else if shown++; shown <= 4 {
					t.Logf("WRONG %.2f %+v\n%+v\n%+v", p.Probability, p.Reasons, by[p.A], by[p.B])
				}
			}
			shown = 0
			for k, what := range f.Truth {
				if !right[k] {
					if shown++; shown <= 4 {
						t.Logf("MISSED %s\n%+v\n%+v", what, by[k[0]], by[k[1]])
					}
				}
			}
			t.Logf("%s seed %d: precision %.4f recall %.4f of %d; found %d compared %d crowded %v", w.Name, 1+seed, float64(len(right))/float64(len(found.Pairs)), float64(len(right))/float64(len(f.Truth)), len(f.Truth), len(found.Pairs), found.Compared, found.Crowded)
		}
	}
}
