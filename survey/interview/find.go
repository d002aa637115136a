package interview

import (
	"strings"

	"vereda/survey/record"
)

// find returns the cell at a path; nil when there is none. With aside, instances beyond repeat_count are found too.
func (s *Session) find(p record.Path, aside bool) *cell {
	f, rest := s.root, string(p)
	for {
		head, id, tail, more := cutInstance(rest)
		at, ok := f.scope.index[head]
		if !ok {
			return nil
		}
		c := &f.cells[at]
		if !more {
			return c
		}
		if c.holder == nil {
			return nil
		}
		if f = c.holder.instance(id, aside); f == nil {
			return nil
		}
		rest = tail
	}
}

// cutInstance cuts a path below a frame at its first instance ID.
func cutInstance(p string) (head, id, tail string, found bool) {
	for i := 0; i+1 < len(p); i++ {
		if p[i] == '/' && record.IsInstanceID(p[i+1:i+2]) {
			id, tail, _ = strings.Cut(p[i+1:], "/")
			return p[:i], id, tail, true
		}
	}
	return p, "", "", false
}

// instance returns the instance of an ID; nil when there is none.
func (h *holder) instance(id string, aside bool) *frame {
	for _, f := range h.live {
		if f.id == id {
			return f
		}
	}
	if aside {
		for _, f := range h.aside {
			if f.id == id {
				return f
			}
		}
	}
	return nil
}
