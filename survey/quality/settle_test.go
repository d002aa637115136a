package quality_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"vereda/survey/quality"
	"vereda/survey/record"
)

// interview is one of a small village, by a letter.
func interview(letter byte) uuid.UUID { return uuid.UUID{15: letter} }

// decided reads decisions like "d1 a=b keep a", "d2 b/c", "d3 a=b join after d1", "d4 a?b after d1": same, different, taken back. The
// word before is the decision's name.
func decided(lines string) map[record.ID]record.Duplicate {
	all := map[record.ID]record.Duplicate{}
	id := func(name string) record.ID { return sha256.Sum256([]byte(name)) }
	for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
		words := strings.Fields(line)
		d := record.Duplicate{A: interview(words[1][0]), B: interview(words[1][2]),
			Decision: map[byte]record.Decision{'=': record.Same, '/': record.Different, '?': record.Undecided}[words[1][1]]}
		for n, w := range words {
			switch w {
			case "keep":
				d.Keep = interview(words[n+1][0])
			case "after":
				for _, name := range words[n+1:] {
					d.After = append(d.After, id(name))
				}
			}
		}
		all[id(words[0])] = d
	}
	return all
}

// told writes a settlement down.
func told(s quality.Settlement) string {
	var b strings.Builder
	letters := func(ids ...uuid.UUID) string {
		text := ""
		for _, id := range ids {
			text += string(rune(id[15]))
		}
		return text
	}
	for _, c := range s.Clusters {
		fmt.Fprintf(&b, "%s:", letters(c.Interviews...))
		if c.Open != quality.Settled {
			fmt.Fprintf(&b, " %s", c.Open)
		} else {
			fmt.Fprintf(&b, " %s stands", letters(c.Stands))
		}
		if len(c.Joined) > 0 {
			fmt.Fprintf(&b, " with %s", letters(c.Joined...))
		}
		b.WriteString("; ")
	}
	for _, p := range s.Disputed {
		fmt.Fprintf(&b, "%s disputed; ", letters(p[:]...))
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestSettle(t *testing.T) {
	for name, c := range map[string]struct{ decisions, want string }{
		"one of two":                  {"1 a=b keep b", "ab: b stands"},
		"joined":                      {"1 a=b join", "ab: a stands with b"},
		"different":                   {"1 a/b", ""},
		"through a third":             {"1 a=b keep a\n2 b=c keep b", "abc: a stands"},
		"joined through a third":      {"1 b=c join\n2 a=c join", "abc: a stands with bc"},
		"joined, and one left out":    {"1 a=b join\n2 b=c keep b", "abc: a stands with b"},
		"the joined left out":         {"1 a=b join\n2 b=c keep c", "abc: c stands"},
		"two stand":                   {"1 a=b keep a\n2 b=c keep c", "abc: unclear"},
		"in a circle":                 {"1 a=b keep a\n2 b=c keep b\n3 c=a keep c", "abc: unclear"},
		"a circle behind the one":     {"1 a=b keep a\n2 b=c keep c\n3 c=d keep d\n4 d=e keep e\n5 e=c keep c", "abcde: unclear"},
		"kept of two joined":          {"1 a=b join\n2 b=c join\n3 a=c keep c", "abc: unclear"},
		"contradicted":                {"1 a=b keep a\n2 b=c keep b\n3 a/c", "abc: contradicted"},
		"taken back":                  {"1 a=b keep a\n2 a?b after 1", ""},
		"taken back in between":       {"1 a=b keep a\n2 b=c keep b\n3 b?a after 1", "bc: b stands"},
		"decided again":               {"1 a=b keep a\n2 a?b after 1\n3 a=b keep b after 2", "ab: b stands"},
		"two at once":                 {"1 a=b keep a\n2 a/b", "ab disputed"},
		"two at once who agree":       {"1 a=b keep a\n2 b=a keep a", "ab: a stands"},
		"two at once keep another":    {"1 a=b keep a\n2 a=b keep b", "ab disputed"},
		"a dispute ended":             {"1 a=b keep a\n2 a/b\n3 a=b keep b after 1 2", "ab: b stands"},
		"taken back without knowing":  {"1 a=b keep a\n2 a?b", "ab disputed"},
		"a dispute among the decided": {"1 a=b keep a\n2 b=c keep b\n3 a/c\n4 a=c keep a", "abc: contradicted; ac disputed"},
		"two households":              {"1 a=b keep a\n2 c=d keep d", "ab: a stands; cd: d stands"},
		"with itself":                 {"1 a=a keep a", ""},
	} {
		if got := told(quality.Settle(decided(c.decisions))); got != c.want {
			t.Errorf("%s: %s\nis %q, not %q", name, c.decisions, got, c.want)
		}
	}
}

func TestWhatFollowsIsDecided(t *testing.T) {
	s := quality.Settle(decided("1 a=b keep a\n2 c=d join\n3 b/c\n4 e=f keep e\n5 f=g keep f\n6 e/g\n7 h=i keep h\n8 h/i"))
	for pair, want := range map[string]record.Decision{"ab": record.Same, "ba": record.Same, "bc": record.Different, "ad": record.Different, "ax": record.Undecided,
		"xy": record.Undecided, "eg": record.Undecided, "hi": record.Undecided} {
		if got := s.Decided(interview(pair[0]), interview(pair[1])); got != want {
			t.Errorf("%s is %s, not %s", pair, got, want)
		}
	}
	for left, stands := range map[byte]byte{'b': 'a', 'd': 'c'} {
		if got, is := s.LeftOut(interview(left)); !is || got != interview(stands) {
			t.Errorf("%c is not left out for %c", left, stands)
		}
	}
	for _, stays := range []byte("acefghixy") {
		if _, is := s.LeftOut(interview(stays)); is {
			t.Errorf("%c is left out", stays)
		}
	}
}

// drawn makes decisions as coordinators do: each knows some of those before it.
func drawn(t *rapid.T) []record.Duplicate {
	var all []record.Duplicate
	for n := range rapid.IntRange(0, 14).Draw(t, "decisions") {
		a, b := byte(rapid.IntRange('a', 'f').Draw(t, "a")), byte(rapid.IntRange('a', 'f').Draw(t, "b"))
		d := record.Duplicate{A: interview(min(a, b)), B: interview(max(a, b)), Decision: rapid.SampledFrom([]record.Decision{record.Same, record.Same, record.Same, record.Different, record.Undecided}).Draw(t, "decision")}
		if d.Decision == record.Same {
			d.Keep = rapid.SampledFrom([]uuid.UUID{{}, d.A, d.B}).Draw(t, "keep")
		}
		for m, before := range all[:n] {
			if before.A == d.A && before.B == d.B && rapid.IntRange(0, 3).Draw(t, "knows") > 0 {
				d.After = append(d.After, number(m))
			}
		}
		all = append(all, d)
	}
	return all
}

func number(n int) record.ID { return sha256.Sum256([]byte{byte(n)}) }

func byID(all []record.Duplicate) map[record.ID]record.Duplicate {
	m := map[record.ID]record.Duplicate{}
	for n, d := range all {
		m[number(n)] = d
	}
	return m
}

func TestSettlementLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawn(t)
		s := quality.Settle(byID(all))
		seen := map[uuid.UUID]bool{}
		for _, c := range s.Clusters {
			for _, id := range c.Interviews {
				if seen[id] {
					t.Fatal("an interview is in two clusters")
				}
				seen[id] = true
			}
			counted := 0
			for _, id := range c.Interviews {
				if _, left := s.LeftOut(id); !left {
					counted++
				}
			}
			if settled := c.Open == quality.Settled; settled && counted != 1 || !settled && counted != len(c.Interviews) || settled && !slices.Contains(c.Interviews, c.Stands) {
				t.Fatalf("of %+v %d are counted", c, counted)
			}
		}
		for _, p := range s.Disputed {
			if s.Decided(p[0], p[1]) != record.Undecided {
				t.Fatal("a disputed pair is decided")
			}
		}
	})
}

