package dashboard

import (
	"net/http"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

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
}

// candidate is one of the answers.
type candidate struct {
	Value       shown
	Device, By  string
	Provisional bool
}

func (s *server) conflicts(w http.ResponseWriter, v *visit) {
	ctx := v.Request.Context()
	list, err := s.Data.Conflicts(ctx, "")
	if err != nil {
		s.fail(w, v, err)
		return
	}
	n, err := s.names(ctx)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	s.show(w, v, http.StatusOK, "conflicts", s.groupConflicts(v, n, list))
}

// groupConflicts puts an interview's conflicts together, in the order they come.
func (s *server) groupConflicts(v *visit, n nameBook, list []fieldwork.Conflict) []conflictGroup {
	var groups []conflictGroup
	at := make(map[uuid.UUID]int)
	for _, c := range list {
		i, ok := at[c.Interview]
		if !ok {
			i = len(groups)
			at[c.Interview] = i
			groups = append(groups, conflictGroup{Interview: c.Interview, FormTitle: n.title(c.Form),
				Label: label(fieldwork.Interview{ID: c.Interview, Name: c.Name})})
		}
		r := newReader(n.form(c.Form, ""), n, v.Words, times{v.Words, s.Zone, s.Now})
		groups[i].Rows = append(groups[i].Rows, r.conflict(c.Conflict))
	}
	return groups
}

// devicesBody is the list of devices.
type devicesBody struct {
	Devices []fieldwork.Device
	Revoke  bool
}

func (s *server) devices(w http.ResponseWriter, v *visit) {
	list, err := s.Data.Devices(v.Request.Context())
	if err != nil {
		s.fail(w, v, err)
		return
	}
	if v.Request.URL.Query().Get("done") == "revoked" {
		v.Notice = v.Words.Say("devices.revoked.done")
	}
	s.show(w, v, http.StatusOK, "devices", devicesBody{list, s.Revoke != nil && v.Administers()})
}

func (s *server) revoke(w http.ResponseWriter, v *visit) {
	v.Request.Body = http.MaxBytesReader(w, v.Request.Body, maxForm)
	device := v.Request.PostFormValue("device")
	err := s.Revoke(v.Request.Context(), device)
	switch {
	case absent(err):
		s.message(w, v, http.StatusNotFound, "error.device")
	case err != nil:
		s.fail(w, v, err)
	default:
		s.audit(v, "revoke", device)
		http.Redirect(w, v.Request, "/devices?done=revoked", http.StatusSeeOther)
	}
}

type asideRow struct {
	fieldwork.Aside
	DeviceName string
	ID         record.ID
}

func (s *server) aside(w http.ResponseWriter, v *visit) {
	list, err := s.Data.Quarantine(v.Request.Context())
	if err != nil {
		s.fail(w, v, err)
		return
	}
	n, err := s.names(v.Request.Context())
	if err != nil {
		s.fail(w, v, err)
		return
	}
	var rows []asideRow
	for _, a := range list {
		rows = append(rows, asideRow{a, n.device(a.Device), a.Entry})
	}
	s.show(w, v, http.StatusOK, "aside", rows)
}
