package dashboard

import (
	"net/http"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// devicesBody is the list of devices.
type devicesBody struct {
	Devices []fieldwork.Device
	Wrong   int // clocks of devices that may still send
	Revoke  bool
	Relay   *fieldwork.Relay // of a hub
	Stuck   []fieldwork.Stuck
}

func (s *server) devices(w http.ResponseWriter, v *visit) {
	list, err := s.calledDevices(v.Request.Context(), v.Words)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	if v.Request.URL.Query().Get("done") == "revoked" {
		v.Notice = v.Words.Say("devices.revoked.done")
	}
	body := devicesBody{Devices: list, Revoke: s.Revoke != nil && v.Administers()}
	for _, d := range list {
		if !d.Revoked && isWrong(d.Clock) {
			body.Wrong++
		}
	}
	if s.Relay != nil {
		relay := s.Relay()
		body.Relay = &relay
		if body.Stuck, err = s.Data.Stuck(v.Request.Context()); err != nil {
			s.fail(w, v, err)
			return
		}
	}
	s.show(w, v, http.StatusOK, "devices", body)
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
	n, err := s.names(v.Request.Context(), v.Words)
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