// TestTakingBack: whoever knows all decisions about a pair and takes them back makes it as if they had never been.
func TestTakingBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawn(t)
		if len(all) == 0 {
			return
		}
		pair := all[rapid.IntRange(0, len(all)-1).Draw(t, "pair")]
		without, back := map[record.ID]record.Duplicate{}, record.Duplicate{A: pair.A, B: pair.B, Decision: record.Undecided}
		for id, d := range byID(all) {
			if d.A == pair.A && d.B == pair.B {
				back.After = append(back.After, id)
			} else {
				without[id] = d
			}
		}
		with := byID(append(all, back))
		if got, want := told(quality.Settle(with)), told(quality.Settle(without)); got != want {
			t.Fatalf("%q, not %q", got, want)
		}
	})
}

// TestTheOrderOfTwoDoesNotMatter: a decision about b and a is one about a and b, and a settlement has no chance in it.
func TestTheOrderOfTwoDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := byID(drawn(t))
		turned := maps.Clone(all)
		for id, d := range turned {
			d.A, d.B = d.B, d.A
			turned[id] = d
		}
		one, other := quality.Settle(all), quality.Settle(turned)
		if !reflect.DeepEqual(one.Clusters, other.Clusters) || !reflect.DeepEqual(one.Disputed, other.Disputed) {
			t.Fatalf("%s, and turned %s", told(one), told(other))
		}
	})
}

func TestLongChainsAreSettled(t *testing.T) {
	all := map[record.ID]record.Duplicate{}
	at := func(n int) uuid.UUID { return uuid.UUID{14: byte(n >> 8), 15: byte(n)} }
	random := rand.New(rand.NewPCG(1, 2))
	for n, i := range random.Perm(5000) {
		all[record.ID{byte(n >> 8), byte(n)}] = record.Duplicate{A: at(i), B: at(i + 1), Decision: record.Same, Keep: at(i)}
	}
	s := quality.Settle(all)
	if len(s.Clusters) != 1 || s.Clusters[0].Stands != at(0) {
		t.Errorf("%d clusters, %v stands", len(s.Clusters), s.Clusters[0].Stands)
	}
}
