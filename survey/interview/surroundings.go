package interview

import "vereda/survey/record"

// File returns the bytes of a file that came with the form, by name; false where it is not here. Nobody changes them.
func (s *Session) File(name string) ([]byte, bool) {
	b, ok := s.env.Files[name]
	return b, ok
}

// Locates reports whether the device can tell where it is at all.
func (s *Session) Locates() bool { return s.env.Position != nil }

// Position returns where the device is now, as a Geopoint; zero where it does not know it.
func (s *Session) Position() record.Value {
	if s.env.Position == nil {
		return record.Value{}
	}
	return s.env.Position()
}
