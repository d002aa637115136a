package xpath

import (
	"errors"
	"time"

	"github.com/dlclark/regexp2"
)

// A backtracker matches patterns that no linear matcher can take: look-behind, look-ahead anywhere, references back. It may take exponential time, and is stopped.
type backtracker struct{ re *regexp2.Regexp }

// Bounds of patterns that are matched by trying.
const (
	maxTried = 10_000      // bytes of a text
	maxTrial = time.Second // of the machine's time: an answer that matches takes microseconds
)

// newBacktracker compiles a pattern; nil when it cannot be read.
func newBacktracker(text string) *backtracker {
	re, err := regexp2.Compile(`\A(?:`+javaPattern(text)+`)\z`, regexp2.RE2)
	if err != nil {
		return nil
	}
	re.MatchTimeout = maxTrial
	return &backtracker{re}
}

func (b *backtracker) matches(s string) (bool, error) {
	if len(s) > maxTried {
		return false, errors.New("the text is too long for this pattern")
	}
	yes, err := b.re.MatchString(s)
	if err != nil {
		return false, errors.New("the pattern takes too long to match")
	}
	return yes, nil
}
