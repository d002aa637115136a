package dashboard

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// conflictsBody is a page of conflicts.
type conflictsBody struct {
	Groups []conflictGroup
	Total  int    // interviews with conflicts
	First  string // address of the first page; "" when this is it
	Next   string
}

// conflictGroup is one interview's conflicts.
type conflictGroup struct {
	Interview uuid.UUID
	Label     string
	FormTitle string
	Rows      []conflictRow
}

// conflictRow is a question with two answers.
type conflictRow struct {
	Anchor     string
	Question   string
	Where      string // the repeat instance; "" outside
	Candidates []candidate

	Resolve   bool // the visitor may: the rest is for the form
	Interview uuid.UUID
	Path      record.Path
	Seen      string   // mark of what is shown
	Back      string   // the page to come back to
	Choices   []choice // of a question with choices
	Several   bool     // of which several may be chosen
	Input     string   // type of the field for another answer; "": none
}

// candidate is one of the answers.
type candidate struct {
	Value       shown
	Device, By  string
	Provisional bool
	Said        string    // when, by the device's clock
	Corrected   time.Time // zero: the clock was right, or not known
}

// conflictsPerPage is how many interviews with conflicts a page shows.
const conflictsPerPage = 20

func (s *server) conflicts(w http.ResponseWriter, v *visit) {
	q := v.Request.URL.Query()
	if q.Get("done") == "resolved" {
		v.Notice = v.Words.Say("conflicts.resolved")
	}
	var after uuid.UUID
	if text := q.Get("after"); text != "" {
		var err error
		if after, err = uuid.Parse(text); err != nil {
			s.message(w, v, http.StatusBadRequest, "error.address")
			return
		}
	}
	body, err := s.readConflicts(v, after)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	s.show(w, v, http.StatusOK, "conflicts", body)
}

func (s *server) readConflicts(v *visit, after uuid.UUID) (body conflictsBody, err error) {
	ctx := v.Request.Context()
	if body.Total, err = s.Data.Total(ctx, fieldwork.Filter{Conflicts: true}); err != nil {
		return body, err
	}
	list, err := s.Data.ConflictsAfter(ctx, "", after, conflictsPerPage+1)
	if err != nil {
		return body, err
	}
	n, err := s.names(ctx, v.Words)
	if err != nil {
		return body, err
	}
	if after != uuid.Nil {
		body.First = "/conflicts"
	}
	var ids []uuid.UUID
	for _, c := range list {
		if len(ids) == 0 || ids[len(ids)-1] != c.Interview {
			ids = append(ids, c.Interview)
		}
	}
	if len(ids) > conflictsPerPage {
		ids = ids[:conflictsPerPage]
		body.Next = "/conflicts?after=" + ids[conflictsPerPage-1].String()
	}
	back := "/conflicts"
	if after != uuid.Nil {
		back += "?after=" + after.String()
	}
	for _, id := range ids {
		story, err := s.Data.Story(ctx, id)
		if err != nil {
			return body, err
		}
		body.Groups = append(body.Groups, s.conflictGroup(v, n, story, back))
	}
	return body, nil
}

func (s *server) conflictGroup(v *visit, n nameBook, story fieldwork.Story, back string) conflictGroup {
	g := conflictGroup{Interview: story.ID, Label: label(story.Interview), FormTitle: n.title(story.Form)}
	r := newReader(n.form(story.Form, story.Version), n, v.Words, times{v.Words, s.Zone, s.Now})
	r.story(story)
	g.Rows = r.disputes(story, v.Says(), back)
	return g
}

// disputes tells the conflicts of an interview; with resolve, with what a form to resolve them needs.
func (r *reader) disputes(story fieldwork.Story, resolve bool, back string) []conflictRow {
	var rows []conflictRow
	for _, c := range story.Merged.Conflicts {
		row := r.conflict(c)
		for i, one := range c.Candidates {
			at := slices.IndexFunc(story.Steps, func(s fieldwork.Step) bool { return s.Revision.ID == one.Revision })
			if at < 0 {
				continue
			}
			step := story.Steps[at]
			row.Candidates[i].Said = r.times.device(step.Revision.At)
			if !step.Corrected.IsZero() && step.Revision.At.Sub(step.Corrected).Abs() >= rightClock {
				row.Candidates[i].Corrected = step.Corrected
			}
		}
		if row.Resolve = resolve; resolve {
			row.Interview, row.Path, row.Seen, row.Back = story.ID, c.Path, desk.Mark(story), back
			r.field(&row, c.Path)
		}
		rows = append(rows, row)
	}
	return rows
}

