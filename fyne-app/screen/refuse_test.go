package screen_test

import (
	"errors"
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vereda/fyne-app/catalogue"
	"vereda/fyne-app/look"
	"vereda/fyne-app/look/looktest"
	"vereda/fyne-app/screen"
	"vereda/survey/store"
	"vereda/survey/words"
)

// A store that cannot be opened is explained in the person's language alone, on a card as high as its sentence.
func TestWhyTheAppCannotStart(t *testing.T) {
	test.NewTempApp(t)
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range words.Languages {
		say := c.In(language)
		for key, err := range map[string]error{
			"error.locked":        fmt.Errorf("open: %w", store.ErrLocked),
			"error.store.full":    fmt.Errorf("open: %w", store.ErrFull),
			"error.store.newer":   &store.VersionError{Format: "9"},
			"error.store.damaged": &store.DamageError{Where: "open", Cause: errors.New("invalid database")},
			"error.store":         errors.New("permission denied"),
		} {
			w := test.NewTempWindow(t, nil)
			w.Resize(fyne.NewSize(571, 914))
			screen.Refuse(w, say, err)
			if !looktest.Says(w, say.Say(key)) {
				t.Errorf("%s: %v is not explained by %s", language, err, key)
			}
			if known := key != "error.store"; known == looktest.Says(w, err.Error()) {
				t.Errorf("%s: %s: the system's words are shown: %t", language, key, !known)
			}
			looktest.Each(w.Content(), func(o look.Object) bool {
				if card, ok := o.(*look.Tile); ok && card.Size().Height > 200 {
					t.Errorf("%s: %s: the card is %.0f high", language, key, card.Size().Height)
				}
				return true
			})
		}
	}
}
