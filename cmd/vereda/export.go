package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"vereda/survey/desk"
	"vereda/survey/export"
	"vereda/survey/form"
)

// exportCommand is `vereda export`.
type exportCommand struct {
	Form     string `placeholder:"ID" help:"The form; may be left out when there is one only."`
	Format   string `required:"" enum:"csv,xlsx,geojson" help:"csv (a file beside it for each repeat), xlsx (a sheet for each), geojson."`
	Out      string `required:"" placeholder:"PATH" help:"The file to write; - is standard output (csv: the main table only)."`
	Data     string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
	Labels   string `placeholder:"LANG" help:"Labels of choices in this language instead of their names, e.g. es."`
	Split    bool   `help:"A column of 1 and 0 for each choice of a select multiple."`
	Drafts   bool   `help:"Interviews, too, that nobody has finished yet."`
	Personal bool   `default:"true" negatable:"" help:"With --no-personal, leave out what the form marks as personal."`
	BOM      bool   `help:"CSV: begin with a byte order mark, for old spreadsheets."`
	All      bool   `help:"Interviews, too, that were decided to be duplicates of others, marked in a column DUPLICATE_OF."`
	Media    string `placeholder:"DIR" help:"Write photos and other attachments of these interviews into a folder, too, under the names that stand in the tables."`
	Paradata bool   `help:"Also how the interviews were held, from their audit logs: PATH-paradata.csv and PATH-paradata-questions.csv."`
	Guard    bool   `help:"CSV: an apostrophe before text that a spreadsheet would run as a formula."`
}

func (c *exportCommand) Run(w *world) error {
	if i, err := os.Stat(c.Out); err == nil && i.IsDir() {
		return usage{fmt.Errorf("%s is a folder: name the file to write in it", c.Out)}
	}
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	forms, err := col.versions(w, c.Form)
	if err != nil {
		return err
	}
	e, err := export.New(export.Options{
		Forms: forms, Language: c.Labels, Split: c.Split, Drafts: c.Drafts, WithoutPersonal: !c.Personal, BOM: c.BOM, Guard: c.Guard, Duplicates: c.All,
	})
	if err != nil {
		return err
	}
	if err := c.writeFiles(w, col, e); err != nil {
		return err
	}
	if c.Out == "-" {
		if c.Paradata {
			return usage{errors.New("--paradata writes files beside that of --out: name one")}
		}
		return c.print(w, e, col)
	}
	files, err := e.WriteFiles(w, c.Out, export.Format(c.Format), c.rows(col))
	if err != nil {
		return err
	}
	l := &logs{archive: col.archive}
	if c.Paradata {
		more, err := e.WriteParadata(w, c.Out, c.rows(col), l)
		if err != nil {
			return err
		}
		files = append(files, more...)
	}
	if _, err = fmt.Fprintln(w.err, "wrote "+strings.Join(files, ", ")); err != nil || l.findings() == "" {
		return err
	}
	_, err = fmt.Fprintln(w.err, l.findings())
	return err
}

// rows are the interviews that count, or all.
func (c *exportCommand) rows(col *collector) export.Source {
	if c.All {
		return desk.Marked{Tables: col.archive}
	}
	return desk.Kept{Tables: col.archive}
}

// print writes to standard output.
func (c *exportCommand) print(w *world, e *export.Exporter, col *collector) error {
	switch export.Format(c.Format) {
	case export.XLSX:
		return e.WriteXLSX(w, w.out, c.rows(col))
	case export.GeoJSON:
		return e.WriteGeoJSON(w, w.out, c.rows(col))
	}
	return e.WriteCSV(w, w.out, c.rows(col), "")
}

// versions returns the versions of a form, the newest first; of the only form for "".
func (c *collector) versions(ctx context.Context, id string) ([]*form.Form, error) {
	all, err := c.forms.all(ctx, c.archive)
	if err != nil {
		return nil, err
	}
	var names []string
	var found []*form.Form
	for _, f := range all {
		if len(names) == 0 || names[len(names)-1] != f.ID {
			names = append(names, f.ID)
		}
		if f.ID == id {
			found = append(found, f)
		}
	}
	switch {
	case len(all) == 0:
		return nil, errors.New("this collector has no form yet; `vereda form publish` gives it one")
	case len(found) > 0:
		return found, nil
	case id == "" && len(names) == 1:
		return all, nil
	case id == "":
		return nil, usage{fmt.Errorf("name a form with --form: %s", strings.Join(names, ", "))}
	}
	return nil, usage{fmt.Errorf("there is no form %q; there is %s", id, strings.Join(names, ", "))}
}
