package tablet

import (
	"github.com/google/uuid"

	"vereda/survey/store"
)

// Move keeps the built-in questionnaire before a draft goes on with it, as Begin does.
func (k keeper) Move(id uuid.UUID, m store.Move) error {
	i, err := k.Interview(id)
	if err == nil {
		err = k.forms.settle(i.Form, m.Version)
	}
	if err != nil {
		return err
	}
	return k.Store.Move(id, m)
}
