package spelling

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSlips(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		limit, want int
	}{
		{"", "", 2, 0}, {"relevant", "relevant", 2, 0}, {"relevent", "relevant", 2, 1}, {"relevnat", "relevant", 2, 1}, {"count-seleted", "count-selected", 3, 1},
		{"tiempo", "témpo", 3, 2}, {"a", "abcd", 2, 3}, {"kitten", "sitting", 5, 3}, {"kitten", "sitting", 2, 3}, {"x", "y", -1, 0},
	} {
		if got := Slips(c.a, c.b, c.limit); got != c.want {
			t.Errorf("Slips(%q, %q, %d) = %d, want %d", c.a, c.b, c.limit, got, c.want)
		}
	}
}

func TestSlipsLookTheSameFromBothSides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("abñ")), 0, 8, -1)
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		there, back := Slips(a, b, 9), Slips(b, a, 9)
		if there != back || (there == 0) != (a == b) {
			t.Fatalf("%q to %q: %d, back %d", a, b, there, back)
		}
	})
}
