package dashboard

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/skip2/go-qrcode"

	"vereda/survey/words"
)

// inviteBody is the page that invites devices.
type inviteBody struct {
	Roles   []choice
	Devices []choice // that the invited one may replace
	Fault   string   // key of what is wrong
	Done    *Invited
	Until   time.Time
	Uses    int
	For     string // what the device is called that is replaced
	Role    string
	QR      *picture
}

// picture is a QR code as squares: a path of an SVG.
type picture struct {
	Size int
	Path string
}

// The most that one invitation is good for.
const (
	mostDevices = 10_000
	mostDays    = 365
)

func (s *server) invitePage(w http.ResponseWriter, v *visit) {
	body, err := s.inviteForm(v, v.Request.URL.Query().Get("for"))
	if err != nil {
		s.fail(w, v, err)
		return
	}
	s.show(w, v, http.StatusOK, "invite", body)
}

func (s *server) inviteForm(v *visit, replaced string) (inviteBody, error) {
	var body inviteBody
	for _, role := range []string{"enumerator", "coordinator", "collector"} {
		body.Roles = append(body.Roles, choice{role, v.Words.Say("device.role." + role), false})
	}
	n, err := s.names(v.Request.Context(), v.Words)
	for _, d := range n.devices {
		if d.Role != "collector" {
			body.Devices = append(body.Devices, choice{d.ID, n.device(d.ID), d.ID == replaced})
		}
	}
	return body, err
}

func (s *server) invite(w http.ResponseWriter, v *visit) {
	r := v.Request
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	i := Invitation{Role: r.PostFormValue("role"), Devices: atoi(r.PostFormValue("devices")), Days: atoi(r.PostFormValue("days")), For: r.PostFormValue("for")}
	body, err := s.inviteForm(v, i.For)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	if i.For != "" {
		i.Role, i.Devices = "enumerator", 1
	}
	known := false
	for _, role := range body.Roles {
		known = known || role.Value == i.Role
	}
	if !known || i.Devices < 1 || i.Devices > mostDevices || i.Days < 1 || i.Days > mostDays {
		body.Fault = "invite.numbers"
		s.show(w, v, http.StatusUnprocessableEntity, "invite", body)
		return
	}
	done, err := s.Invite(r.Context(), i)
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal) && v.Words.Has("invite."+refusal.Code):
		body.Fault = "invite." + refusal.Code
		s.show(w, v, http.StatusConflict, "invite", body)
		return
	case absent(err):
		s.message(w, v, http.StatusNotFound, "error.device")
		return
	case err != nil:
		s.fail(w, v, err)
		return
	}
	s.audit(v, "invite", strings.TrimSpace(fmt.Sprintf("%s %d %d %s", i.Role, i.Devices, i.Days, i.For)))
	body.Done, body.Uses, body.Until, body.Role = &done, i.Devices, s.Now().AddDate(0, 0, i.Days), i.Role
	for _, d := range body.Devices {
		if d.Chosen {
			body.For = d.Name
		}
	}
	if body.QR, err = qr(done.Link); err != nil {
		s.fail(w, v, err)
		return
	}
	s.show(w, v, http.StatusOK, "invite", body)
}

// qr draws a text as a QR code; each dark run of a line is a rectangle.
func qr(text string) (*picture, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, err
	}
	rows := code.Bitmap()
	var path strings.Builder
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			start := x
			for x < len(row) && row[x] {
				x++
			}
			if x > start {
				fmt.Fprintf(&path, "M%d %dh%dv1H%dz", start, y, x-start, start)
			}
		}
	}
	return &picture{len(rows), path.String()}, nil
}

// inviteFile gives an invitation as a file for the tablet: a text whose one line that begins with vereda:// is the link. It says what to do in all languages, for who
// gets it may speak another one than who gives it.
func (s *server) inviteFile(w http.ResponseWriter, v *visit) {
	v.Request.Body = http.MaxBytesReader(w, v.Request.Body, maxForm)
	link := strings.TrimSpace(v.Request.PostFormValue("link"))
	if !strings.HasPrefix(link, "vereda://join") || strings.ContainsAny(link, " \r\n\t") {
		s.message(w, v, http.StatusBadRequest, "error.form")
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="vereda-invitation.txt"`)
	fmt.Fprint(w, link, "\n\n")
	for _, language := range words.Languages {
		fmt.Fprintln(w, s.words.In(language).Say("invite.fileHelp"))
	}
}
