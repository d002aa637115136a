package screen

import (
	"strings"
	"testing"
)

func TestTheNumbersOfARange(t *testing.T) {
	for given, want := range map[string]string{
		"":                        "1 2 3 4 5 6 7 8 9 10",
		"start=0 end=1 step=0.1":  "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1",
		"start=3 end=-3 step=2":   "3 1 -1 -3",
		"start=0 end=5 step=2":    "0 2 4",
		"start=0 end=9999 step=1": "",
		"start=0 end=9 step=0":    "",
	} {
		parameters := map[string]string{}
		for _, one := range strings.Fields(given) {
			name, value, _ := strings.Cut(one, "=")
			parameters[name] = value
		}
		if got := strings.Join(scaleOf(parameters), " "); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
