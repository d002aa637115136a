package quality

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// Difference is a question, or a whole repeat, that joined interviews answer differently. What the first of them says counts; a coordinator
// who wants the other's answer gives it to the first, in a revision.
type Difference struct {
	Path    record.Path // of a repeat: generic
	Repeat  bool
	Answers []Given // of those that answered, in the order of the interviews; of a repeat without values
}

// Given is the answer of one interview.
type Given struct {
	Interview uuid.UUID
	Value     record.Value
}

// Join joins the answers of interviews of one household. What the first answers stays, calculated values included; what it does not answer is
// taken from the next that does, where a person answered it. A repeat is taken whole, from the first interview that has any of it: two rosters of
// the same people put together would have everybody twice. The form's rules are to be run over the result. Differences are in the
// order of their paths.
func Join(first record.Merged, others ...record.Merged) (record.Answers, []Difference) {
	all := append([]record.Merged{first}, others...)
	answers := maps.Clone(first.Answers)
	if answers == nil {
		answers = record.Answers{}
	}
	taken := map[record.Path]int{} // by unit: which interview it comes from
	for n, m := range all {
		for p := range m.Answers {
			if n > 0 && m.Derived[p] {
				continue
			}
			if from, there := taken[unit(p)]; !there || n < from {
				taken[unit(p)] = n
			}
		}
	}
	for n, m := range all[1:] {
		for p, v := range m.Answers {
			if !m.Derived[p] && taken[unit(p)] == n+1 {
				answers[p] = v
			}
		}
	}
	return answers, differences(all)
}

// unit is what is taken as one: a question, or the outermost repeat that it lies in.
func unit(p record.Path) record.Path {
	end := 0
	for segment := range strings.SplitSeq(string(p), "/") {
		if end > 0 && record.IsInstanceID(segment) {
			return p[:end-1]
		}
		end += len(segment) + 1
	}
	return p
}

func differences(all []record.Merged) []Difference {
	units := map[record.Path]bool{}
	for _, m := range all {
		for p := range m.Answers {
			if !m.Derived[p] {
				units[unit(p)] = units[unit(p)] || unit(p) != p
			}
		}
	}
	var out []Difference
	for _, u := range slices.Sorted(maps.Keys(units)) {
		d := Difference{Path: u, Repeat: units[u]}
		said := map[string]bool{}
		for _, m := range all {
			if text := says(m, u); text != "" {
				said[text] = true
				d.Answers = append(d.Answers, Given{m.Interview, m.Answers[u]})
			}
		}
		if len(said) > 1 {
			out = append(out, d)
		}
	}
	return out
}

// says writes down what a person answered in a unit, whatever the IDs of its instances: they are counted. "" is nothing.
func says(m record.Merged, u record.Path) string {
	if v := m.Answers[u]; !v.IsZero() && !m.Derived[u] {
		return fmt.Sprintf("%d %s", v.Kind(), v)
	}
	var b strings.Builder
	counts := map[record.Path]int{}
	numbers := map[record.Path]int{}
	for _, p := range slices.Sorted(maps.Keys(m.Answers)) {
		if !p.Under(u) || m.Derived[p] {
			continue
		}
		for i, there := p.Instance(); there && numbers[i] == 0; i, there = i.Parent().Instance() {
			counts[i.Parent()]++
			numbers[i] = counts[i.Parent()]
		}
		fmt.Fprintf(&b, "%s %d %q\n", counted(p, numbers), m.Answers[p].Kind(), m.Answers[p].String())
	}
	return b.String()
}

// counted is a path with numbers for the IDs of its instances.
func counted(p record.Path, numbers map[record.Path]int) string {
	parts := strings.Split(string(p), "/")
	end := 0
	for n, part := range parts {
		end += len(part)
		if record.IsInstanceID(part) {
			parts[n] = fmt.Sprint(numbers[p[:end]])
		}
		end++
	}
	return strings.Join(parts, "/")
}
