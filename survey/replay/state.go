package replay

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// state tells what there is now, or what became different.
func (p *Player) state() *State {
	now := map[string]Node{}
	p.collect(p.form.Root, "", "/"+p.form.Root.Name, now)
	s := &State{Set: map[string]Node{}, Gone: []string{}}
	for ref, n := range now {
		if old, there := p.known[ref]; !p.changes || !there || !old.same(n) {
			s.Set[ref] = n
		}
	}
	for ref := range p.known {
		if _, there := now[ref]; !there {
			s.Gone = append(s.Gone, ref)
		}
	}
	slices.Sort(s.Gone)
	p.known = now
	return s
}

func (n Node) same(m Node) bool {
	if (n.V == nil) != (m.V == nil) || n.V != nil && *n.V != *m.V {
		return false
	}
	return n.Relevant == m.Relevant && n.Required == m.Required && n.Enabled == m.Enabled
}

// collect notes an item at a path and all that lies below it.
func (p *Player) collect(i *form.Item, at record.Path, ref string, now map[string]Node) {
	n := Node{Relevant: p.session.Relevant(at), Required: p.session.Required(at), Enabled: p.session.Enabled(at)}
	if i.Kind == form.Question {
		text := p.session.Value(at).String()
		n.V = &text
	}
	now[ref] = n
	for _, c := range i.Children {
		p.children(c, at, ref, func(at record.Path, ref string) { p.collect(c, at, ref, now) })
	}
}

// children calls a function for a child of what stands at a path, or for each of its instances.
func (p *Player) children(c *form.Item, at record.Path, ref string, visit func(record.Path, string)) {
	at, ref = at.Join(c.Name), ref+"/"+c.Name
	if c.Kind != form.Repeat {
		visit(at, ref)
		return
	}
	for n, instance := range p.session.Instances(at) {
		visit(instance, fmt.Sprintf("%s[%d]", ref, n+1))
	}
}

// path finds the path of what a reference names. Positions at what is no repeat do not count.
func (p *Player) path(ref string) (record.Path, error) {
	segments := strings.Split(strings.Trim(ref, "/"), "/")
	if segments[0] != p.form.Root.Name {
		return "", fmt.Errorf("%q names nothing: references begin with /%s", ref, p.form.Root.Name)
	}
	var at record.Path
	for _, segment := range segments[1:] {
		name, number, numbered := strings.Cut(segment, "[")
		at = at.Join(name)
		i, ok := p.form.Item(at.Generic())
		switch {
		case !ok:
			return "", fmt.Errorf("%s names nothing: the form has no %s", ref, at.Generic())
		case i.Kind != form.Repeat || !numbered:
			continue
		}
		n, err := strconv.Atoi(strings.TrimSuffix(number, "]"))
		if n == 0 {
			n = 1 // "the one there is", as JavaRosa's tests write it
		}
		instances := p.reach(at, n)
		if err != nil || n < 1 || n > len(instances) {
			return "", fmt.Errorf("%s names nothing: %s has %d instances", ref, i.Name, len(instances))
		}
		at = instances[n-1]
	}
	return at, nil
}

// reach returns the instances of a repeat, after those up to the n-th were made that are due.
func (p *Player) reach(repeat record.Path, n int) []record.Path {
	for len(p.session.Instances(repeat)) < n {
		if made, _ := p.session.Reach(repeat); made == "" {
			break
		}
	}
	return p.session.Instances(repeat)
}

// ref writes a path as a reference.
func (p *Player) ref(path record.Path) string {
	var b strings.Builder
	b.WriteString("/" + p.form.Root.Name)
	if path == "" {
		return b.String()
	}
	var at record.Path
	for segment := range strings.SplitSeq(string(path), "/") {
		if record.IsInstanceID(segment) {
			n := slices.Index(p.session.Instances(at), at.Join(segment))
			fmt.Fprintf(&b, "[%d]", n+1)
		} else {
			b.WriteString("/" + segment)
		}
		at = at.Join(segment)
	}
	return b.String()
}
