package archive

import (
	"slices"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// applySaid files what coordinators say under its subject, and under the devices that it concerns.
func (in *intake) applySaid(seq int64, r *reading) error {
	if _, err := in.exec("INSERT INTO said (seq, kind, subject) VALUES ($1, $2, $3)", seq, r.entry.Kind, r.subject); err != nil {
		return err
	}
	switch r.entry.Kind {
	case record.KindVerdict:
		return in.applyVerdict(seq, r.subject)
	case record.KindAssignment:
		return in.applyAssignment(seq, r)
	}
	return nil // settings concern everybody, decisions about duplicates no device
}

// applyVerdict tells all that took part in the interview.
func (in *intake) applyVerdict(seq int64, interview []byte) error {
	yes := true
	in.judged = &yes
	if _, err := in.exec("INSERT INTO feed (device, place, seq) SELECT device, $1, $1 FROM parts WHERE interview = $2", seq, interview); err != nil {
		return err
	}
	return in.soil(interview, seq)
}

// joinVerdicts tells a device that joins an interview what was said about it. Most archives of a day hold no verdict: then nothing is asked
// of the database.
func (in *intake) joinVerdicts(seq int64, device string, interview []byte) error {
	if in.judged == nil {
		in.judged = new(bool)
		if err := in.one("SELECT EXISTS (SELECT 1 FROM said WHERE kind = 'verdict')", nil, in.judged); err != nil {
			return err
		}
	}
	if !*in.judged {
		return nil
	}
	_, err := in.exec(`INSERT INTO feed (device, place, seq) SELECT $1, CASE WHEN seq > $2 THEN seq ELSE $2 END, seq FROM said
		WHERE kind = 'verdict' AND subject = $3 ON CONFLICT DO NOTHING`, device, seq, interview)
	return err
}

// applyAssignment tells all devices that the assignment ever was given to, and finds out which statement counts.
func (in *intake) applyAssignment(seq int64, r *reading) error {
	all, seqs, err := in.assignmentsSaid(r.subject)
	if err != nil {
		return err
	}
	before := map[string]bool{}
	for id, one := range all {
		if id != r.id && one.Assignee != "" {
			before[one.Assignee] = true
		}
	}
	for d := range before {
		if err := in.tell(d, seq, seq); err != nil {
			return err
		}
	}
	if d := r.assignment.Assignee; d != "" && !before[d] {
		for _, earlier := range seqs {
			if err := in.tell(d, max(seq, earlier), earlier); err != nil {
				return err
			}
		}
	}
	return in.keepAssignment(all, seqs)
}

// tell puts an entry in a device's feed.
func (in *intake) tell(device string, place, seq int64) error {
	_, err := in.exec("INSERT INTO feed (device, place, seq) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", device, place, seq)
	return err
}

// assignmentsSaid returns all statements about an assignment, and their seqs.
func (t *tx) assignmentsSaid(subject []byte) (all map[record.ID]record.Assignment, seqs map[record.ID]int64, err error) {
	all, seqs = map[record.ID]record.Assignment{}, map[record.ID]int64{}
	err = t.said(record.KindAssignment, subject, func(e heard) error {
		one, err := record.ParseAssignment(e.body)
		if err == nil {
			all[e.id], seqs[e.id] = one, e.seq
		}
		return nil // one that is damaged on the disk is named by Verify
	})
	return all, seqs, err
}

// assignmentRow is the row of the statement that counts.
func assignmentRow(all map[record.ID]record.Assignment, seqs map[record.ID]int64) []any {
	counts, stands, disputed := record.StandingAssignment(all)
	return []any{counts.Assignment[:], counts.Form, counts.EA, counts.Household, counts.Assignee, counts.Due, truth(counts.Withdrawn),
		truth(disputed), joinIDs(stands), seqs[stands[len(stands)-1]]}
}

const assignmentColumns = "id, form, ea, household, assignee, due, withdrawn, disputed, stands, seq"

func (in *intake) keepAssignment(all map[record.ID]record.Assignment, seqs map[record.ID]int64) error {
	row := assignmentRow(all, seqs)
	if _, err := in.exec("DELETE FROM assignments WHERE id = $1", row[0]); err != nil {
		return err
	}
	_, err := in.exec("INSERT INTO assignments ("+assignmentColumns+") VALUES "+places(len(row)), row...)
	return err
}

// applyReceipt files a receipt of the central collector under the device that waits for it; under no device what concerns all.
func (in *intake) applyReceipt(seq int64, r *reading) error {
	if id, err := record.ParseID(r.receipt.Batch); err == nil {
		if _, err := in.exec("INSERT INTO receipts (batch, seq) VALUES ($1, $2)", id[:], seq); err != nil {
			return err
		}
	} else if r.receipt.Device == "" { // a centre says that it is there: what went up before may have to go up again
		if _, err := in.exec("DELETE FROM moved"); err != nil {
			return err
		}
	}
	return in.tell(string(r.receipt.Device), seq, seq)
}

// heard is a statement as it lies in the database.
type heard struct {
	seq      int64
	id       record.ID
	received int64 // milliseconds since 1970
	body     []byte
}

// said calls f for all statements of a kind about a subject, or about all when subject is nil, in the order in which they came.
func (t *tx) said(kind string, subject []byte, f func(heard) error) error {
	where, args := "", []any{kind}
	if subject != nil {
		where, args = " AND s.subject = $2", append(args, subject)
	}
	return t.each("SELECT e.seq, e.id, e.received, e.body FROM said s JOIN entries e ON e.seq = s.seq WHERE s.kind = $1"+where+" ORDER BY e.seq", args, func(scan func(...any) error) error {
		var h heard
		var id []byte
		if err := scan(&h.seq, &id, &h.received, &h.body); err != nil {
			return err
		}
		copy(h.id[:], id)
		return f(h)
	})
}

// verdicts returns the verdicts on an interview, in the order in which they came.
func (t *tx) verdicts(interview uuid.UUID) (list []judgedVerdict, err error) {
	err = t.said(record.KindVerdict, interview[:], func(h heard) error {
		v, err := record.ParseVerdict(h.body)
		if err == nil {
			list = append(list, judgedVerdict{h, v})
		}
		return nil
	})
	return list, err
}

// judgedVerdict is a verdict as it lies in the database.
type judgedVerdict struct {
	heard
	verdict record.Verdict
}

// joinIDs and splitIDs keep a list of IDs in a column.
func joinIDs(ids []record.ID) []byte {
	b := []byte{}
	for _, id := range ids {
		b = append(b, id[:]...)
	}
	return b
}

func splitIDs(b []byte) (ids []record.ID) {
	for part := range slices.Chunk(b, len(record.ID{})) {
		var id record.ID
		copy(id[:], part)
		ids = append(ids, id)
	}
	return ids
}
