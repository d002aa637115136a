package dashboard

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// verdictRow is a verdict as the interview's page tells it.
type verdictRow struct {
	Decision     record.Decision
	By, Device   string
	Said         string // the device's clock
	Received     time.Time
	Note         string
	Comments     []comment
	Stands       bool
	Contradicted bool // another stands that says something else
}

type comment struct{ Question, Where, Anchor, Text string }

// verdicts tells the verdicts, the last first.
func (r *reader) verdicts(list []fieldwork.Verdict) []verdictRow {
	against := desk.Contradict(list)
	var rows []verdictRow
	for _, v := range slices.Backward(list) {
		row := verdictRow{Decision: v.Decision, By: v.By, Device: r.names.device(v.Device), Said: r.times.device(v.At), Received: v.Received, Note: v.Note,
			Stands: v.Stands, Contradicted: against && v.Stands}
		for _, c := range v.Comments {
			one := comment{Text: c.Text}
			if c.Path != "" {
				one.Question, one.Where, one.Anchor = r.question(c.Path), r.where(c.Path), anchor(c.Path)
			}
			row.Comments = append(row.Comments, one)
		}
		rows = append(rows, row)
	}
	return rows
}

// maxReview bounds a review: a comment for each question.
const maxReview = 1 << 20

// judge takes a coordinator's verdict.
func (s *server) judge(w http.ResponseWriter, v *visit) {
	r := v.Request
	r.Body = http.MaxBytesReader(w, r.Body, maxReview)
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil || r.ParseForm() != nil {
		s.message(w, v, http.StatusBadRequest, "error.form")
		return
	}
	said := desk.Verdict{Interview: id, Seen: r.PostFormValue("seen"), Decision: record.Decision(r.PostFormValue("decision")), Note: r.PostFormValue("note")}
	for name, values := range r.PostForm {
		if path, is := strings.CutPrefix(name, "q-"); is && strings.TrimSpace(values[0]) != "" {
			said.Comments = append(said.Comments, record.Comment{Path: record.Path(path), Text: values[0]})
		}
	}
	slices.SortFunc(said.Comments, func(a, b record.Comment) int { return strings.Compare(string(a.Path), string(b.Path)) })
	if said.Decision == record.Approved {
		said.Comments = nil // an approval needs none; the form holds what somebody began to write
	}
	page := "/interviews/" + id.String()
	err = s.Desk.Judge(r.Context(), v.User.Name, said)
	var entry *record.EntryError
	switch {
	case errors.Is(err, desk.ErrChanged):
		s.changed(w, v, page)
	case errors.Is(err, desk.ErrNotFound):
		s.message(w, v, http.StatusNotFound, "error.interview")
	case errors.As(err, new(*desk.AnswerError)):
		s.message(w, v, http.StatusUnprocessableEntity, "error.form")
	case errors.Is(err, desk.ErrNoReason):
		s.message(w, v, http.StatusUnprocessableEntity, "verdict.reason")
	case errors.Is(err, desk.ErrDraft):
		s.message(w, v, http.StatusConflict, "verdict.draft")
	case errors.As(err, &entry):
		s.message(w, v, http.StatusUnprocessableEntity, "error.form")
	case err != nil:
		s.fail(w, v, err)
	default:
		s.audit(v, string(said.Decision), id.String())
		http.Redirect(w, r, page+"?done="+string(said.Decision), http.StatusSeeOther)
	}
}
