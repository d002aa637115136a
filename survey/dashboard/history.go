package dashboard

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// step is a revision of the interview: who, when, how it came, what it changed.
type step struct {
	Device, By           string
	Final                bool
	DeviceTime           string
	Corrected            time.Time // zero: the device's clock was right
	Received             time.Time
	Via, Batch, Revision string
	Set                  []change // what people answered
	Derived              int
	Unset                []change
}

// change is an answer given or taken back.
type change struct {
	Question, Where string
	Value           shown
}

func (r *reader) step(s fieldwork.Step) step {
	rev := s.Revision
	t := step{Device: r.names.device(rev.Device), By: rev.By, Final: rev.Final, DeviceTime: r.times.device(rev.At), Received: s.Received,
		Via: named(r.words, "via.", s.Via), Batch: short(s.Batch.String()), Revision: short(rev.ID.String()), Derived: len(rev.Derived)}
	if ahead := r.ahead(rev.Device); ahead.Abs() >= rightClock {
		t.Corrected = rev.At.Add(-ahead)
	}
	for _, p := range r.inOrder(rev.Set) {
		if rev.Set[p].Kind() != record.Instance {
			t.Set = append(t.Set, change{r.question(p), r.where(p), r.value(p, rev.Set[p])})
		}
	}
	for _, p := range rev.Unset {
		t.Unset = append(t.Unset, change{Question: r.question(p), Where: r.where(p)})
	}
	return t
}

// ahead is how far a device's clock was ahead when it last exchanged; zero for a device nobody knows.
func (r *reader) ahead(device string) time.Duration {
	for _, d := range r.names.devices {
		if d.ID == device {
			return d.Clock
		}
	}
	return 0
}

// inOrder returns paths in form order, an instance's answers together; what the form does not know comes last.
func (r *reader) inOrder(answers record.Answers) []record.Path {
	return slices.SortedFunc(maps.Keys(answers), r.compare)
}

// compare compares where two paths part: two questions by their place in the form, two instances by their IDs.
func (r *reader) compare(a, b record.Path) int {
	var above record.Path
	x, y := strings.Split(string(a), "/"), strings.Split(string(b), "/")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return cmp.Or(r.place(above.Join(x[i]))-r.place(above.Join(y[i])), cmp.Compare(x[i], y[i]))
		}
		above = above.Join(x[i])
	}
	return len(x) - len(y)
}

func (r *reader) place(p record.Path) int {
	if i := r.item(p); i != nil {
		return i.Index
	}
	return math.MaxInt32
}
