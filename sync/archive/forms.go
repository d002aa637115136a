package archive

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"vereda/survey/record"
	"vereda/sync/batch"
)

// Publish stores a form version that this collector's own people made, so that it travels to the devices. Publishing the
// same bytes again does nothing; ErrVersionExists when the version is there with other bytes; an error of Options.Shape
// when the form cannot run.
func (a *Archive) Publish(ctx context.Context, f record.FormVersion) error {
	if f.V == 0 {
		f.V = 1
	}
	body, err := json.Marshal(f)
	if err != nil {
		return failed("publish", err)
	}
	r := reading{entry: record.Entry{Kind: record.KindForm, Body: body}, form: f}
	r.id = r.entry.ID()
	if a.options.Shape == nil {
		return fmt.Errorf("archive: publish: this archive reads no forms")
	}
	if r.shape, err = a.options.Shape(f); err != nil {
		return fmt.Errorf("archive: publish %s %s: %w", f.Form, f.Version, err)
	}
	return a.write(ctx, "publish", func(t *tx) error {
		if same, err := t.published(f); same || err != nil {
			return err
		}
		if err := a.publish(t, &r); err != nil {
			return err
		}
		return a.sealSome(t) // at once: batches that come may be compressed against its dictionary, and lie behind it on the shelf
	})
}

