package screen

import (
	"errors"
	"maps"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/store"
)

// remembering adds to the world of a session the files that came with its form, and the answers of the interview that was finished last on this tablet, for a form whose rules
// read them (${last-saved#question}). Before the first they are empty.
func (a *App) remembering(f *form.Form, env interview.Env) (interview.Env, error) {
	env, err := a.attached(f, env)
	if err != nil {
		return env, err
	}
	if f.External[form.LastSavedID] == "" {
		return env, nil
	}
	answers, err := a.tablet.Shelf.LastSaved(f.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return env, err
	}
	files := maps.Clone(env.Files)
	if files == nil {
		files = map[string][]byte{}
	}
	files[form.LastSaved] = f.Saved(answers)
	env.Files = files
	return env, nil
}
