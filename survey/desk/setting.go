package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// The settings that tablets and collectors know.
const (
	Photos   = "photos"   // {"link": "any"}: over which links tablets send photos: "any", "wifi", "never"
	Keep     = "keep"     // days that a tablet keeps what the central collector has, a whole number from 0
	Recovery = "recovery" // the key, an age recipient, with which tablets are opened whose PIN is forgotten
)

// Links are the values of Photos.
var Links = []string{"any", "wifi", "never"}

// MostKept is how many days Keep may say.
const MostKept = 3650

// SettingError says why a setting cannot have a value.
type SettingError struct{ Name, Reason string }

func (e *SettingError) Error() string {
	return fmt.Sprintf("desk: the setting %s: %s", e.Name, e.Reason)
}

// Set says what a setting of the project is from now on. Saying what holds already does nothing. It fails with a *SettingError.
func (d *Desk) Set(ctx context.Context, by, name string, value json.RawMessage) error {
	var compact bytes.Buffer
	if err := json.Compact(&compact, value); err != nil {
		return &SettingError{name, "the value is no JSON"}
	}
	if err := checkSetting(name, compact.Bytes()); err != nil {
		return err
	}
	all, err := d.Archive.Settings(ctx)
	if err != nil {
		return err
	}
	var now fieldwork.Setting
	if i := slices.IndexFunc(all, func(s fieldwork.Setting) bool { return s.Name == name }); i >= 0 {
		now = all[i]
	}
	if !now.Disputed && bytes.Equal(now.Value, compact.Bytes()) {
		return nil
	}
	e, err := record.Setting{Name: name, Value: compact.Bytes(), Said: d.said(by, now.Stands)}.Entry()
	if err != nil {
		return &SettingError{name, err.Error()}
	}
	return d.Archive.Put(ctx, e)
}

// checkSetting refuses what those that the settings are for would not understand. Settings of other names are anybody's.
func checkSetting(name string, value []byte) error {
	switch name {
	case Photos:
		var v struct {
			Link string `json:"link"`
		}
		if json.Unmarshal(value, &v) != nil || !slices.Contains(Links, v.Link) {
			return &SettingError{name, `{"link": "any"}, "wifi" or "never"`}
		}
	case Keep:
		var days int
		if json.Unmarshal(value, &days) != nil || days < 0 || days > MostKept {
			return &SettingError{name, fmt.Sprintf("a number of days from 0 to %d", MostKept)}
		}
	case Recovery:
		var recipient string
		if json.Unmarshal(value, &recipient) != nil || !strings.HasPrefix(recipient, "age1") {
			return &SettingError{name, `an age recipient, which begins with "age1"`}
		}
	}
	return nil
}
