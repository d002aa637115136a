package paradata

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxField is the longest field that Parse and ReadFile take, in bytes. Line cuts off what is longer.
const MaxField = 16 << 10

// columns are the names of an event's fields in files, in the order of a line.
var columns = [...]string{"event", "node", "start", "end", "latitude", "longitude", "accuracy", "old-value", "new-value", "user", "change-reason"}

// Error says where a log cannot be read, and why.
type Error struct {
	Line   int // from 1; 0 for the whole
	Reason string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return "paradata: " + e.Reason
	}
	return fmt.Sprintf("paradata: line %d: %s", e.Line, e.Reason)
}

func (e *Event) fields() [len(columns)]string {
	end := ""
	if e.End != 0 {
		end = strconv.FormatInt(e.End, 10)
	}
	return [...]string{string(e.Kind), e.Node, strconv.FormatInt(e.Start, 10), end, e.Latitude, e.Longitude, e.Accuracy, e.Old, e.New, e.User, e.Reason}
}

// Line writes an event down with all columns, as a line of CSV without its end.
func (e Event) Line() []byte {
	fields := e.fields()
	n := 0
	for i := range fields {
		n += len(fields[i]) + 3
	}
	b := make([]byte, 0, n)
	for i, f := range fields {
		b = appendField(b, i, f)
	}
	return b
}

// appendField writes a field of CSV, quoted where it has to be (RFC 4180, section 2). Line breaks within answers are a line feed.
func appendField(b []byte, i int, s string) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	s = tidy(s)
	if !strings.ContainsAny(s, "\",\n") && !strings.HasPrefix(s, " ") {
		return append(b, s...)
	}
	b = append(b, '"')
	for j := range len(s) {
		if s[j] == '"' {
			b = append(b, '"')
		}
		b = append(b, s[j])
	}
	return append(b, '"')
}

// tidy cuts a field to its longest and leaves out what would not come back.
func tidy(s string) string {
	if len(s) > MaxField {
		s = s[:MaxField]
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "")
	}
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return s
}

// Parse reads what Line wrote. Errors are *Error.
func Parse(line []byte) (Event, error) {
	if len(line) > len(columns)*(2*MaxField+3) {
		return Event{}, &Error{0, "the line is too long"}
	}
	r := csv.NewReader(strings.NewReader(string(line)))
	r.FieldsPerRecord = len(columns)
	fields, err := r.Read()
	if err != nil {
		return Event{}, &Error{0, reasonOf(err)}
	}
	if _, err := r.Read(); err == nil {
		return Event{}, &Error{0, "there is a second line"}
	}
	var e Event
	for i, f := range fields {
		if err := e.set(i, f); err != nil {
			return Event{}, &Error{0, err.Error()}
		}
	}
	return e, e.check()
}

// set gives a field its value; i is its place in columns.
func (e *Event) set(i int, text string) (err error) {
	if len(text) > MaxField {
		return errors.New("the " + columns[i] + " is too long")
	}
	if !utf8.ValidString(text) {
		return errors.New("the " + columns[i] + " is no UTF-8")
	}
	text = tidy(text)
	switch columns[i] {
	case "event":
		e.Kind = Kind(text)
	case "node":
		e.Node = text
	case "start":
		e.Start, err = moment(text)
	case "end":
		e.End, err = moment(text)
	case "latitude":
		e.Latitude = text
	case "longitude":
		e.Longitude = text
	case "accuracy":
		e.Accuracy = text
	case "old-value":
		e.Old = text
	case "new-value":
		e.New = text
	case "user":
		e.User = text
	case "change-reason":
		e.Reason = text
	}
	return err
}

func (e *Event) check() error {
	if e.Kind == "" {
		return &Error{0, "the event is not named"}
	}
	return nil
}

// moment reads milliseconds since 1970; some clients write a fraction.
func moment(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	whole, _, _ := strings.Cut(text, ".")
	n, err := strconv.ParseUint(whole, 10, 53)
	if err != nil {
		return 0, fmt.Errorf("%.40q are no milliseconds", text)
	}
	return int64(n), nil
}

func reasonOf(err error) string {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
