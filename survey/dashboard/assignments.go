package dashboard

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
)

// assignmentsBody is the list of assignments.
type assignmentsBody struct {
	Filter   fieldwork.WorkFilter
	Filtered bool
	Forms    []choice
	Devices  []choice
	Takers   []choice // devices that assignments may be handed to
	States   []choice
	Rows     []assignmentRow
	Total    int
	Back     string // address of the page before; "" when this is the first
	Next     string
	Here     string // this page's own query, for forms to come back to
	Faults   []desk.Fault
	File     string
}

type assignmentRow struct {
	fieldwork.Assignment
	FormTitle, Whose string
	State            string // as WorkFilter's, or "withdrawn"
	Overdue          bool
	Label            string // of the interview
	Outcome          string
	Interviewed      *fieldwork.Brief
}

func workFilter(q url.Values, today string) (f fieldwork.WorkFilter, page int) {
	page, _ = strconv.Atoi(q.Get("page"))
	page = min(max(page, 0), 100_000)
	return fieldwork.WorkFilter{Form: q.Get("form"), EA: strings.TrimSpace(q.Get("ea")), Assignee: q.Get("device"), State: q.Get("state"), Withdrawn: q.Get("withdrawn") != "",
		Today: today, Skip: page * perPage, Limit: perPage}, page
}

func (s *server) assignments(w http.ResponseWriter, v *visit) {
	q := v.Request.URL.Query()
	switch done, n := q.Get("done"), atoi(q.Get("n")); done {
	case "assigned":
		v.Notice = v.Words.Say("assignments.assigned", n, atoi(q.Get("changed")), atoi(q.Get("same")))
	case "changed":
		v.Notice = v.Words.Say("assignments.changed", n)
	}
	s.listAssignments(w, v, http.StatusOK, q, assignmentsBody{})
}

func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

func (s *server) listAssignments(w http.ResponseWriter, v *visit, status int, q url.Values, body assignmentsBody) {
	for _, own := range []string{"done", "n", "changed", "same"} {
		q.Del(own)
	}
	today := s.Now().In(s.Zone).Format(time.DateOnly)
	var page int
	body.Filter, page = workFilter(q, today)
	body.Here = q.Encode()
	ctx := v.Request.Context()
	list, total, err := s.Data.Work(ctx, body.Filter)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	n, err := s.names(ctx, v.Words)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	body.Total, body.Filtered = total, body.Filter.Form+body.Filter.EA+body.Filter.Assignee+body.Filter.State != ""
	at := func(page int) string {
		q.Set("page", strconv.Itoa(page))
		return "/assignments?" + q.Encode()
	}
	if page > 0 {
		body.Back = at(page - 1)
	}
	if (page+1)*perPage < total {
		body.Next = at(page + 1)
	}
	if body.Rows, err = s.assignmentRows(v, n, list, today); err != nil {
		s.fail(w, v, err)
		return
	}
	body.Forms, body.Devices = n.formChoices(body.Filter.Form), n.deviceChoices(body.Filter.Assignee)
	for _, d := range n.devices {
		if !d.Revoked && d.Role != "collector" {
			body.Takers = append(body.Takers, choice{d.ID, n.device(d.ID), false})
		}
	}
	for _, state := range []string{fieldwork.WorkOpen, fieldwork.WorkBegun, fieldwork.WorkDone, fieldwork.WorkOverdue} {
		body.States = append(body.States, choice{state, v.Words.Say("work." + state), state == body.Filter.State})
	}
	s.show(w, v, status, "assignments", body)
}