// published reports whether the version is there with this workbook and these files, under whatever file name.
func (t *tx) published(f record.FormVersion) (bool, error) {
	var body []byte
	err := t.one("SELECT e.body FROM forms f JOIN entries e ON e.seq = f.seq WHERE f.form = $1 AND f.version = $2", []any{f.Form, f.Version}, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	var there record.FormVersion
	if err == nil {
		err = json.Unmarshal(body, &there)
	}
	return err == nil && bytes.Equal(there.Source, f.Source) && slices.Equal(there.Files, f.Files), err
}

func (a *Archive) publish(t *tx, r *reading) error {
	in, err := a.own(t)
	if err != nil {
		return err
	}
	seq, err := in.insert(r, "")
	if err != nil {
		return err
	}
	if seq == 0 {
		return in.publishAgain(r)
	}
	reason, err := in.applyForm(seq, r)
	if reason != "" {
		return ErrVersionExists
	}
	if err == nil {
		err = in.referAll(seq, r)
	}
	if err != nil {
		return err
	}
	return in.finish()
}

// publishAgain meets an entry that is there: published, or set aside when it came.
func (in *intake) publishAgain(r *reading) error {
	var s stored
	err := in.one("SELECT "+storedColumns+" FROM aside a JOIN entries e ON e.seq = a.seq WHERE e.id = $1 AND e.kind = $2", []any{r.id[:], r.entry.Kind}, s.into()...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	case in.forms.known(r.form.Form, r.form.Version):
		return ErrVersionExists
	}
	s.read()
	if err := in.retryOne(&s); err != nil {
		return err
	}
	return in.finish()
}

// own returns the intake of an entry that this collector makes itself.
func (a *Archive) own(t *tx) (*intake, error) {
	forms, err := a.forms.current(t)
	if err != nil {
		return nil, err
	}
	return &intake{tx: t, forms: forms, how: arrival{via: "collector", received: a.options.Now()}, understand: a.understand, counts: map[count]int{}}, nil
}

// applyForm registers a version, makes room for its answers, and takes out of quarantine what waited for it.
func (in *intake) applyForm(seq int64, r *reading) (reason string, err error) {
	f := r.form
	if in.forms.known(f.Form, f.Version) {
		return ReasonOtherContent, nil // the same bytes would be known
	}
	dictionary := &batch.Dictionary{Bytes: []byte{}}
	if len(r.shape.Dictionary) > 0 {
		dictionary = batch.NewDictionary(r.shape.Dictionary)
	}
	_, err = in.exec("INSERT INTO forms (form, version, seq, title, dictionary_id, dictionary) VALUES ($1, $2, $3, $4, $5, $6)",
		f.Form, f.Version, seq, r.shape.Title, int64(dictionary.ID), dictionary.Bytes)
	if err != nil {
		return "", err
	}
	if err := in.extend(f.Form, r.shape); err != nil {
		return "", err
	}
	if _, err := in.exec("UPDATE generation SET n = n + 1"); err != nil {
		return "", err
	}
	if in.forms, err = loadForms(in.tx); err != nil {
		return "", err
	}
	return "", in.release(f.Form, f.Version)
}

// FormVersions lists the published versions with their Source, in the order in which they came.
func (a *Archive) FormVersions(ctx context.Context) (versions []record.FormVersion, err error) {
	err = a.read(ctx, "form versions", func(t *tx) error {
		return t.each("SELECT e.body FROM forms f JOIN entries e ON e.seq = f.seq ORDER BY f.seq", nil, func(scan func(...any) error) error {
			var body []byte
			var f record.FormVersion
			if err := scan(&body); err != nil {
				return err
			}
			if err := json.Unmarshal(body, &f); err != nil {
				return err
			}
			versions = append(versions, f)
			return nil
		})
	})
	return versions, err
}

// Title returns the title of a form's version that came last; "" when there is none.
func (a *Archive) Title(ctx context.Context, form string) (title string, err error) {
	err = a.read(ctx, "title", func(t *tx) error {
		err := t.one("SELECT title FROM forms WHERE form = $1 ORDER BY seq DESC LIMIT 1", []any{form}, &title)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return title, err
}

// Dictionary returns the dictionary with an ID, made from a published form; nil when there is none. Its bytes are shared.
func (a *Archive) Dictionary(id uint32) *batch.Dictionary {
	var found *batch.Dictionary
	err := a.read(context.Background(), "dictionary", func(t *tx) error {
		forms, err := a.forms.refresh(t)
		if err == nil {
			found = forms.dictionaries[id]
		}
		return err
	})
	if err != nil {
		return nil
	}
	return found
}

// formSet is what the archive knows of forms, as of one generation. It is not changed after it was loaded.
type formSet struct {
	generation   int64
	versions     map[[2]string]bool
	dictionaries map[uint32]*batch.Dictionary
	layouts      map[string]*layout // by form
}

func (s *formSet) known(form, version string) bool { return s.versions[[2]string{form, version}] }

// formCache keeps the formSet that was loaded last from committed data.
type formCache struct {
	mu  sync.Mutex
	set *formSet
}

// current returns the forms as the transaction sees them.
func (c *formCache) current(t *tx) (*formSet, error) {
	var generation int64
	if err := t.one("SELECT n FROM generation", nil, &generation); err != nil {
		return nil, err
	}
	c.mu.Lock()
	set := c.set
	c.mu.Unlock()
	if set != nil && set.generation == generation {
		return set, nil
	}
	return loadForms(t)
}

// refresh is current for a transaction that has changed nothing: what it sees is committed, and is kept.
func (c *formCache) refresh(t *tx) (*formSet, error) {
	set, err := c.current(t)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.set == nil || c.set.generation < set.generation {
		c.set = set
	}
	return set, nil
}

func loadForms(t *tx) (*formSet, error) {
	s := &formSet{versions: map[[2]string]bool{}, dictionaries: map[uint32]*batch.Dictionary{}}
	if err := t.one("SELECT n FROM generation", nil, &s.generation); err != nil {
		return nil, err
	}
	err := t.each("SELECT form, version, dictionary_id, dictionary FROM forms", nil, func(scan func(...any) error) error {
		var key [2]string
		d := &batch.Dictionary{}
		if err := scan(&key[0], &key[1], &d.ID, &d.Bytes); err != nil {
			return err
		}
		s.versions[key] = true
		if len(d.Bytes) > 0 {
			s.dictionaries[d.ID] = d
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.layouts, err = loadLayouts(t)
	return s, err
}
