package replay

import (
	"fmt"

	"vereda/survey/form"
	"vereda/survey/record"
)

// stop is a place where an enumerator stands.
type stop struct {
	event string // as Outcome.Event
	ref   string
	path  record.Path
	item  *form.Item
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
		there := false
		for k, s := range stops {
			if s.ref == a.Ref && (k >= n || !there) {
				if n, there = k, true; k >= n {
					break
				}
			}
		}
		if !there {
			if _, err := p.path(a.Ref); err != nil {
				return err
			}
			return fmt.Errorf("%s is not asked now", a.Ref)
		}
	}
	s := stops[min(n, len(stops)-1)]
	p.at, out.Event = s.ref+mark(s), s.event
	if s.ref != "" {
		out.Ref = &s.ref
	}
	if s.item != nil {
		out.Label = p.session.Text(s.item.Label, s.path, p.language)
	}
	return nil
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
				list = append(list, stop{"question", ref, at, i})
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
			list = append(append(list, stop{event, ref, at, i}), inner...)
		}
	})
	if i.Kind == form.Repeat && i.RepeatCount == nil {
		holder := at.Join(i.Name)
		if p.session.Relevant(holder) {
			list = append(list, stop{"prompt_new_repeat", fmt.Sprintf("%s/%s[%d]", ref, i.Name, len(p.session.Instances(holder))+1), holder, i})
		}
	}
	return list
}
