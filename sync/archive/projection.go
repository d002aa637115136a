package archive

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// projection is all that the archive keeps of a merged interview. It depends on the entries and the forms alone.
type projection struct {
	interview []any // the row of interviews
	form      string
	conflicts [][]any // rows of conflicts
	tables    []tableRows
	bytes     int // of the revisions it was made of
}

// tableRows are an interview's rows in one table of answers: interview, instance, rest, columns.
type tableRows struct {
	table *table
	rows  [][]any
}

// loadHistory reads an interview's revisions, and how they came. ErrNotFound when there are none.
func (t *tx) loadHistory(interview uuid.UUID) (*record.History, map[record.ID]fieldwork.Step, error) {
	h, steps := record.NewHistory(interview), map[record.ID]fieldwork.Step{}
	err := t.each("SELECT body, received, batch, via, ahead FROM entries WHERE interview = $1", []any{interview[:]}, func(scan func(...any) error) error {
		var body, batchID []byte
		var received int64
		var ahead *int64
		var s fieldwork.Step
		if err := scan(&body, &received, &batchID, &s.Via, &ahead); err != nil {
			return err
		}
		var err error
		if s.Revision, err = record.ParseRevision(body); err != nil {
			return nil // damaged on the disk: Verify names it, the rest can be read
		}
		s.Received = time.UnixMilli(received)
		copy(s.Batch[:], batchID)
		if d := durationOf(ahead); d != nil {
			s.Corrected = s.Revision.At.Add(-*d)
		}
		steps[s.Revision.ID] = s
		_, err = h.Add(s.Revision)
		return err
	})
	if err == nil && len(steps) == 0 {
		err = ErrNotFound
	}
	return h, steps, err
}

// review runs the rules over a merged interview, and adds what the merge itself flags.
func (a *Archive) review(m record.Merged) (name string, flags []fieldwork.Flag) {
	if a.options.Rules != nil {
		name, flags = a.options.Rules.Review(m)
	}
	for _, k := range m.Kept {
		flags = append(flags, fieldwork.Flag{Path: k.Instance, Kind: "kept", Message: "removed by one, changed by another"})
	}
	for _, d := range m.Forked {
		flags = append(flags, fieldwork.Flag{Kind: "forked", Message: fmt.Sprintf("%s wrote revision %d twice", d.Device, d.N)})
	}
	return name, flags
}

// story reviews an interview that was merged, and says what coordinators said about it.
func (a *Archive) story(merged record.Merged, h *record.History, steps map[record.ID]fieldwork.Step, verdicts []judgedVerdict) fieldwork.Story {
	s := telling{fieldwork.Story{Merged: merged}}
	s.Name, s.Flags = a.review(s.Merged)
	revisions := h.Revisions()
	for _, r := range revisions {
		step := steps[r.ID]
		s.Steps = append(s.Steps, step)
		if step.Received.After(s.Received) {
			s.Received = step.Received
		}
	}
	first, last := s.Steps[0].Revision, s.Steps[len(s.Steps)-1]
	m := &s.Merged
	s.ID, s.Form, s.Version, s.Device, s.By, s.At = m.Interview, m.Form, m.Version, first.Device, first.By, last.Revision.At
	s.Corrected, s.Assignment = last.Corrected, m.Assignment
	if len(verdicts) > 0 {
		s.judge(verdicts, revisions)
	}
	s.Final, s.Incomplete, s.Conflicts, s.Interview.Flags = m.Final, len(m.Missing) > 0, len(m.Conflicts), len(s.Flags)
	return s.Story
}

// telling is a story that is being told.
type telling struct{ fieldwork.Story }

// judge adds what the verdicts say.
func (s *telling) judge(verdicts []judgedVerdict, revisions []record.Revision) {
	all := map[record.ID]record.Verdict{}
	for _, v := range verdicts {
		all[v.id] = v.verdict
	}
	decision, stands := record.StandingVerdict(all)
	s.Verdict, s.State = decision, record.Judge(revisions, all)
	for _, v := range verdicts {
		s.Verdicts = append(s.Verdicts, fieldwork.Verdict{ID: v.id, Verdict: v.verdict, Received: time.UnixMilli(v.received), Stands: slices.Contains(stands, v.id)})
	}
}

