package dashboard

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/words"
)

// perPage is how many interviews a page lists.
const perPage = 50

// interviewsBody is the list of interviews.
type interviewsBody struct {
	Filter  fieldwork.Filter
	Forms   []choice
	Devices []choice
	States  []choice
	Rows    []interviewRow
	Total   int
	First   string // address of the first page; "" when this is it
	Next    string // address of the next page; "" when this is the last
}

// choice is an option of a filter.
type choice struct {
	Value, Name string
	Chosen      bool
}

type interviewRow struct {
	fieldwork.Interview
	Label, FormTitle, DeviceName string
	Awaited                      int // files that have not come
}

func (s *server) interviews(w http.ResponseWriter, v *visit) {
	q := v.Request.URL.Query()
	f := fieldwork.Filter{Form: q.Get("form"), Device: q.Get("device"), Conflicts: q.Get("conflicts") != "", Incomplete: q.Get("incomplete") != "",
		State: record.State(q.Get("state")), Limit: perPage + 1}
	place, ok := readPlace(q.Get("before"))
	if !ok {
		s.message(w, v, http.StatusBadRequest, "error.address")
		return
	}
	f.Behind = place
	body, err := s.readInterviews(v.Request.Context(), v.Words, f)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	s.show(w, v, http.StatusOK, "interviews", body)
}

func (s *server) readInterviews(ctx context.Context, say words.Words, f fieldwork.Filter) (interviewsBody, error) {
	body := interviewsBody{Filter: f}
	list, err := s.Data.Interviews(ctx, f)
	if err != nil {
		return body, err
	}
	whole := f
	whole.Behind, whole.Limit = fieldwork.Place{}, 0
	if body.Total, err = s.Data.Total(ctx, whole); err != nil {
		return body, err
	}
	n, err := s.names(ctx, say)
	if err != nil {
		return body, err
	}
	if f.Behind.ID != uuid.Nil {
		body.First = listAddress(f, fieldwork.Place{})
	}
	if len(list) > perPage {
		list = list[:perPage]
		body.Next = listAddress(f, list[perPage-1].Place())
	}
	ids := make([]uuid.UUID, len(list))
	for at, i := range list {
		ids[at] = i.ID
	}
	awaited, err := s.Data.Awaited(ctx, ids)
	if err != nil {
		return body, err
	}
	for _, i := range list {
		body.Rows = append(body.Rows, interviewRow{i, label(i), n.title(i.Form), n.device(i.Device), awaited[i.ID]})
	}
	body.Forms, body.Devices = n.formChoices(f.Form), n.deviceChoices(f.Device)
	for _, state := range []record.State{fieldwork.ToReview, record.StateReturned, record.StateApproved, record.StateCorrected, record.StateChanged} {
		body.States = append(body.States, choice{Value: string(state), Chosen: state == f.State})
	}
	return body, nil
}

// label is what people call an interview: its name, or the end of its ID, whose beginning is a time.
func label(i fieldwork.Interview) string {
	if i.Name != "" {
		return i.Name
	}
	id := i.ID.String()
	return "…" + id[len(id)-8:]
}

// nameBook knows what forms and devices are called.
type nameBook struct {
	forms   []*form.Form // all versions, the newest of each first
	devices []fieldwork.Device
	byID    map[string]string
}

func (s *server) names(ctx context.Context, say words.Words) (nameBook, error) {
	forms, err := s.Forms(ctx)
	if err != nil {
		return nameBook{}, err
	}
	devices, err := s.calledDevices(ctx, say)
	n := nameBook{forms, devices, make(map[string]string)}
	for _, d := range devices {
		n.byID[d.ID] = d.Name
	}
	if s.Desk != nil && n.byID[s.Desk.Device] == "" {
		n.byID[s.Desk.Device] = called(say, s.Desk.Name)
	}
	return n, err
}

// called returns a device's name; of a collector that nobody gave one, what it is.
func called(say words.Words, name string) string {
	return named(say, "device.nameless.", name)
}

// calledDevices returns the devices, with what those are called that nobody gave a name.
func (s *server) calledDevices(ctx context.Context, say words.Words) ([]fieldwork.Device, error) {
	all, err := s.Data.Devices(ctx)
	all = slices.Clone(all)
	for i := range all {
		all[i].Name = called(say, all[i].Name)
	}
	return all, err
}

// device returns a device's name; its ID where it has none.
func (n nameBook) device(id string) string {
	if name := n.byID[id]; name != "" {
		return name
	}
	return id
}

// title returns the newest title of a form; its ID where it is not published here.
func (n nameBook) title(id string) string {
	for _, f := range n.forms {
		if f.ID == id && f.Title != "" {
			return f.Title
		}
	}
	return id
}

// form returns a version of a form, or the newest one, or nil.
func (n nameBook) form(id, version string) *form.Form {
	var newest *form.Form
	for _, f := range n.forms {
		if f.ID != id {
			continue
		}
		if f.Version == version {
			return f
		}
		if newest == nil {
			newest = f
		}
	}
	return newest
}

// versions returns all versions of a form, the newest first.
func (n nameBook) versions(id string) []*form.Form {
	var list []*form.Form
	for _, f := range n.forms {
		if f.ID == id {
			list = append(list, f)
		}
	}
	return list
}

func (n nameBook) formChoices(chosen string) []choice {
	var list []choice
	seen := make(map[string]bool)
	for _, f := range n.forms {
		if !seen[f.ID] {
			seen[f.ID] = true
			list = append(list, choice{f.ID, n.title(f.ID), f.ID == chosen})
		}
	}
	return list
}

func (n nameBook) deviceChoices(chosen string) []choice {
	var list []choice
	for _, d := range n.devices {
		list = append(list, choice{d.ID, n.device(d.ID), d.ID == chosen})
	}
	return list
}
