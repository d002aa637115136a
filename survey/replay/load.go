package replay

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
)

// load goes on with a saved interview, given as the state that an outcome told: the values count, and which instances there are.
func (p *Player) load(a Act) error {
	if a.State == nil {
		return errors.New(`"load" needs the state of a saved interview: {"op": "load", "state": {"set": {...}}}`)
	}
	saved := record.Answers{}
	made := map[string]record.Path{} // instances by reference
	for _, ref := range slices.Sorted(maps.Keys(a.State.Set)) {
		path, i, err := p.place(ref, saved, made)
		if err != nil {
			return err
		}
		v := a.State.Set[ref].V
		if v == nil || *v == "" || i.Kind != form.Question || i.KindOf() == 0 {
			continue
		}
		if saved[path], err = record.New(i.KindOf(), *v); err != nil {
			return fmt.Errorf("%s: %w", ref, err)
		}
	}
	s, err := interview.Resume(p.form, p.env, saved)
	if err == nil {
		p.begin(s)
	}
	return err
}

// place finds the path of a reference of a saved state, and makes the instances that it names.
func (p *Player) place(ref string, saved record.Answers, made map[string]record.Path) (record.Path, *form.Item, error) {
	at, spoken := record.Path(""), "/"+p.form.Root.Name
	item := p.form.Root
	rest, ok := strings.CutPrefix(ref, spoken)
	for segment := range strings.SplitSeq(strings.TrimPrefix(rest, "/"), "/") {
		if !ok || segment == "" {
			break
		}
		name, number, numbered := strings.Cut(segment, "[")
		at, spoken = at.Join(name), spoken+"/"+segment
		if item, ok = p.form.Item(at.Generic()); !ok {
			break
		}
		if item.Kind != form.Repeat || !numbered {
			continue
		}
		if made[spoken] == "" {
			n, err := strconv.Atoi(strings.TrimSuffix(number, "]"))
			if err != nil || n < 1 {
				return "", nil, fmt.Errorf("%s names no instance", ref)
			}
			id, err := record.NewInstanceID(n, p.env.Random)
			if err != nil {
				return "", nil, err
			}
			made[spoken] = at.Join(id)
			saved[made[spoken]] = record.Exists()
		}
		at = made[spoken]
	}
	if !ok {
		return "", nil, fmt.Errorf("%s names nothing in this form", ref)
	}
	return at, item, nil
}
