package tablet

import "encoding/json"

// Attachments go over any link unless the person or, where the person said nothing, the project holds them back. The platform does not
// tell one kind of link from another, so it is the person who knows that this one is dear.
const (
	settingPhotos = "photos" // of the tablet: "send" or "hold"; and of the project: {"link": "any", "wifi" or "never"}
	photosSend    = "send"
	photosHold    = "hold"
	photosAnyLink = "any"
)

// saver lets attachments go or wait. It is screen.Saver.
type saver struct{ *Tablet }

// Photos reports whether attachments go over the link that there is.
func (s saver) Photos() bool {
	if chosen, err := s.store.Setting(settingPhotos); err == nil {
		return string(chosen) != photosHold
	}
	value, err := s.store.ProjectSetting(settingPhotos)
	if err != nil {
		return true
	}
	var project struct {
		Link string `json:"link"`
	}
	return json.Unmarshal(value, &project) != nil || project.Link == "" || project.Link == photosAnyLink
}

// AllowPhotos remembers what the person chose.
func (s saver) AllowPhotos(send bool) error {
	value := photosHold
	if send {
		value = photosSend
	}
	return s.store.SetSetting(settingPhotos, []byte(value))
}
