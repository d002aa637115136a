package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xform"
	"vereda/survey/xlsform"
)

// formCheck is `vereda form check`.
type formCheck struct {
	File   string `arg:"" help:"The workbook (.xlsx)."`
	Strict bool   `help:"Give the reference converter's verdict on a workbook instead: refuse what it refuses."`
	JSON   bool   `help:"Print JSON."`
}

// checkReport is the JSON of `form check --json`.
type checkReport struct {
	Runs      bool           `json:"runs"`
	Accepted  *bool          `json:"accepted,omitempty"` // by the reference converter, with --strict
	Form      string         `json:"form,omitempty"`
	Version   string         `json:"version,omitempty"`
	Title     string         `json:"title,omitempty"`
	Languages []string       `json:"languages,omitempty"`
	Questions int            `json:"questions"`
	Groups    int            `json:"groups"`
	Repeats   int            `json:"repeats"`
	Problems  []form.Problem `json:"problems"`
}

func (c *formCheck) Run(w *world) error {
	source, err := readFile(w, c.File)
	if err != nil {
		return err
	}
	r := c.verdict(source)
	if c.JSON {
		err = printJSON(w.out, r)
	} else {
		printSummary(w.out, r)
		printProblems(w.out, r.Problems)
	}
	switch {
	case err != nil || r.Runs:
		return err
	case r.Accepted != nil && *r.Accepted:
		fmt.Fprintf(w.err, "The reference converter accepts %s; to run it here, mend the errors above.\n", c.File)
		return nil
	}
	return findings("%s cannot run as it is: %s to mend", c.File, count(errorsIn(r.Problems), "problem"))
}

// verdict reads the file; with --strict the reference converter is asked too, and where it refuses the workbook, its problems are told.
func (c *formCheck) verdict(source []byte) checkReport {
	name := filepath.Base(c.File)
	f, problems := readSource(name, source)
	if !c.Strict || xform.Looks(source) {
		return summarize(f, problems)
	}
	strict := xlsform.ReadStrict(name, source)
	accepted := !form.HasErrors(strict)
	if !accepted {
		f, problems = nil, strict
	}
	r := summarize(f, problems)
	r.Accepted = &accepted
	return r
}

func errorsIn(problems []form.Problem) int {
	n := 0
	for _, p := range problems {
		if p.Severity == form.Error {
			n++
		}
	}
	return n
}

func summarize(f *form.Form, problems []form.Problem) checkReport {
	r := checkReport{Problems: problems}
	if problems == nil {
		r.Problems = []form.Problem{}
	}
	if f == nil {
		return r
	}
	r.Runs, r.Form, r.Version, r.Title = true, f.ID, f.Version, f.Title
	for _, l := range f.Languages {
		if l.Name != "" {
			r.Languages = append(r.Languages, l.Name)
		}
	}
	for _, i := range f.Items()[1:] {
		switch i.Kind {
		case form.Question:
			r.Questions++
		case form.Group:
			r.Groups++
		case form.Repeat:
			r.Repeats++
		}
	}
	return r
}

func printSummary(out io.Writer, r checkReport) {
	if !r.Runs {
		return
	}
	version := "version " + r.Version
	if r.Version == "" {
		version = "no version"
	}
	fmt.Fprintf(out, "%s\nform %s, %s\n%s, %s, %s\n", r.Title, r.Form, version,
		count(r.Questions, "question"), count(r.Groups, "group"), count(r.Repeats, "repeat"))
	if len(r.Languages) > 0 {
		fmt.Fprintf(out, "languages: %s\n", strings.Join(r.Languages, ", "))
	}
}

// printProblems prints a line for each problem, and one for its hint.
func printProblems(out io.Writer, problems []form.Problem) {
	for _, p := range problems {
		kind := "error"
		if p.Severity == form.Warning {
			kind = "warning"
		}
		fmt.Fprintf(out, "%s: %s%s\n", kind, place(p), p.Message)
		if p.Hint != "" {
			fmt.Fprintf(out, "    %s\n", p.Hint)
		}
	}
}

// place says where a problem is: "survey, row 7, relevant «${x} =»: ".
func place(p form.Problem) string {
	var parts []string
	if p.Cell.Sheet != "" {
		parts = append(parts, p.Cell.Sheet)
	}
	if p.Cell.Row > 0 {
		parts = append(parts, fmt.Sprintf("row %d", p.Cell.Row))
	}
	if p.Cell.Column != "" {
		parts = append(parts, p.Cell.Column)
	}
	s := strings.Join(parts, ", ")
	if p.Text != "" {
		s += " «" + shorten(p.Text, 60) + "»"
	}
	if s != "" {
		s += ": "
	}
	return s
}
