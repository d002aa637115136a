package export

import "vereda/survey/record"

// Personal reports whether any version marks a question as personal, by its generic path.
func (e *Exporter) Personal(question record.Path) bool { return e.personal[question] }
