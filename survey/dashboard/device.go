package dashboard

import (
	"net/http"
	"time"

	"vereda/survey/fieldwork"
)

// deviceBody is one device.
type deviceBody struct {
	fieldwork.Device
	Label    string
	Replaces []string
	By       []string // devices that took over its work
	Clock    []clockRow
	Revoke   bool
	Invite   bool
}

// clockRow is how far the device's clock was ahead at one moment.
type clockRow struct {
	Received time.Time
	Shown    string // what its clock said then
	Ahead    time.Duration
}

func (s *server) device(w http.ResponseWriter, v *visit) {
	ctx, id := v.Request.Context(), v.Request.PathValue("id")
	n, err := s.names(ctx, v.Words)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	body := deviceBody{Label: n.device(id)}
	for _, d := range n.devices {
		if d.ID == id {
			body.Device = d
		}
		for _, older := range d.Replaces {
			if older == id {
				body.By = append(body.By, n.device(d.ID))
			}
		}
	}
	if body.ID == "" {
		s.message(w, v, http.StatusNotFound, "error.device")
		return
	}
	for _, older := range body.Device.Replaces {
		body.Replaces = append(body.Replaces, n.device(older))
	}
	if s.Clock != nil {
		readings, err := s.Clock(ctx, id)
		if err != nil {
			s.fail(w, v, err)
			return
		}
		t := times{v.Words, s.Zone, s.Now}
		for i := len(readings) - 1; i >= 0 && len(body.Clock) < 60; i-- {
			r := readings[i]
			body.Clock = append(body.Clock, clockRow{r.Received, t.device(r.Received.Add(r.Ahead).In(s.Zone)), r.Ahead})
		}
	}
	body.Revoke = s.Revoke != nil && v.Administers() && !body.Revoked
	body.Invite = s.Invite != nil && v.Administers()
	s.show(w, v, http.StatusOK, "device", body)
}
