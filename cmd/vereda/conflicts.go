package main

import (
	"fmt"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// conflictCommands are the commands about conflicts.
type conflictCommands struct {
	List    conflictList    `cmd:"" help:"List questions with two answers, neither given in knowledge of the other."`
	Show    conflictShow    `cmd:"" help:"Show the conflicts of an interview: who answered what, and when."`
	Resolve conflictResolve `cmd:"" help:"Choose one of the answers, or give another."`
}

// conflictList is `vereda conflicts list`.
type conflictList struct {
	Form string `placeholder:"ID" help:"Only of this form."`
	Data string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
	JSON bool   `help:"Print JSON."`
}

// conflictRow is a row of `conflicts list --json`.
type conflictRow struct {
	Interview string            `json:"interview"`
	Form      string            `json:"form"`
	Name      string            `json:"name"`
	Path      record.Path       `json:"path"`
	Answers   []conflictAnswers `json:"answers"` // the first is the provisional one
}

// conflictAnswers is one side of a conflict; a null value is an answer taken back.
type conflictAnswers struct {
	Value    *record.Value `json:"value"`
	Device   string        `json:"device"`
	By       string        `json:"by"`
	Revision record.ID     `json:"revision"`
}

func (c *conflictList) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	conflicts, err := col.archive.Conflicts(w, c.Form)
	if err != nil {
		return err
	}
	rows := make([]conflictRow, 0, len(conflicts))
	for _, k := range conflicts {
		rows = append(rows, row(k))
	}
	if c.JSON {
		return printJSON(w.out, rows)
	}
	for _, r := range rows {
		fmt.Fprintf(w.out, "%s  %s  %s\n", r.Interview, r.Name, r.Path)
		for _, a := range r.Answers {
			text := "(taken back)"
			if a.Value != nil {
				text = a.Value.String()
			}
			fmt.Fprintf(w.out, "    %s  by %s on %s\n", text, a.By, a.Device)
		}
	}
	fmt.Fprintf(w.err, "%s\n", count(len(rows), "conflict"))
	return nil
}

func row(k fieldwork.Conflict) conflictRow {
	r := conflictRow{Interview: k.Interview.String(), Form: k.Form, Name: k.Name, Path: k.Path}
	for _, a := range k.Candidates {
		side := conflictAnswers{Device: a.Device, By: a.By, Revision: a.Revision}
		if !a.Value.IsZero() {
			v := a.Value
			side.Value = &v
		}
		r.Answers = append(r.Answers, side)
	}
	return r
}