// project lays a story out in rows.
func project(s fieldwork.Story, l *layout) (projection, error) {
	flags, err := json.Marshal(s.Flags)
	if err != nil {
		return projection{}, err
	}
	id := s.ID
	var assignment any
	if s.Assignment != uuid.Nil {
		assignment = s.Assignment[:]
	}
	corrected := int64(0)
	if !s.Corrected.IsZero() {
		corrected = s.Corrected.UnixMilli()
	}
	p := projection{form: s.Form, interview: []any{id[:], s.Form, s.Version, s.Name, s.Device, s.By, truth(s.Final), truth(s.Incomplete),
		int64(s.Conflicts), int64(s.Interview.Flags), string(flags), s.Received.UnixMilli(), s.At.Format(time.RFC3339Nano),
		assignment, string(s.Verdict), string(s.State), corrected}}
	for _, c := range s.Merged.Conflicts {
		candidates, err := json.Marshal(writeCandidates(c.Candidates))
		if err != nil {
			return projection{}, err
		}
		p.conflicts = append(p.conflicts, []any{id[:], string(c.Path), string(candidates)})
	}
	p.tables, err = l.spread(id[:], s.Merged.Answers)
	return p, err
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// spot is one row of a form's tables, in all their parts, and what has no column there.
type spot struct {
	repeat, instance record.Path
	columns          map[Column]*column // by the paths below repeat
	rows             [][]any
	rest             []leftover
}

// spread lays answers out: one row for the interview, one for each repeat instance, in all parts.
func (l *layout) spread(interview []byte, answers record.Answers) ([]tableRows, error) {
	if l == nil {
		return nil, nil
	}
	top := l.newSpot(interview, "", "")
	spots := map[record.Path]*spot{"": top} // by instance
	for path, v := range answers {
		at := top
		if instance, inside := path.Instance(); inside {
			if at = spots[instance]; at == nil {
				at = l.newSpot(interview, instance.Generic(), instance)
				spots[instance] = at
			}
		}
		switch {
		case at.rows == nil: // no published version has the repeat
			top.rest = append(top.rest, leftover{string(path), v.Kind(), v.String()})
		case v.Kind() == record.Instance && path == at.instance:
		case !at.put(below(path, at.instance), v):
			at.rest = append(at.rest, leftover{string(path.Generic()), v.Kind(), v.String()})
		}
	}
	return l.gather(spots)
}

func (l *layout) newSpot(interview []byte, repeat, instance record.Path) *spot {
	parts := l.parts[repeat]
	s := &spot{repeat: repeat, instance: instance, columns: l.within[repeat]}
	if len(parts) > 0 {
		s.rows = make([][]any, 0, len(parts))
	}
	for _, part := range parts {
		row := make([]any, 3+len(part.columns))
		row[0], row[1] = interview, string(instance)
		s.rows = append(s.rows, row)
	}
	return s
}

// put writes an answer into its column; false when there is none.
func (s *spot) put(question record.Path, v record.Value) bool {
	c := s.columns[Column{question, v.Kind()}]
	if c == nil {
		return false
	}
	s.rows[c.n][3+c.i] = columnValue(v)
	return true
}

// columnValue is what lies in a column of columnType.
func columnValue(v record.Value) any {
	if v.Kind() == record.Integer {
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return n
		}
	}
	return v.String()
}

// leftover is an answer that has no column: to a question that no published version has, or of another kind.
type leftover struct {
	Path string
	Kind record.Kind
	Text string
}

// gather sorts rows into their tables: repeats in order, instances in order.
func (l *layout) gather(spots map[record.Path]*spot) (all []tableRows, err error) {
	list := make([]*spot, 0, len(spots))
	for _, at := range spots {
		if len(at.rest) > 0 {
			slices.SortFunc(at.rest, func(a, b leftover) int { return strings.Compare(a.Path, b.Path) })
			b, err := json.Marshal(at.rest)
			if err != nil {
				return nil, err
			}
			at.rows[0][2] = string(b)
		}
		list = append(list, at)
	}
	slices.SortFunc(list, func(a, b *spot) int { return strings.Compare(string(a.instance), string(b.instance)) })
	for _, repeat := range l.repeats {
		for i, part := range l.parts[repeat] {
			tr := tableRows{table: part}
			for _, at := range list {
				if at.repeat == repeat && at.rows != nil {
					tr.rows = append(tr.rows, at.rows[i])
				}
			}
			all = append(all, tr)
		}
	}
	return all, nil
}

// candidate is a record.Candidate as it lies in conflicts.
type candidate struct {
	Kind     record.Kind `json:"kind"`
	Text     string      `json:"text"`
	Revision record.ID   `json:"revision"`
	Device   string      `json:"device"`
	By       string      `json:"by"`
}

func writeCandidates(list []record.Candidate) (out []candidate) {
	for _, c := range list {
		out = append(out, candidate{c.Value.Kind(), c.Value.String(), c.Revision, c.Device, c.By})
	}
	return out
}

func readCandidates(list []candidate) (out []record.Candidate, err error) {
	for _, c := range list {
		v, err := readValue(c.Kind, c.Text)
		if err != nil {
			return nil, err
		}
		out = append(out, record.Candidate{Value: v, Revision: c.Revision, Device: c.Device, By: c.By})
	}
	return out, nil
}

// readValue brings a value back from its column.
func readValue(kind record.Kind, text string) (record.Value, error) {
	switch kind {
	case 0:
		return record.Value{}, nil
	case record.Text:
		return record.NewText(text), nil
	}
	return record.New(kind, text)
}
