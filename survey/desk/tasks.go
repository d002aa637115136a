package desk

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
)

// MostTasks is how many households one table may assign.
const MostTasks = 100_000

// Fault is what is wrong in a table of assignments. Lines count from 1, the heading's; Column is the heading, "" for the whole line.
type Fault struct {
	Line   int    `json:"line"`
	Column string `json:"column,omitempty"`
	Code   string `json:"code"` // "csv", "utf-8", "heading", "twice", "unknown-form", "no-form", "no-household", "unknown-device", "several-devices", "revoked", "day", "time", "question", "repeat", "answer", "too-many", "fields"
	Value  string `json:"value,omitempty"`
}

func (f Fault) String() string {
	where := fmt.Sprintf("line %d", f.Line)
	if f.Column != "" {
		where += ", column " + f.Column
	}
	text := faults[f.Code]
	if strings.Contains(text, "%s") {
		text = fmt.Sprintf(text, f.Value)
	}
	return where + ": " + text
}

// faults are the codes in words, for the command line. The dashboard has its own.
var faults = map[string]string{
	"csv": "this is no CSV: %s", "utf-8": "the text is not UTF-8; save the file as “CSV UTF-8”", "heading": "the column has no heading", "twice": "“%s” is there twice",
	"unknown-form": "there is no form %q here", "no-form": "the form is missing: several are published", "no-household": "neither an EA nor a household is named",
	"unknown-device": "no device is called “%s”", "several-devices": "several devices are called “%s”: give the device's ID", "revoked": "the device “%s” is revoked",
	"day": "“%s” is no day; write 2026-11-30", "time": "“%s” is no time; write 2026-11-30 14:00", "question": "the form has no question “%s”",
	"repeat": "the question “%s” lies in a repeat: it cannot be answered beforehand", "answer": "“%s” is no answer to this question", "too-many": "more than 100,000 households",
	"fields": "the line has %s",
}

// ReadTasks reads a table of households to be visited: CSV with a heading, divided by comma, semicolon or tab. The columns form (may be left out when
// one form is published), ea, household, device (ID or name), enumerator (a device's name, or a person's who has none yet), due, call and note are
// known; every other is a question, by its name or path, with the answer known beforehand. All faults are returned at once; then there are no tasks.
// An error is one of reading.
func (d *Desk) ReadTasks(ctx context.Context, file io.Reader, zone *time.Location) ([]Task, []Fault, error) {
	forms, err := d.Forms(ctx)
	if err != nil {
		return nil, nil, err
	}
	devices, err := d.Archive.Devices(ctx)
	if err != nil {
		return nil, nil, err
	}
	b, err := io.ReadAll(file)
	if err != nil {
		return nil, nil, err
	}
	t := taskReader{forms: forms, devices: devices, zone: zone, seen: map[Household]int{}}
	t.read(b)
	if len(t.faults) > 0 {
		return nil, t.faults, nil
	}
	return t.tasks, nil, nil
}

// taskReader reads one table.
type taskReader struct {
	forms   []*form.Form
	devices []fieldwork.Device
	zone    *time.Location
	heading []string
	seen    map[Household]int // line
	tasks   []Task
	faults  []Fault
	line    int
}

func (t *taskReader) fault(column, code, value string) {
	t.faults = append(t.faults, Fault{t.line, column, code, value})
}

func (t *taskReader) read(b []byte) {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	t.line = 1
	if !utf8.Valid(b) {
		t.line += bytes.Count(b[:firstInvalid(b)], []byte("\n"))
		t.fault("", "utf-8", "")
		return
	}
	r := csv.NewReader(bytes.NewReader(b))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = divider(b), -1, true
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			t.line = broken.Line
			t.fault("", "csv", broken.Err.Error())
			return
		}
		t.line, _ = r.FieldPos(0)
		switch {
		case t.heading == nil:
			t.head(row)
		case len(t.tasks) == MostTasks:
			t.fault("", "too-many", "")
			return
		case strings.TrimSpace(strings.Join(row, "")) != "":
			t.row(row)
		}
	}
	if t.heading == nil {
		t.fault("", "csv", "it is empty")
	}
}

func firstInvalid(b []byte) (at int) {
	for at < len(b) {
		r, n := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && n == 1 {
			return at
		}
		at += n
	}
	return at
}

// divider is what the first line has most of.
func divider(b []byte) rune {
	first, _, _ := bufio.NewReader(bytes.NewReader(b)).ReadLine()
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t'} {
		if n := strings.Count(string(first), string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

func (t *taskReader) head(row []string) {
	t.heading = []string{}
	for i, name := range row {
		name = strings.TrimSpace(name)
		switch {
		case name == "" && i < len(row)-1:
			t.fault(fmt.Sprint(i+1), "heading", "")
		case name != "" && slices.Contains(t.heading, name):
			t.fault(name, "twice", name)
		}
		t.heading = append(t.heading, name)
	}
}
