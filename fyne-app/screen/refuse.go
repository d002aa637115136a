package screen

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/store"
	"vereda/survey/words"
)

// Refuse fills a window with the reason why the app cannot start: its store could not be opened.
func Refuse(w fyne.Window, say words.Words, err error) {
	fyne.CurrentApp().Settings().SetTheme(look.NewTheme(1))
	w.SetPadded(false)
	key := refusal(err)
	content := look.NewColumn(14, notice(look.Alarm, theme.ErrorIcon(), say.Say(key)))
	if key == "error.store" { // no words for it: what the system says helps who is asked
		content.Add(look.NewText(say.Say("error.detail", err.Error()), look.SizeSmall, look.Muted))
	}
	w.SetContent(container.NewBorder(bar("Vereda", nil), nil, nil, nil, look.NewBody(look.NewPage(margin, 24, content))))
}

// refusal is the key of the sentence for a store that could not be opened.
func refusal(err error) string {
	var damage *store.DamageError
	var version *store.VersionError
	switch {
	case errors.Is(err, store.ErrLocked):
		return "error.locked"
	case errors.Is(err, store.ErrFull):
		return "error.store.full"
	case errors.As(err, &version):
		return "error.store.newer"
	case errors.As(err, &damage):
		return "error.store.damaged"
	}
	return "error.store"
}
