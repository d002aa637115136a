package replay

import (
	"fmt"
	"slices"

	"vereda/survey/form"
	"vereda/survey/record"
)

// stop is a place where an enumerator stands.
type stop struct {
	event string // as Outcome.Event
	ref   string
	path  record.Path
	item  *form.Item
	due   bool // an instance of the repeat at path that the form counts and nobody has come to yet
}

// next goes on: to a question, into a group or an instance, to the place where one may be added, or to the end. With a reference, the
// enumerator goes there, whatever was next.
func (p *Player) next(a Act, out *Outcome) error {
	stops := p.stops()
	n := 0
	if p.at != "" {
		n = p.after(stops)
	}
	if a.Ref != "" {
		ref := a.Ref
		path, err := p.path(ref)
		if err == nil {
			ref, stops = p.ref(path), p.stops() // an instance may have been made
		}
		if n = seek(stops, ref, n); n < 0 && err != nil {
			return err
		}
		if n < 0 {
			return fmt.Errorf("%s is not asked now", a.Ref)
		}
	}
	s := stops[min(n, len(stops)-1)]
	if s.due {
		s.path, _ = p.session.Reach(s.path)
	}
	p.at, out.Event = s.ref+mark(s), s.event
	if s.ref != "" {
		out.Ref = &s.ref
	}
	if s.item != nil {
		out.Label = p.session.Text(s.item.Label, s.path, p.language)
	}
	return nil
}

// seek returns the index of the first stop of a reference from the n-th on, else of the first at all; -1 when there is none.
func seek(stops []stop, ref string, n int) int {
	is := func(s stop) bool { return s.ref == ref }
	if n < len(stops) {
		if k := slices.IndexFunc(stops[n:], is); k >= 0 {
			return n + k
		}
	}
	return slices.IndexFunc(stops, is)
}

// mark tells the place where an instance may be added from the instance that is then there, and the end from the beginning.
func mark(s stop) string {
	switch s.event {
	case "prompt_new_repeat", "end":
		return "?"
	}
	return ""
}

// after returns the index of the stop behind the one where the enumerator stands; the first when that is gone.
func (p *Player) after(stops []stop) int {
	for n, s := range stops {
		if s.ref+mark(s) == p.at {
			return n + 1
		}
	}
	return 0
}

// stops lists all places in form order. The end is last.
func (p *Player) stops() []stop {
	var list []stop
	for _, c := range p.form.Root.Children {
		list = p.stopsOf(c, "", "/"+p.form.Root.Name, list)
	}
	return append(list, stop{event: "end"})
}

// stopsOf adds the places of an item below a path.
func (p *Player) stopsOf(i *form.Item, at record.Path, ref string, list []stop) []stop {
	p.children(i, at, ref, func(at record.Path, ref string) {
		if !p.session.Relevant(at) {
			return
		}
		if i.Kind == form.Question {
			if i.Type.Shown() {
				list = append(list, stop{event: "question", ref: ref, path: at, item: i})
			}
			return
		}
		event := "group"
		if i.Kind == form.Repeat {
			event = "repeat"
		}
		inner := []stop{}
		for _, c := range i.Children {
			inner = p.stopsOf(c, at, ref, inner)
		}
		if i.Kind == form.Repeat || len(inner) > 0 {
			list = append(append(list, stop{event: event, ref: ref, path: at, item: i}), inner...)
		}
	})
	if i.Kind == form.Repeat {
		list = p.nextInstance(i, at.Join(i.Name), ref, list)
	}
	return list
}

// nextInstance adds the place behind the instances of a repeat: where one may be added, or the one that the form's count makes next.
func (p *Player) nextInstance(i *form.Item, holder record.Path, ref string, list []stop) []stop {
	if !p.session.Relevant(holder) || i.RepeatCount != nil && !p.session.Due(holder) {
		return list
	}
	s := stop{event: "prompt_new_repeat", ref: fmt.Sprintf("%s/%s[%d]", ref, i.Name, len(p.session.Instances(holder))+1), path: holder, item: i}
	if i.RepeatCount != nil {
		s.event, s.due = "repeat", true
	}
	return append(list, s)
}
