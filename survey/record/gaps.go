package record

import (
	"cmp"
	"maps"
	"slices"
)

// MaxMissing is how many missing revisions Merge names at most: a vector may claim any number.
const MaxMissing = 1000

// counts returns the counters of the known revisions by device, ascending, each once.
func (h *History) counts() map[string][]uint64 {
	counts := map[string][]uint64{}
	for _, r := range h.revisions {
		counts[r.Device] = append(counts[r.Device], r.N)
	}
	for device, ns := range counts {
		slices.Sort(ns)
		counts[device] = slices.Compact(ns)
	}
	return counts
}

// withoutGaps returns how far each device's revisions are known with none missing before.
func withoutGaps(counts map[string][]uint64) Vector {
	v := make(Vector, len(counts))
	for device, ns := range counts {
		for i, n := range ns {
			if n != uint64(i+1) {
				break
			}
			v[device] = n
		}
	}
	return v
}

// missing returns the revisions that known ones name and that are not there.
func (h *History) missing(counts map[string][]uint64) []Dot {
	named := map[string]uint64{}
	for _, r := range h.revisions {
		for device, n := range r.After {
			named[device] = max(named[device], n)
		}
	}
	var gaps []Dot
	for _, device := range slices.Sorted(maps.Keys(named)) {
		next := uint64(1)
		for _, n := range append(counts[device], named[device]+1) {
			for ; next < n && next <= named[device]; next++ {
				if len(gaps) == MaxMissing {
					return gaps
				}
				gaps = append(gaps, Dot{device, next})
			}
			next = n + 1
		}
	}
	return gaps
}

// forked returns the places that more than one revision has.
func (h *History) forked() []Dot {
	seen := map[Dot]int{}
	var forks []Dot
	for _, r := range h.revisions {
		if seen[r.Dot()]++; seen[r.Dot()] == 2 {
			forks = append(forks, r.Dot())
		}
	}
	slices.SortFunc(forks, func(a, b Dot) int {
		return cmp.Or(cmp.Compare(a.Device, b.Device), cmp.Compare(a.N, b.N))
	})
	return forks
}
