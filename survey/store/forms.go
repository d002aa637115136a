package store

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"vereda/survey/record"
)

// ErrFormDiffers says that the store has another workbook under this form and version. A published version never changes.
var ErrFormDiffers = errors.New("store: the form version is there with another workbook")

// formHeader is what is kept of a form version beside its source.
type formHeader struct {
	Form, Version, Name string
	Arrived             uint64
	Files               []record.FormFile `json:",omitempty"`
}

func formKey(form, version string) []byte { return []byte(form + "\x00" + version) }

// PutForm keeps a form version; the same again changes nothing. ErrFormDiffers when the version is there with other bytes.
func (s *Store) PutForm(f record.FormVersion) error {
	return s.update(func(tx *transaction) error { return putForm(tx, f) })
}

func putForm(tx *transaction, f record.FormVersion) error {
	forms, sources, key := tx.Bucket(bucketForms), tx.Bucket(bucketSources), formKey(f.Form, f.Version)
	source, err := get(sources, key)
	if err == nil {
		var before formHeader
		if err := getJSON(forms, key, &before); err != nil {
			return err
		}
		if !bytes.Equal(source, f.Source) || !slices.Equal(before.Files, f.Files) {
			return ErrFormDiffers
		}
		return nil
	}
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	arrived, err := forms.NextSequence()
	if err != nil {
		return err
	}
	if err := putJSON(forms, key, formHeader{f.Form, f.Version, f.Name, arrived, f.Files}); err != nil {
		return err
	}
	return put(sources, key, f.Source)
}

// Form returns a form version with its source.
func (s *Store) Form(form, version string) (f record.FormVersion, err error) {
	err = s.view(func(tx *transaction) error {
		var h formHeader
		if err := getJSON(tx.Bucket(bucketForms), formKey(form, version), &h); err != nil {
			return err
		}
		source, err := get(tx.Bucket(bucketSources), formKey(form, version))
		f = record.FormVersion{V: 1, Form: h.Form, Version: h.Version, Name: h.Name, Source: bytes.Clone(source), Files: h.Files}
		return err
	})
	return f, err
}

// Forms lists form versions without Source, sorted by form, and the versions of a form in the order they arrived.
func (s *Store) Forms() (forms []record.FormVersion, err error) {
	var headers []formHeader
	err = s.view(func(tx *transaction) error {
		return each(tx.Bucket(bucketForms), nil, func(key, value []byte) error {
			var h formHeader
			err := decodeJSON(key, value, &h)
			headers = append(headers, h)
			return err
		})
	})
	slices.SortFunc(headers, func(a, b formHeader) int {
		return cmp.Or(cmp.Compare(a.Form, b.Form), cmp.Compare(a.Arrived, b.Arrived))
	})
	for _, h := range headers {
		forms = append(forms, record.FormVersion{V: 1, Form: h.Form, Version: h.Version, Name: h.Name, Files: h.Files})
	}
	return forms, err
}
