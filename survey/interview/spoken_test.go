package interview_test

import (
	"iter"
	"strconv"
	"strings"
)

// segment is a name of a spoken path, with the place of an instance behind it; 0 for none.
type segment struct {
	name string
	n    int
}

// splitPath reads "grp_c/roster[2]/m_age".
func splitPath(spoken string) iter.Seq[segment] {
	return func(yield func(segment) bool) {
		if spoken == "" {
			return
		}
		for part := range strings.SplitSeq(spoken, "/") {
			name, place, _ := strings.Cut(strings.TrimSuffix(part, "]"), "[")
			n, _ := strconv.Atoi(place)
			if !yield(segment{name, n}) {
				return
			}
		}
	}
}
