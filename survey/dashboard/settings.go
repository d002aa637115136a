package dashboard

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
)

// settingsBody is what the project's tablets and collectors are told.
type settingsBody struct {
	Link     string // "": not said
	Links    []choice
	Keep     string
	Recovery string
	Said     map[string]fieldwork.Setting
	Change   bool
	Fault    string // key of what is wrong
}

// keepDefault is how many days tablets keep what the central collector has, where nothing is said.
const keepDefault = 30

func (s *server) settings(w http.ResponseWriter, v *visit) {
	if v.Request.URL.Query().Get("done") == "saved" {
		v.Notice = v.Words.Say("settings.saved")
	}
	body, err := s.readSettings(v)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	s.show(w, v, http.StatusOK, "settings", body)
}

func (s *server) readSettings(v *visit) (settingsBody, error) {
	body := settingsBody{Said: map[string]fieldwork.Setting{}, Change: s.Desk != nil && v.Administers(), Link: desk.Links[0], Keep: strconv.Itoa(keepDefault)}
	list, err := s.Data.Settings(v.Request.Context())
	for _, one := range list {
		body.Said[one.Name] = one
		var photos struct {
			Link string `json:"link"`
		}
		var text string
		switch one.Name {
		case desk.Photos:
			if json.Unmarshal(one.Value, &photos) == nil {
				body.Link = photos.Link
			}
		case desk.Keep:
			body.Keep = string(one.Value)
		case desk.Recovery:
			if json.Unmarshal(one.Value, &text) == nil {
				body.Recovery = text
			}
		}
	}
	for _, link := range desk.Links {
		body.Links = append(body.Links, choice{link, v.Words.Say("photos." + link), link == body.Link})
	}
	return body, err
}

// changeSettings says the settings that differ from what holds.
func (s *server) changeSettings(w http.ResponseWriter, v *visit) {
	r := v.Request
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	now, err := s.readSettings(v)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	recovery := strings.TrimSpace(r.PostFormValue("recovery"))
	days, keepErr := strconv.Atoi(strings.TrimSpace(r.PostFormValue("keep")))
	changes := map[string]any{}
	if link := r.PostFormValue("link"); link != now.Link || now.Said[desk.Photos].Disputed {
		changes[desk.Photos] = map[string]string{"link": link}
	}
	if keepErr != nil || strconv.Itoa(days) != now.Keep || now.Said[desk.Keep].Disputed {
		changes[desk.Keep] = days
		if keepErr != nil {
			changes[desk.Keep] = -1
		}
	}
	if recovery != "" && recovery != now.Recovery {
		changes[desk.Recovery] = recovery
	}
	for _, name := range []string{desk.Photos, desk.Keep, desk.Recovery} {
		value, changed := changes[name]
		if !changed {
			continue
		}
		b, err := json.Marshal(value)
		if err == nil {
			err = s.Desk.Set(r.Context(), v.User.Name, name, b)
		}
		var bad *desk.SettingError
		if errors.As(err, &bad) {
			now.Fault = "settings.bad." + name
			s.show(w, v, http.StatusUnprocessableEntity, "settings", now)
			return
		}
		if err != nil {
			s.fail(w, v, err)
			return
		}
		s.audit(v, "setting", name+" "+string(b))
	}
	http.Redirect(w, r, "/settings?done=saved", http.StatusSeeOther)
}
