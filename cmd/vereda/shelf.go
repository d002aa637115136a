package main

import (
	"context"
	"fmt"
	"math/rand"
	rand2 "math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/sync/archive"
)

// shelf keeps the forms of a project, read once each. Safe for concurrent use.
type shelf struct {
	mu    sync.Mutex
	forms map[[2]string]*form.Form
	files formFiles
}

func newShelf() *shelf { return &shelf{forms: map[[2]string]*form.Form{}} }

// read returns the form of a published version.
func (s *shelf) read(v record.FormVersion) (*form.Form, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := [2]string{v.Form, v.Version}
	if f := s.forms[key]; f != nil {
		return f, nil
	}
	f, problems := readSource(v.Name, v.Source)
	if f == nil {
		return nil, fmt.Errorf("form %s version %s cannot be read: %s", v.Form, v.Version, firstError(problems))
	}
	s.forms[key] = f
	s.files.name(v)
	return f, nil
}

// form returns a version that was read before, or nil.
func (s *shelf) form(id, version string) *form.Form {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.forms[[2]string{id, version}]
}

func firstError(problems []form.Problem) string {
	for _, p := range problems {
		if p.Severity == form.Error {
			return place(p) + p.Message
		}
	}
	return "no reason given"
}

// all returns the published versions of an archive: those of one form together, the newest first.
func (s *shelf) all(ctx context.Context, a *archive.Archive) ([]*form.Form, error) {
	versions, err := a.FormVersions(ctx)
	if err != nil {
		return nil, err
	}
	slices.Reverse(versions)
	slices.SortStableFunc(versions, func(a, b record.FormVersion) int { return strings.Compare(a.Form, b.Form) })
	forms := make([]*form.Form, 0, len(versions))
	for _, v := range versions {
		f, err := s.read(v)
		if err != nil {
			return nil, err
		}
		forms = append(forms, f)
	}
	return forms, nil
}

// shape tells the archive which columns a form version needs.
func (s *shelf) shape(v record.FormVersion) (archive.Shape, error) {
	f, err := s.read(v)
	if err != nil {
		return archive.Shape{}, err
	}
	shape := archive.Shape{Form: f.ID, Version: f.Version, Title: f.Title, Dictionary: f.Dictionary()}
	at := map[record.Path]int{}
	for _, i := range f.Items() {
		switch {
		case i.Kind == form.Repeat:
			at[i.Path] = len(shape.Repeats)
			shape.Repeats = append(shape.Repeats, archive.Repeat{Path: i.Path})
		case i.Kind == form.Question && i.KindOf() != 0:
			column := archive.Column{Path: i.Path, Kind: i.KindOf()}
			if r := repeatOf(i); r != nil {
				shape.Repeats[at[r.Path]].Columns = append(shape.Repeats[at[r.Path]].Columns, column)
			} else {
				shape.Columns = append(shape.Columns, column)
			}
		}
	}
	return shape, nil
}

// repeatOf returns the innermost repeat an item lies in, or nil.
func repeatOf(i *form.Item) *form.Item {
	for p := i.Parent; p != nil; p = p.Parent {
		if p.Kind == form.Repeat {
			return p
		}
	}
	return nil
}

// Review runs the form's rules over a merged interview. It is archive.Rules. It runs in the background, where a panic over answers that no
// session would give ended the collector, at each start anew: it becomes a flag on that interview.
func (s *shelf) Review(m record.Merged) (name string, flags []fieldwork.Flag) {
	defer func() {
		if r := recover(); r != nil {
			name, flags = "", []fieldwork.Flag{{Kind: "rules", Message: fmt.Sprint("the rules cannot be run over these answers: ", r)}}
		}
	}()
	f := s.form(m.Form, m.Version)
	if f == nil {
		return "", nil
	}
	still := func() time.Time { return time.Time{} }
	session, err := interview.Reopen(f, interview.Env{Now: still, Random: rand.New(&pcg{}), Files: s.files.of(m.Form, m.Version)}, m.Answers, m.Derived)
	if err != nil {
		return "", []fieldwork.Flag{{Kind: "rules", Message: err.Error()}}
	}
	for _, p := range session.Problems(f.DefaultLanguage) {
		flags = append(flags, fieldwork.Flag{Path: p.Path, Kind: p.Kind, Message: p.Message})
	}
	return session.Name(), flags
}

// pcg is a source of chance that costs nothing to begin: that of math/rand takes a tenth of the time of a review.
type pcg struct{ rand2.PCG }

func (p *pcg) Int63() int64    { return int64(p.Uint64() >> 1) }
func (p *pcg) Seed(seed int64) { p.PCG.Seed(uint64(seed), 0) }

// languageOf finds a form's language by code or name; "" is the default language.
func languageOf(f *form.Form, wanted string) (string, error) {
	if wanted == "" {
		return f.DefaultLanguage, nil
	}
	var names []string
	for _, l := range f.Languages {
		if strings.EqualFold(l.Code, wanted) || strings.EqualFold(l.Name, wanted) {
			return l.Name, nil
		}
		names = append(names, l.Name)
	}
	return "", fmt.Errorf("the form has no language %q; it has %s", wanted, strings.Join(names, ", "))
}
