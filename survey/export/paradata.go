package export

import (
	"bufio"
	"context"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"vereda/survey/paradata"
	"vereda/survey/record"
)

// Logs gives the events of how an interview was held, in order; none where no log came with it.
type Logs interface {
	Events(ctx context.Context, interview uuid.UUID) ([]paradata.Event, error)
}

// paradataColumns are those of the events of all interviews: the interview, the question without places of instances, and what ODK's log has.
var paradataColumns = []string{"KEY", "DEVICE", "question", "event", "node", "start", "end", "latitude", "longitude", "accuracy", "old-value", "new-value", "user", "change-reason"}

// openColumns is how many of them stay when personal data are left out: not where one was, what was answered, and who one is.
const openColumns = 7

// totalColumns are those of the table of questions.
var totalColumns = []string{"question", "interviews", "visits", "seconds", "seconds_per_interview", "corrections", "constraint_errors"}

// WriteParadata writes how the interviews were held to two files: "<base>-paradata.csv" has the events of all interviews, in the order of
// their IDs, "<base>-paradata-questions.csv" what they come to for each question. base is path without its ending. Files appear whole, as
// those of WriteFiles do; it returns their names.
func (e *Exporter) WriteParadata(ctx context.Context, path string, src Source, logs Logs) ([]string, error) {
	base := strings.TrimSuffix(path, filepath.Ext(path))
	var s staged
	var totals totals
	err := s.write(base+"-paradata.csv", func(w io.Writer) (err error) {
		totals, err = e.writeEvents(ctx, w, src, logs)
		return err
	})
	if err == nil {
		err = s.write(base+"-paradata-questions.csv", totals.write)
	}
	if err == nil {
		err = s.publish()
	}
	if err != nil {
		_ = s.discard()
		return nil, err
	}
	return s.names(), nil
}

// writeEvents writes one interview after the other; it holds one in memory.
func (e *Exporter) writeEvents(ctx context.Context, w io.Writer, src Source, logs Logs) (totals, error) {
	out := bufio.NewWriterSize(w, 64<<10)
	columns := paradataColumns
	if e.o.WithoutPersonal {
		columns = columns[:openColumns]
	}
	e.line(out, columns...)
	all := totals{places: map[record.Path]int{}}
	for row, err := range e.rows(ctx, src, e.main()) {
		if err != nil {
			return all, err
		}
		events, err := logs.Events(ctx, row.Interview)
		if err != nil {
			return all, err
		}
		for _, v := range events {
			e.line(out, e.eventFields(row.Interview.String(), row.Device, v)[:len(columns)]...)
		}
		all.add(paradata.Totals(events))
	}
	return all, out.Flush()
}

func (e *Exporter) eventFields(key, device string, v paradata.Event) []string {
	end := ""
	if v.End != 0 {
		end = strconv.FormatInt(v.End, 10)
	}
	return []string{key, device, string(paradata.Generic(v.Node)), string(v.Kind), v.Node, strconv.FormatInt(v.Start, 10), end,
		v.Latitude, v.Longitude, v.Accuracy, v.Old, v.New, v.User, v.Reason}
}

// line writes a line of CSV. A buffered writer keeps its first error.
func (e *Exporter) line(out *bufio.Writer, fields ...string) {
	for i, f := range fields {
		if e.o.Guard && f != "" && !number(f) && strings.ContainsRune("=+-@\t\r\n", rune(f[0])) {
			f = "'" + f
		}
		writeField(out, i, f)
	}
	out.WriteString("\r\n")
}

func number(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// totals are what the logs of all interviews come to, by question, in the order in which questions come first.
type totals struct {
	list   []paradata.Total
	held   []int // interviews with the question
	places map[record.Path]int
}

func (t *totals) add(one []paradata.Total) {
	for _, o := range one {
		i, known := t.places[o.Question]
		if !known {
			i = len(t.list)
			t.list, t.held, t.places[o.Question] = append(t.list, paradata.Total{Question: o.Question}), append(t.held, 0), i
		}
		t.list[i].Add(o)
		t.held[i]++
	}
}

func (t *totals) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	var e Exporter
	e.line(out, totalColumns...)
	for i, o := range t.list {
		seconds := func(s float64) string { return strconv.FormatFloat(s, 'f', 1, 64) }
		e.line(out, string(o.Question), strconv.Itoa(t.held[i]), strconv.Itoa(o.Visits), seconds(o.Seconds), seconds(o.Seconds/float64(t.held[i])),
			strconv.Itoa(o.Corrections), strconv.Itoa(o.Errors))
	}
	return out.Flush()
}
