package interview

import "vereda/survey/record"

// position is the position of the device as an answer of a cell; zero when the device does not know it or the question takes none.
func (s *Session) position(c *cell) record.Value {
	if s.env.Position == nil {
		return record.Value{}
	}
	v, _ := parse(c.item.KindOf(), s.env.Position().String())
	return v
}

// Locating reports whether a question waits for the position of the device: an action of the form asked for it (odk:setgeopoint, start-geopoint) when the
// device did not know it. Locate gives it.
func (s *Session) Locating() bool { return len(s.waiting) > 0 }

// Locate gives the position of the device, now that Env.Position knows it, to the questions that wait for it and have no answer yet.
func (s *Session) Locate() Change {
	waiting := s.waiting
	s.waiting = nil
	for _, c := range waiting {
		if !c.frame.attached() || !c.value.IsZero() {
			continue
		}
		if s.locate(c) {
			s.settle()
			s.answered(c)
		}
	}
	return s.finish()
}

// locate gives a cell the position of the device, or lets it wait; false when nothing changed.
func (s *Session) locate(c *cell) bool {
	v := s.position(c)
	if v.IsZero() {
		s.waiting = append(s.waiting, c)
		return false
	}
	return s.take(c, v)
}