// assignmentRows tells what became of assignments.
func (s *server) assignmentRows(v *visit, n nameBook, list []fieldwork.Assignment, today string) ([]assignmentRow, error) {
	var visited []uuid.UUID
	for _, a := range list {
		if a.Visits > 0 {
			visited = append(visited, a.Interview)
		}
	}
	briefs, err := s.Data.Briefs(v.Request.Context(), visited...)
	if err != nil {
		return nil, err
	}
	outcomes, err := s.outcomes(v, n, visited)
	if err != nil {
		return nil, err
	}
	var rows []assignmentRow
	for _, a := range list {
		row := assignmentRow{Assignment: a, FormTitle: n.title(a.Form), Whose: a.Person, State: fieldwork.WorkOpen}
		if a.Assignee != "" {
			row.Whose = n.device(a.Assignee)
		}
		switch {
		case a.Withdrawn:
			row.State = "withdrawn"
		case a.Done:
			row.State = fieldwork.WorkDone
		case a.Visits > 0:
			row.State = fieldwork.WorkBegun
		}
		row.Overdue = !a.Done && !a.Withdrawn && a.Due != "" && a.Due < today
		if b, there := briefs[a.Interview]; there && a.Visits > 0 {
			row.Interviewed, row.Label = &b, label(fieldwork.Interview{ID: b.ID, Name: b.Name})
			row.Outcome = outcomes[b.ID]
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// outcomes tells in words how visits ended, where their forms ask it.
func (s *server) outcomes(v *visit, n nameBook, interviews []uuid.UUID) (map[uuid.UUID]string, error) {
	list, err := s.Data.Merged(v.Request.Context(), interviews...)
	if err != nil {
		return nil, err
	}
	said := map[uuid.UUID]string{}
	asked := map[*form.Form]*form.Item{}
	for _, m := range list {
		f := n.form(m.Form, m.Version)
		if f == nil {
			continue
		}
		if _, known := asked[f]; !known {
			asked[f] = desk.Outcome(f)
		}
		if i := asked[f]; i != nil {
			r := newReader(f, n, v.Words, times{v.Words, s.Zone, s.Now})
			said[m.Interview] = r.value(i.Path, m.Answers[i.Path]).Text
		}
	}
	return said, nil
}

// maxTable bounds an uploaded table of assignments.
const maxTable = 32 << 20

// assign takes a table of households.
func (s *server) assign(w http.ResponseWriter, v *visit) {
	r := v.Request
	r.Body = http.MaxBytesReader(w, r.Body, maxTable)
	file, header, err := r.FormFile("table")
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		s.message(w, v, http.StatusRequestEntityTooLarge, "assignments.large")
		return
	case err != nil:
		s.message(w, v, http.StatusUnprocessableEntity, "import.none")
		return
	}
	defer file.Close()
	tasks, faults, err := s.Desk.ReadTasks(r.Context(), file, s.Zone)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	if len(faults) > 0 {
		s.listAssignments(w, v, http.StatusUnprocessableEntity, url.Values{}, assignmentsBody{Faults: faults, File: header.Filename})
		return
	}
	n, err := s.Desk.Assign(r.Context(), v.User.Name, tasks)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	s.audit(v, "assign", header.Filename)
	back := url.Values{"done": {"assigned"}, "n": {strconv.Itoa(n.New)}, "changed": {strconv.Itoa(n.Changed)}, "same": {strconv.Itoa(n.Same)}}
	http.Redirect(w, r, "/assignments?"+back.Encode(), http.StatusSeeOther)
}

// changeAssignments hands over, schedules or withdraws the assignments that are ticked.
func (s *server) changeAssignments(w http.ResponseWriter, v *visit) {
	r := v.Request
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.message(w, v, http.StatusBadRequest, "error.form")
		return
	}
	var ids []uuid.UUID
	for _, text := range r.PostForm["assignment"] {
		id, err := uuid.Parse(text)
		if err != nil {
			s.message(w, v, http.StatusBadRequest, "error.form")
			return
		}
		ids = append(ids, id)
	}
	n, act, err := s.changeTasks(v, ids)
	var entry *record.EntryError
	switch {
	case len(ids) == 0:
		s.message(w, v, http.StatusUnprocessableEntity, "assignments.none")
		return
	case errors.Is(err, errForm), errors.As(err, &entry):
		s.message(w, v, http.StatusUnprocessableEntity, "error.form")
		return
	case err != nil:
		s.fail(w, v, err)
		return
	}
	for _, id := range ids {
		s.audit(v, act, id.String())
	}
	q, _ := url.ParseQuery(r.PostFormValue("here"))
	q.Set("done", "changed")
	q.Set("n", strconv.Itoa(n.Changed))
	http.Redirect(w, r, "/assignments?"+q.Encode(), http.StatusSeeOther)
}

var errForm = errors.New("dashboard: the form holds something else than its page offers")

func (s *server) changeTasks(v *visit, ids []uuid.UUID) (n desk.Assigned, act string, err error) {
	r := v.Request
	switch act = r.PostFormValue("act"); act {
	case "hand-over":
		device := r.PostFormValue("device")
		devices, err := s.Data.Devices(r.Context())
		if err != nil {
			return n, act, err
		}
		known := device == ""
		for _, d := range devices {
			known = known || d.ID == device && !d.Revoked
		}
		if !known {
			return n, act, errForm
		}
		n, err = s.Desk.HandOver(r.Context(), v.User.Name, device, ids...)
		return n, act, err
	case "schedule":
		due := r.PostFormValue("due")
		if due != "" {
			if _, err := time.Parse(time.DateOnly, due); err != nil {
				return n, act, errForm
			}
		}
		var call time.Time
		if text := r.PostFormValue("call"); text != "" {
			if call, err = time.ParseInLocation("2006-01-02T15:04", text, s.Zone); err != nil {
				return n, act, errForm
			}
		}
		n, err = s.Desk.Schedule(r.Context(), v.User.Name, due, call, ids...)
		return n, act, err
	case "withdraw":
		n, err = s.Desk.Withdraw(r.Context(), v.User.Name, ids...)
		return n, act, err
	}
	return n, act, errForm
}

// inputTime writes a time as a browser's field for date and time takes it.
func inputTime(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	return at.In(zone).Format("2006-01-02T15:04")
}
