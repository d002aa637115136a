package quality_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
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
	const seeds, interviews, share, common = 1, 30_000, 0.16, 0.02 // more than are common, to see the rare agreements of duplicates too
	var tally quality.Tally
	for _, w := range qualitytest.Worlds() {
		for seed := range uint64(seeds) {
			f := qualitytest.Do(qualitytest.Plan{Seed: countedFrom + seed, Interviews: interviews, Duplicates: share, World: w})
			tally.Count(f.Interviews, func(a, b uuid.UUID) bool { _, is := f.Truth[qualitytest.NewCouple(a, b)]; return is })
		}
	}
	got := tally.Source(fmt.Sprintf("%d seed from %d on, of %d interviews in %d worlds with %g of them repeated (weighed as if %g were)",
		seeds, countedFrom, interviews, len(qualitytest.Worlds()), share, common), share/common)
	if *update {
		if err := os.WriteFile("counted.go", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile("counted.go"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("counted.go is not what is counted now: run the test with -update (%v)\n%s", err, got)
	}
}

// TestDuplicatesAreFound is what is promised: of the pairs shown 95 % are one household, of the households planted twice 98 % are found.
func TestDuplicatesAreFound(t *testing.T) {
	const seeds, interviews, share, precise, complete = 5, 10_000, 0.02, 0.95, 0.98
	for _, w := range qualitytest.Worlds() {
		t.Run(w.Name, func(t *testing.T) {
			var planted, shown, right int
			for seed := uint64(measuredFrom); seed < measuredFrom+seeds; seed++ {
				f := qualitytest.Do(qualitytest.Plan{Seed: seed, Interviews: interviews, Duplicates: share, World: w})
				p, s, r := measure(f)
				t.Logf("seed %d: %d planted, %d shown, precision %.3f, recall %.3f", seed, p, s, part(r, s), part(r, p))
				planted, shown, right = planted+p, shown+s, right+r
			}
			t.Logf("all: %d planted, %d shown, precision %.3f, recall %.3f", planted, shown, part(right, shown), part(right, planted))
			if part(right, shown) < precise || part(right, planted) < complete {
				t.Errorf("precision %.3f and recall %.3f, wanted %.2f and %.2f", part(right, shown), part(right, planted), precise, complete)
			}
		})
	}
}

// measure counts the couples planted, shown, and rightly shown.
func measure(f qualitytest.Fieldwork) (planted, shown, right int) {
	found := quality.Find(slices.Values(f.Interviews), quality.Options{})
	for _, p := range found.Pairs {
		if _, is := f.Truth[qualitytest.Couple{p.A, p.B}]; is {
			right++
		}
	}
	return len(f.Truth), len(found.Pairs), right
}

func part(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

// BenchmarkFind is 100,000 interviews at once; B/op is all the memory ever taken, the interviews aside.
func BenchmarkFind(b *testing.B) {
	for _, w := range qualitytest.Worlds() {
		b.Run(strings.ReplaceAll(w.Name, " ", "-"), func(b *testing.B) {
			f := qualitytest.Do(qualitytest.Plan{Seed: 7, Interviews: 100_000, Duplicates: 0.02, World: w})
			b.ReportAllocs()
			var shown, right int
			for b.Loop() {
				_, shown, right = measure(f)
			}
			b.ReportMetric(part(right, shown), "precision")
			b.ReportMetric(part(right, len(f.Truth)), "recall")
		})
	}
}

// BenchmarkCandidates is one new interview against 100,000; held-B is what the index holds for each of these, the interviews aside.
func BenchmarkCandidates(b *testing.B) {
	f := qualitytest.Do(qualitytest.Plan{Seed: 7, Interviews: 100_000, Duplicates: 0.02, World: qualitytest.Worlds()[0]})
	before := held()
	x := quality.NewIndex(quality.Options{})
	for _, h := range f.Interviews {
		x.Add(h)
	}
	each := float64(held()-before) / float64(x.Len())
	n := 0
	for b.Loop() {
		h := f.Interviews[n%len(f.Interviews)]
		x.Candidates(h)
		x.Add(h)
		n++
	}
	b.ReportMetric(each, "held-B")
}

func held() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
