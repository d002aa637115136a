package paradata

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// The limits of files that are read.
const (
	MaxFile   = 16 << 20 // bytes
	MaxEvents = 200_000
)

// FileName is what ODK calls the file.
const FileName = "audit.csv"

// named reports whether a file has a column: four always, the others where the form asks for them.
func (o Options) named(column string) bool {
	switch column {
	case "latitude", "longitude", "accuracy":
		return o.Places
	case "old-value", "new-value":
		return o.Changes
	case "user":
		return o.User
	case "change-reason":
		return o.Reasons
	}
	return true
}

// WriteFile writes the file audit.csv: UTF-8, commas, a line feed after each line, a header, and the columns that the options ask for.
func WriteFile(w io.Writer, o Options, events []Event) error {
	var b []byte
	n := 0
	for _, name := range columns {
		if o.named(name) {
			b = appendField(b, n, name)
			n++
		}
	}
	b = append(b, '\n')
	for i := range events {
		n = 0
		for j, field := range events[i].fields() {
			if o.named(columns[j]) {
				b = appendField(b, n, field)
				n++
			}
		}
		b = append(b, '\n')
		if len(b) > 32<<10 {
			if _, err := w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	_, err := w.Write(b)
	return err
}

// ReadFile reads a file audit.csv, of Vereda or of another client, whatever the order of its columns; columns that it does not know are passed
// over, and a row that lacks fields has none there. Errors of the content are *Error; what was read before one is returned with it.
func ReadFile(r io.Reader) (events []Event, err error) {
	limited := &io.LimitedReader{R: r, N: MaxFile + 1}
	in := csv.NewReader(limited)
	in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = -1, true, true
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, &Error{1, "the file is empty"}
	}
	if err != nil {
		return nil, refused(err)
	}
	places, err := placesOf(header)
	if err != nil {
		return nil, err
	}
	for {
		fields, err := in.Read()
		switch {
		case limited.N <= 0:
			return events, &Error{0, "the file is too large"}
		case errors.Is(err, io.EOF):
			return events, nil
		case err != nil:
			return events, refused(err)
		}
		line, _ := in.FieldPos(0)
		if len(events) == MaxEvents {
			return events, &Error{line, "there are too many events"}
		}
		e, err := eventOf(fields, places)
		if err != nil {
			return events, &Error{line, err.Error()}
		}
		events = append(events, e)
	}
}

// placesOf returns for each column of a file its place in columns; -1 for one that is not known.
func placesOf(header []string) ([]int, error) {
	places, found := make([]int, len(header)), map[string]bool{}
	for i, name := range header {
		places[i] = -1
		for j, known := range columns {
			if strings.TrimPrefix(name, "\uFEFF") == known && !found[known] {
				places[i], found[known] = j, true
			}
		}
	}
	for _, name := range columns[:3] {
		if !found[name] {
			return nil, &Error{1, "there is no column " + name}
		}
	}
	return places, nil
}

func eventOf(fields []string, places []int) (Event, error) {
	var e Event
	for i, f := range fields {
		if i < len(places) && places[i] >= 0 {
			if err := e.set(places[i], strings.Clone(f)); err != nil {
				return e, err
			}
		}
	}
	if e.Kind == "" {
		return e, errors.New("the event is not named")
	}
	return e, nil
}

// refused says why CSV could not be read.
func refused(err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return &Error{p.Line, p.Err.Error()}
	}
	return err
}