// field says how another answer to a question is typed.
func (r *reader) field(row *conflictRow, p record.Path) {
	i := r.item(p)
	if i == nil || i.KindOf() == 0 {
		return
	}
	switch i.KindOf() {
	case record.File:
		return
	case record.Date:
		row.Input = "date"
	case record.Integer, record.Decimal:
		row.Input = "number"
	default:
		row.Input = "text"
	}
	if i.Type.Select() && i.List != nil {
		row.Several = i.KindOf() == record.Choices
		for _, c := range i.List.Choices {
			row.Choices = append(row.Choices, choice{Value: c.Name, Name: r.choiceLabel(c)})
		}
		if len(row.Choices) > 0 {
			row.Input = ""
		}
	}
}

// resolve takes a coordinator's answer to a question with two.
func (s *server) resolve(w http.ResponseWriter, v *visit) {
	r := v.Request
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	id, err := uuid.Parse(r.PostFormValue("interview"))
	if err != nil {
		s.message(w, v, http.StatusBadRequest, "error.form")
		return
	}
	path := record.Path(r.PostFormValue("path"))
	value, err := s.chosenAnswer(v, id, path)
	if err == nil {
		err = s.Desk.Answer(r.Context(), v.User.Name, id, r.PostFormValue("seen"), record.Answers{path: value})
	}
	var answer *desk.AnswerError
	switch {
	case errors.Is(err, desk.ErrChanged):
		s.changed(w, v, local(r.PostFormValue("back")))
	case absent(err):
		s.message(w, v, http.StatusNotFound, "error.interview")
	case errors.Is(err, errForm):
		s.message(w, v, http.StatusUnprocessableEntity, "conflicts.choose")
	case errors.As(err, &answer):
		s.message(w, v, http.StatusUnprocessableEntity, "answer."+answer.Reason)
	case err != nil:
		s.fail(w, v, err)
	default:
		s.audit(v, "resolve", id.String()+" "+string(path))
		s.back(w, v, "resolved")
	}
}

// back goes on to the page that a form names, which says what was done.
func (s *server) back(w http.ResponseWriter, v *visit, done string) {
	to := local(v.Request.PostFormValue("back"))
	http.Redirect(w, v.Request, withQuery(to, "done", done), http.StatusSeeOther)
}

// chosenAnswer reads which answer the form chooses: one of the candidates by its number, "none", or another that is typed.
func (s *server) chosenAnswer(v *visit, id uuid.UUID, path record.Path) (record.Value, error) {
	r := v.Request
	story, err := s.Data.Story(r.Context(), id)
	if err != nil {
		return record.Value{}, err
	}
	if desk.Mark(story) != r.PostFormValue("seen") {
		return record.Value{}, desk.ErrChanged
	}
	at := slices.IndexFunc(story.Merged.Conflicts, func(c record.Conflict) bool { return c.Path == path })
	if at < 0 {
		return record.Value{}, errForm
	}
	candidates := story.Merged.Conflicts[at].Candidates
	switch which := r.PostFormValue("choose"); which {
	case "none":
		return record.Value{}, nil
	case "other":
		return s.typed(v, story, path, r.PostForm["answer"])
	default:
		n, err := strconv.Atoi(which)
		if err != nil || n < 0 || n >= len(candidates) {
			return record.Value{}, errForm
		}
		return candidates[n].Value, nil
	}
}

func (s *server) typed(v *visit, story fieldwork.Story, path record.Path, answers []string) (record.Value, error) {
	n, err := s.names(v.Request.Context(), v.Words)
	if err != nil {
		return record.Value{}, err
	}
	f := n.form(story.Form, story.Version)
	if f == nil {
		return record.Value{}, errForm
	}
	value, err := desk.Value(f, path, strings.Join(answers, " "))
	if err == nil && value.IsZero() {
		err = errForm
	}
	return value, err
}
