package form

// List is a list of choices.
type List struct {
	Name    string
	Choices []Choice
	Columns []string // extra columns, for filters
}

// Choice is one choice of a list.
type Choice struct {
	Name    string
	Label   Text
	Media   map[string]Text // "image", "big-image", "audio", "video": file names
	Columns map[string]string
	Source  Cell
}

// Choice returns the choice of a name.
func (l *List) Choice(name string) (Choice, bool) {
	for _, c := range l.Choices {
		if c.Name == name {
			return c, true
		}
	}
	return Choice{}, false
}

// dynamic reports whether a label shows answers.
func (l *List) dynamic() bool {
	for _, c := range l.Choices {
		if len(c.Label.Exprs()) > 0 {
			return true
		}
	}
	return false
}
