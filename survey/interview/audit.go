package interview

import (
	"vereda/survey/form"
	"vereda/survey/record"
)

// Audit gives the form's question of type audit the name of the file with the log of how the interview was held, as a File; the zero Value takes it
// back. Of a form without such a question nothing changes.
func (s *Session) Audit(file record.Value) Change {
	for i := range s.root.cells {
		if c := &s.root.cells[i]; c.item.Type == form.TypeAudit {
			s.store(c, file)
		}
	}
	s.settle()
	return s.finish()
}
