package tablet

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"vereda/fyne-app/screen"
	"vereda/survey/form"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/survey/xform"
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

// Offered returns the newest version of each form that the project has published and whose files are here; the built-in questionnaire while it has published none.
func (f *forms) Offered() ([]screen.Offer, error) {
	all, err := f.store.Forms()
	if err != nil {
		return nil, err
	}
	builtin := questionnaire.Form()
	var order []string
	for _, v := range all {
		if !slices.Contains(order, v.Form) {
			order = append(order, v.Form)
		}
	}
	if len(order) == 0 {
		return []screen.Offer{{Form: builtin.ID, Version: builtin.Version, Title: builtin.Title}}, nil
	}
	var offers []screen.Offer
	for _, id := range order {
		offer, err := f.offer(all, id)
		if err != nil {
			return nil, err
		}
		offers = append(offers, offer)
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
	read, problems := readForm(kept)
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

// readForm reads the source of a form version: a workbook, or an XForm.
func readForm(v record.FormVersion) (*form.Form, []form.Problem) {
	if xform.Looks(v.Source) {
		return xform.Read(v.Name, v.Source)
	}
	return xlsform.Read(v.Name, v.Source)
}

// offer returns the newest version of a form whose data is here; when there is none the newest, with what it lacks.
func (f *forms) offer(all []record.FormVersion, id string) (offer screen.Offer, err error) {
	for _, v := range slices.Backward(all) {
		if v.Form != id {
			continue
		}
		read, err := f.Form(id, v.Version)
		if err != nil {
			return offer, err
		}
		missing, err := f.lacks(v, read)
		if err != nil {
			return offer, err
		}
		if offer.Form == "" || missing == "" {
			offer = screen.Offer{Form: id, Version: read.Version, Title: read.Title, Missing: missing}
		}
		if missing == "" {
			break
		}
	}
	return offer, nil
}

// lacks names the files that a form's answers depend on and that have not come. A picture that has not come is only not shown.
func (f *forms) lacks(v record.FormVersion, read *form.Form) (names string, err error) {
	if len(v.Files) == 0 {
		return "", nil
	}
	missing, err := f.store.MissingFiles(v)
	required := read.Files()
	missing = slices.DeleteFunc(missing, func(name string) bool {
		return !slices.ContainsFunc(required, func(file form.File) bool { return file.Required && file.Name == name })
	})
	return strings.Join(missing, ", "), err
}

// Files returns the files that came with a form version, by name.
func (f *forms) Files(id, version string) (map[string][]byte, error) {
	v, err := f.store.Form(id, version)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil // the built-in questionnaire has none
	}
	if err != nil {
		return nil, err
	}
	files, _, err := f.store.FormFiles(v)
	return files, err
}
