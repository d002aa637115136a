package tablet

import (
	"errors"
	"fmt"
	"sync"

	"vereda/fyne-app/screen"
	"vereda/survey/form"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/survey/xlsform"
)

// forms are the forms of the store, read once each, and the built-in questionnaire. Safe for concurrent use.
type forms struct {
	store *store.Store
	mu    sync.Mutex
	read  map[[2]string]*form.Form // by ID and version
}

func newForms(s *store.Store) *forms {
	return &forms{store: s, read: map[[2]string]*form.Form{}}
}

// Offered returns the newest version of each form that the project has published; the built-in questionnaire while it has published none.
func (f *forms) Offered() ([]screen.Offer, error) {
	all, err := f.store.Forms()
	if err != nil {
		return nil, err
	}
	builtin := questionnaire.Form()
	newest := map[string]string{}
	var order []string
	for _, v := range all {
		if _, known := newest[v.Form]; !known {
			order = append(order, v.Form)
		}
		newest[v.Form] = v.Version
	}
	if len(order) == 0 {
		return []screen.Offer{{Form: builtin.ID, Version: builtin.Version, Title: builtin.Title}}, nil
	}
	var offers []screen.Offer
	for _, id := range order {
		read, err := f.Form(id, newest[id])
		if err != nil {
			return nil, err
		}
		offers = append(offers, screen.Offer{Form: id, Version: read.Version, Title: read.Title})
	}
	return offers, nil
}

// Form returns a form, compiled. It is shared and only read.
func (f *forms) Form(id, version string) (*form.Form, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := [2]string{id, version}
	if read := f.read[key]; read != nil {
		return read, nil
	}
	kept, err := f.store.Form(id, version)
	if errors.Is(err, store.ErrNotFound) && isBuiltin(id, version) {
		return questionnaire.Form(), nil
	}
	if err != nil {
		return nil, err
	}
	read, problems := xlsform.Read(kept.Name, kept.Source)
	if read == nil {
		return nil, fmt.Errorf("the form %s %s cannot be read: %s", id, version, firstError(problems))
	}
	f.read[key] = read
	return read, nil
}

// forget drops the forms that were read.
func (f *forms) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.read)
}

// settle puts the built-in questionnaire into the store, so that an interview begun with it can be opened after the app was updated.
func (f *forms) settle(id, version string) error {
	if !isBuiltin(id, version) {
		return nil
	}
	_, err := f.store.Form(id, version)
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return f.store.PutForm(record.FormVersion{V: 1, Form: id, Version: version, Name: questionnaire.Name, Source: questionnaire.Workbook()})
}

func isBuiltin(id, version string) bool {
	builtin := questionnaire.Form()
	return builtin.ID == id && builtin.Version == version
}

func firstError(problems []form.Problem) string {
	for _, p := range problems {
		if p.Severity == form.Error {
			return p.Message
		}
	}
	return ""
}
