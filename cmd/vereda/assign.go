package main

import (
	"errors"
	"fmt"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
)

// assignCommand is `vereda assign`.
type assignCommand struct {
	File     string `arg:"" optional:"" help:"CSV with a heading: form, ea, household, device or enumerator, due, call, note; every other column is a question, with the answer known beforehand."`
	Withdraw bool   `help:"Take the assignments of the file back."`
	List     bool   `help:"List the assignments."`
	Form     string `placeholder:"ID" help:"With --list: only of this form."`
	EA       string `placeholder:"CODE" help:"With --list: only of this enumeration area, or of those whose codes begin so."`
	Device   string `placeholder:"ID" help:"With --list: only of this device; - for nobody's."`
	State    string `enum:",open,begun,done,overdue" default:"" help:"With --list: open (not begun), begun, done or overdue."`
	All      bool   `help:"With --list: withdrawn ones too."`
	JSON     bool   `help:"Print JSON."`
	saying
}

func (c *assignCommand) Run(w *world) error {
	switch {
	case c.List && c.File == "" && !c.Withdraw:
		return c.list(w)
	case c.List || c.File == "":
		return usage{errors.New("name a CSV file, or give --list")}
	}
	return c.at(w, "assign "+c.File, func(_ *collector, d *desk.Desk) error { return c.assign(w, d) })
}

func (c *assignCommand) assign(w *world, d *desk.Desk) error {
	in, err := openFile(w, c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	tasks, faults, err := d.ReadTasks(w, in, zone(w))
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		if c.JSON {
			if err := printJSON(w.out, faults); err != nil {
				return err
			}
		} else {
			for _, f := range faults {
				fmt.Fprintf(w.out, "%s: %s\n", c.File, f)
			}
		}
		return findings("%s in %s; nothing was assigned", count(len(faults), "problem"), c.File)
	}
	var n desk.Assigned
	if c.Withdraw {
		var ids []uuid.UUID
		for _, t := range tasks {
			ids = append(ids, t.ID())
		}
		n, err = d.Withdraw(w, c.By, ids...)
	} else {
		n, err = d.Assign(w, c.By, tasks)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(w.out, map[string]int{"new": n.New, "changed": n.Changed, "same": n.Same})
	}
	_, err = fmt.Fprintf(w.out, "%d new, %d changed, %d as before\n", n.New, n.Changed, n.Same)
	return err
}

func (c *assignCommand) list(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	names, err := col.deviceNames(w)
	if err != nil {
		return err
	}
	all := []fieldwork.Assignment{}
	for {
		page, total, err := col.archive.Work(w, fieldwork.WorkFilter{Form: c.Form, EA: c.EA, Assignee: c.Device, State: c.State,
			Today: w.now().Format("2006-01-02"), Withdrawn: c.All, Skip: len(all), Limit: 1000})
		if err != nil {
			return err
		}
		all = append(all, page...)
		if len(page) == 0 || len(all) >= total {
			break
		}
	}
	if c.JSON {
		return printJSON(w.out, all)
	}
	t := table(w)
	fmt.Fprintln(t, "FORM\tEA\tHOUSEHOLD\tWHOSE\tDUE\tCALL\tSTATE\tINTERVIEW")
	for _, a := range all {
		whose := names[a.Assignee]
		if a.Assignee == "" {
			whose = a.Person
		}
		call, interview := "", ""
		if !a.Call.IsZero() {
			call = a.Call.Format("2006-01-02 15:04")
		}
		if a.Visits > 0 {
			interview = a.Interview.String()
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", a.Form, a.EA, a.Assignment.Household, whose, a.Due, call, workState(a, w.now().Format("2006-01-02")), interview)
	}
	return t.Flush()
}

// workState says in a word how far an assignment is.
func workState(a fieldwork.Assignment, today string) string {
	state := fieldwork.WorkOpen
	switch {
	case a.Withdrawn:
		state = "withdrawn"
	case a.Done:
		state = fieldwork.WorkDone
	case a.Due != "" && a.Due < today:
		state = fieldwork.WorkOverdue
	case a.Visits > 0:
		state = fieldwork.WorkBegun
	}
	return state + mark(a.Disputed, " (disputed)")
}

// deviceNames returns what devices are called; their IDs where they have no name.
func (c *collector) deviceNames(w *world) (map[string]string, error) {
	devices, err := c.archive.Devices(w)
	names := map[string]string{}
	for _, d := range devices {
		names[d.ID] = d.Name
		if d.Name == "" {
			names[d.ID] = d.ID
		}
	}
	return names, err
}
