package desk

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/quality"
	"vereda/survey/record"
)

// Compared is where what comparing finds is kept: a collector's archive.
type Compared interface {
	Uncompared(ctx context.Context, n int) ([]fieldwork.Changed, int, error)
	Households(ctx context.Context, after int64, f func(fieldwork.Household) error) error
	KeepCompared(ctx context.Context, known int64, list []fieldwork.Compared) (int64, error)
}

// Finder compares interviews as they come, and keeps the pairs that look like one household. The index of all households is read when there is
// something to compare, and given back by Rest: 1.4 kB for each. Safe for concurrent use.
type Finder struct {
	Archive Compared
	Forms   func(ctx context.Context) ([]*form.Form, error)

	mu    sync.Mutex
	index *quality.Index
	known int64 // number of the last household in the index
	maps  map[*form.Form]quality.Mapping
}

// compareChunk is how many interviews are compared between two commits.
const compareChunk = 200

// Compare compares interviews that changed until none is left or the time is over, and returns how many are left.
func (f *Finder) Compare(ctx context.Context, until func() bool) (left int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		n, left, err := f.some(ctx)
		if err != nil || left == 0 || n == 0 || until() {
			return left, err
		}
	}
}

// Soon compares beside whoever asks, who waits for it at most so long, and returns how many are left then. Nothing is stopped at that time.
func (f *Finder) Soon(ctx context.Context, wait time.Duration) (left int, err error) {
	done := make(chan error, 1)
	go func() {
		_, err := f.Compare(context.WithoutCancel(ctx), func() bool { return false })
		done <- err
	}()
	late := time.NewTimer(wait)
	defer late.Stop()
	select {
	case err = <-done:
	case <-late.C:
	}
	if err != nil {
		return 0, err
	}
	_, left, err = f.Archive.Uncompared(ctx, 0)
	return left, err
}

// Fresh compares all there is, and reports whether there was anything.
func (f *Finder) Fresh(ctx context.Context) (did bool, err error) {
	_, left, err := f.Archive.Uncompared(ctx, 0)
	if err != nil || left == 0 {
		return false, err
	}
	_, err = f.Compare(ctx, func() bool { return false })
	return true, err
}

// Rest gives back the memory of the index.
func (f *Finder) Rest() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.index, f.known = nil, 0
}

// some compares a chunk.
func (f *Finder) some(ctx context.Context) (n, left int, err error) {
	list, left, err := f.Archive.Uncompared(ctx, compareChunk)
	if err != nil || len(list) == 0 {
		return 0, left, err
	}
	forms, err := f.Forms(ctx)
	if err != nil {
		return 0, left, err
	}
	if err := f.catchUp(ctx); err != nil {
		return 0, left, err
	}
	done := make([]fieldwork.Compared, 0, len(list))
	for _, c := range list {
		one, err := f.compare(forms, c)
		if err != nil {
			return 0, left, err
		}
		done = append(done, one)
	}
	last, err := f.Archive.KeepCompared(ctx, f.known, done)
	if err != nil {
		f.index, f.known = nil, 0 // it holds what was not kept
		if errors.Is(coded(err), ErrChanged) {
			return len(list), left, nil // another program compared: once more, with what it found
		}
		return 0, left, err
	}
	f.known = last
	return len(list), left - len(list), nil
}

// catchUp puts into the index what other programs compared, or all at first.
func (f *Finder) catchUp(ctx context.Context) error {
	if f.index == nil {
		f.index, f.known = quality.NewIndex(quality.Options{}), 0
	}
	return f.Archive.Households(ctx, f.known, func(h fieldwork.Household) error {
		f.known = h.N
		f.index.Remove(h.Interview)
		if len(h.Body) == 0 {
			return nil
		}
		var household quality.Household
		if err := json.Unmarshal(h.Body, &household); err != nil {
			return err
		}
		f.index.Add(household)
		return nil
	})
}

// compare compares one interview with those of the index, and puts it in. Drafts are not compared: they say little yet.
func (f *Finder) compare(forms []*form.Form, c fieldwork.Changed) (fieldwork.Compared, error) {
	one := fieldwork.Compared{Interview: c.Merged.Interview, Mark: c.Mark}
	m, known := f.mapping(forms, c.Merged)
	if !c.Finalized || !known {
		f.index.Remove(one.Interview)
		return one, nil
	}
	h := m.Household(quality.Household{Interview: c.Merged.Interview, Form: c.Merged.Form, By: c.By, Device: c.Device, At: begun(c.Merged)}, c.Merged.Answers)
	var err error
	if one.Household, err = json.Marshal(h); err != nil {
		return one, err
	}
	for _, p := range f.index.Candidates(h) {
		body, err := json.Marshal(p)
		if err != nil {
			return one, err
		}
		one.Pairs = append(one.Pairs, fieldwork.Alike{A: p.A, B: p.B, Form: h.Form, Score: p.Score, Probability: p.Probability, Body: body})
	}
	f.index.Add(h)
	return one, nil
}

// begun is when an interview began, by its ID: a UUIDv7.
func begun(m record.Merged) time.Time {
	if m.Interview.Version() != 7 {
		return time.Time{}
	}
	sec, nsec := m.Interview.Time().UnixTime()
	return time.Unix(sec, nsec).UTC()
}

func (f *Finder) mapping(forms []*form.Form, m record.Merged) (quality.Mapping, bool) {
	var of *form.Form
	for _, one := range forms {
		if one.ID == m.Form && (of == nil || one.Version == m.Version) {
			of = one
		}
	}
	if of == nil {
		return quality.Mapping{}, false
	}
	if f.maps == nil {
		f.maps = map[*form.Form]quality.Mapping{}
	}
	if _, there := f.maps[of]; !there {
		f.maps[of] = quality.MappingOf(of)
	}
	return f.maps[of], true
}

// Outcome finds the question that tells how a visit ended: the last question outside of repeats with one choice of several whose column "outcome" says
// yes, or whose name has a word for it. nil: none.
func Outcome(f *form.Form) *form.Item {
	var guess *form.Item
	for _, i := range f.Items() {
		if i.Kind != form.Question || i.Type != form.TypeSelectOne || i.Repeat() != nil {
			continue
		}
		if i.Columns["outcome"] == "yes" {
			return i
		}
		for word := range strings.SplitSeq(strings.ToLower(i.Name), "_") {
			switch word {
			case "result", "outcome", "resultado", "resultat", "rezilta":
				guess = i
			}
		}
	}
	return guess
}
