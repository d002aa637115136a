package form

import (
	"fmt"
	"strings"
)

// Cell is a place in a workbook.
type Cell struct {
	Sheet  string `json:"sheet"`
	Row    int    `json:"row,omitempty"`    // from 1; 0 for the whole sheet
	Column string `json:"column,omitempty"` // heading, or ""
}

func (c Cell) String() string {
	if c.Sheet == "" {
		return "workbook"
	}
	s := "sheet " + c.Sheet
	if c.Row > 0 {
		s += fmt.Sprintf(", row %d", c.Row)
	}
	if c.Column != "" {
		s += ", column " + c.Column
	}
	return s
}

// Severity says whether a problem keeps a form from running.
type Severity uint8

// The severities.
const (
	Warning Severity = iota + 1
	Error
)

func (s Severity) String() string { return [...]string{"", "warning", "error"}[s] }

// MarshalText writes "warning" or "error".
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Severity) UnmarshalText(text []byte) error {
	for _, known := range []Severity{Warning, Error} {
		if string(text) == known.String() {
			*s = known
			return nil
		}
	}
	return fmt.Errorf("%q is no severity", text)
}

// Problem is something wrong with a form, for the person who wrote it.
type Problem struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"` // stable, e.g. "unknown-type"
	Cell     Cell     `json:"cell"`
	Text     string   `json:"text"`           // what the cell says
	Message  string   `json:"message"`        // what is wrong, a sentence
	Hint     string   `json:"hint,omitempty"` // what to write instead, a sentence
}

// String returns one line: severity, place, the cell's text, what is wrong, what to write instead.
func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: ", p.Severity, p.Cell)
	if p.Text != "" {
		fmt.Fprintf(&b, "%q: ", p.Text)
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		b.WriteString(" " + p.Hint)
	}
	return b.String()
}

// HasErrors reports whether a problem of the list keeps the form from running.
func HasErrors(problems []Problem) bool {
	for _, p := range problems {
		if p.Severity == Error {
			return true
		}
	}
	return false
}
