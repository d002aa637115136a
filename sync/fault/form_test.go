package fault

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"vereda/survey/export"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/sync/archive"
)

// The form that is answered: two texts, a number, a photo, and a roster of names with another file each.
const formID = "household"

var published = record.FormVersion{V: 1, Form: formID, Version: "1", Name: "household.xlsx", Source: []byte("workbook")}

func dictionary() []byte {
	return []byte(`{"v":1,"interview":"0193a5b2-7d1c-7000-8000-","form":"household","version":"1","set":{"head":"note","members":"roster/name`)
}

// shape is what an archive needs to know of the form.
func shape(f record.FormVersion) (archive.Shape, error) {
	return archive.Shape{Form: f.Form, Version: f.Version, Title: "Hogares", Dictionary: dictionary(),
		Columns: []archive.Column{{Path: "head", Kind: record.Text}, {Path: "members", Kind: record.Integer}, {Path: "note", Kind: record.Text}, {Path: "photo", Kind: record.File}},
		Repeats: []archive.Repeat{{Path: "roster", Columns: []archive.Column{{Path: "roster/name", Kind: record.Text}, {Path: "roster/paper", Kind: record.File}}}}}, nil
}

// exporter writes the form's tables.
var exporter = func() *export.Exporter {
	f := &form.Form{ID: formID, Version: "1", Title: "Hogares", Languages: []form.Language{{Name: "Español (es)", Code: "es"}},
		DefaultLanguage: "Español (es)", Root: &form.Item{Kind: form.Group, Name: "data"}}
	roster := &form.Item{Kind: form.Repeat, Name: "roster"}
	for _, i := range []*form.Item{
		{Kind: form.Question, Type: form.TypeText, Name: "head"},
		{Kind: form.Question, Type: form.TypeInteger, Name: "members"},
		{Kind: form.Question, Type: form.TypeText, Name: "note"},
		{Kind: form.Question, Type: form.TypeImage, Name: "photo"},
		roster,
	} {
		f.Root.Add(i)
	}
	roster.Add(&form.Item{Kind: form.Question, Type: form.TypeText, Name: "name"})
	roster.Add(&form.Item{Kind: form.Question, Type: form.TypeFile, Name: "paper"})
	e, err := export.New(export.Options{Forms: []*form.Form{f}})
	if err != nil {
		panic(err)
	}
	return e
}()

// everything writes down all that must be equal on all collectors: the tables as bytes, and what pages show beside them.
func everything(a *archive.Archive) (string, error) {
	var b bytes.Buffer
	for _, repeat := range []record.Path{"", "roster"} {
		if err := exporter.WriteCSV(context.Background(), &b, a, repeat); err != nil {
			return "", err
		}
	}
	for row, err := range a.Rows(context.Background(), formID, "") {
		if err != nil {
			return "", err
		}
		story, err := a.Story(context.Background(), row.Interview)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(&b, row.Interview, story.State, story.Verdict, story.Assignment, story.Incomplete)
		for _, step := range story.Steps {
			fmt.Fprintln(&b, " ", step.Revision.ID, step.Revision.By)
		}
	}
	return b.String(), said(&b, a)
}

// said adds conflicts, assignments, settings and decisions.
func said(b *bytes.Buffer, a *archive.Archive) error {
	conflicts, err := a.Conflicts(context.Background(), "")
	if err != nil {
		return err
	}
	fmt.Fprintln(b, conflicts)
	settings, err := a.Settings(context.Background())
	if err != nil {
		return err
	}
	for _, s := range settings {
		fmt.Fprintln(b, s.Name, string(s.Value), sorted(s.Stands), s.Disputed)
	}
	decisions, err := a.Decisions(context.Background())
	if err != nil {
		return err
	}
	for _, d := range decisions {
		fmt.Fprintln(b, d.A, d.B, d.Decision, sorted(d.Stands), d.Disputed)
	}
	return nil
}

func sorted(ids []record.ID) []record.ID {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b record.ID) int { return strings.Compare(a.String(), b.String()) })
	return ids
}
