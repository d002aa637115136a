package record

import (
	"errors"
	"slices"
	"sync"
)

// plainReader reads bodies of version 1 as Seal writes them: each field once and known here, the keys of answers ascending, no instance
// removed. Any other body is left to explainBody, which takes every body that plainReader takes, and reads the same from it.
type plainReader struct {
	scanner
	Body
	seen         uint32 // fields, by their place in bodyFields; above them the version
	set, derived answerList
	lists        *answerLists
}

// answerLists is room for the answers of a body, used again for the next.
type answerLists struct{ set, derived answerList }

var listPool = sync.Pool{New: func() any { return new(answerLists) }}

// maxPooled is how many answers the room may have that is kept: a body of more is rare.
const maxPooled = 4096

// giveBack lets the next body use the room; what was read is no longer valid.
func (p *plainReader) giveBack() {
	for _, list := range []*answerList{&p.lists.set, &p.lists.derived} {
		if clear(*list); cap(*list) > maxPooled {
			*list = nil
		}
	}
	listPool.Put(p.lists)
}

// answerList are answers in the order of their paths.
type answerList []pathValue

type pathValue struct {
	path  Path
	value Value
}

var errNotPlain = errors.New("a body that is not plain")

// requiredFields are those of plainReader.seen that must be there.
func requiredFields() uint32 {
	wanted := uint32(1) << len(bodyFields)
	for i, f := range bodyFields {
		if !f.optional {
			wanted |= 1 << i
		}
	}
	return wanted
}

func (p *plainReader) read() error {
	if err := p.object(p.field); err != nil {
		return err
	}
	if err := p.end(); err != nil {
		return err
	}
	if wanted := requiredFields(); p.seen&wanted != wanted || p.After[p.Device] != p.N-1 || p.disagree() ||
		len(p.set)+len(p.derived)+len(p.Unset) > MaxAnswers {
		return errNotPlain
	}
	return nil
}

// field consumes the value of one field.
func (p *plainReader) field(key string) error {
	i := len(bodyFields)
	if key != "v" {
		if i = slices.IndexFunc(bodyFields, func(f bodyField) bool { return f.name == key }); i < 0 {
			return errNotPlain
		}
	}
	if p.seen&(1<<i) != 0 {
		return errNotPlain
	}
	p.seen |= 1 << i
	switch key {
	case "v":
		version, err := p.number()
		if err != nil {
			return err
		}
		return checkVersion(version)
	case "set":
		return p.list(&p.lists.set, &p.set)
	case "derived":
		return p.list(&p.lists.derived, &p.derived)
	}
	return bodyFields[i].read(&p.scanner, &p.Body)
}

// list consumes an object of values. The list lies in room, which grows with it.
func (p *plainReader) list(room, to *answerList) error {
	*to = (*room)[:0]
	if *to == nil {
		*to = make(answerList, 0, 64)
	}
	defer func() { *room = *to }()
	return p.object(func(key string) error {
		path := Path(key)
		if n := len(*to); n > 0 && (*to)[n-1].path >= path || n >= MaxAnswers {
			return errNotPlain
		}
		if err := path.Check(); err != nil {
			return err
		}
		v, err := p.value()
		if err != nil {
			return err
		}
		if v.IsZero() || (v.Kind() == Instance) != path.IsInstance() {
			return errNotPlain
		}
		*to = append(*to, pathValue{path, v})
		return nil
	})
}

// disagree reports whether a path is in two of set, derived and unset, or may be: below an instance that is removed.
func (p *plainReader) disagree() bool {
	for _, path := range p.Unset {
		if path.IsInstance() || p.set.holds(path) || p.derived.holds(path) {
			return true
		}
	}
	return slices.ContainsFunc(p.derived, func(one pathValue) bool { return p.set.holds(one.path) })
}

func (l answerList) holds(p Path) bool {
	_, there := slices.BinarySearchFunc(l, p, func(one pathValue, p Path) int {
		switch {
		case one.path < p:
			return -1
		case one.path > p:
			return 1
		}
		return 0
	})
	return there
}

// answers returns the answers by path; nil for no list.
func (l answerList) answers() Answers {
	if l == nil {
		return nil
	}
	a := make(Answers, len(l))
	for _, one := range l {
		a[one.path] = one.value
	}
	return a
}
