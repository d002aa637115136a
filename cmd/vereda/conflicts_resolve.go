package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// conflictShow is `vereda conflicts show`.
type conflictShow struct {
	Interview string `arg:"" help:"The interview's ID."`
	Data      string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
	JSON      bool   `help:"Print JSON."`
}

// shownConflicts is the JSON of `conflicts show --json`.
type shownConflicts struct {
	Interview string          `json:"interview"`
	Seen      string          `json:"seen"` // for resolve --seen
	Conflicts []shownConflict `json:"conflicts"`
}

type shownConflict struct {
	Path    record.Path   `json:"path"`
	Answers []shownAnswer `json:"answers"` // the first is the provisional one
}

type shownAnswer struct {
	Value     *record.Value `json:"value"`
	Device    string        `json:"device"`
	Name      string        `json:"name"`
	By        string        `json:"by"`
	At        time.Time     `json:"at"`                 // the device's clock
	Corrected time.Time     `json:"corrected,omitzero"` // less by what it was ahead
	Received  time.Time     `json:"received"`
}

func (c *conflictShow) Run(w *world) error {
	id, err := parseInterview(c.Interview)
	if err != nil {
		return err
	}
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	s, err := col.archive.Story(w, id)
	if err != nil {
		return err
	}
	names, err := col.deviceNames(w)
	if err != nil {
		return err
	}
	shown := shownConflicts{c.Interview, desk.Mark(s), []shownConflict{}}
	for _, k := range s.Merged.Conflicts {
		shown.Conflicts = append(shown.Conflicts, showConflict(s, k, names))
	}
	if c.JSON {
		return printJSON(w.out, shown)
	}
	fmt.Fprintf(w.out, "%s  %s\nseen %s\n", c.Interview, s.Name, shown.Seen)
	for _, k := range shown.Conflicts {
		fmt.Fprintln(w.out, k.Path)
		for i, a := range k.Answers {
			fmt.Fprintf(w.out, "  %d  %s  by %s on %s, %s%s%s\n", i+1, valueText(a.Value), a.By, a.Name, a.At.Format("2006-01-02 15:04:05 -07:00"),
				correctedText(a), mark(i == 0, "  (provisional)"))
		}
	}
	return nil
}

func showConflict(s fieldwork.Story, k record.Conflict, names map[string]string) shownConflict {
	shown := shownConflict{Path: k.Path}
	for _, c := range k.Candidates {
		a := shownAnswer{Device: c.Device, Name: names[c.Device], By: c.By}
		if !c.Value.IsZero() {
			a.Value = &c.Value
		}
		if i := slices.IndexFunc(s.Steps, func(st fieldwork.Step) bool { return st.Revision.ID == c.Revision }); i >= 0 {
			a.At, a.Corrected, a.Received = s.Steps[i].Revision.At, s.Steps[i].Corrected, s.Steps[i].Received
		}
		shown.Answers = append(shown.Answers, a)
	}
	return shown
}

func valueText(v *record.Value) string {
	if v == nil {
		return "(taken back)"
	}
	return v.String()
}

func correctedText(a shownAnswer) string {
	if a.Corrected.IsZero() || a.At.Sub(a.Corrected).Abs() < time.Minute {
		return ""
	}
	return a.Corrected.Format(", corrected 2006-01-02 15:04:05 -07:00")
}

// conflictResolve is `vereda conflicts resolve`.
type conflictResolve struct {
	Interview string  `arg:"" help:"The interview's ID."`
	Path      string  `arg:"" help:"The question's path, as conflicts list prints it."`
	Choose    int     `placeholder:"N" help:"Take the Nth of the answers that conflicts show prints."`
	Answer    *string `placeholder:"TEXT" help:"Take another answer; of a choice, its name."`
	None      bool    `help:"Take all answers back."`
	Seen      string  `placeholder:"MARK" help:"Refuse when the interview has changed since conflicts show printed this mark."`
	saying
}

func (c *conflictResolve) Run(w *world) error {
	id, err := parseInterview(c.Interview)
	if err != nil {
		return err
	}
	if given := btoi(c.Choose != 0) + btoi(c.Answer != nil) + btoi(c.None); given != 1 {
		return usage{errors.New("give one of --choose N, --answer TEXT and --none")}
	}
	path := record.Path(c.Path)
	return c.at(w, "resolve "+c.Interview+" "+c.Path, func(col *collector, d *desk.Desk) error {
		s, err := col.archive.Story(w, id)
		if err != nil {
			return err
		}
		v, err := c.value(w, col, s, path)
		if err != nil {
			return err
		}
		seen := c.Seen
		if seen == "" {
			seen = desk.Mark(s)
		}
		if err := d.Answer(w, c.By, id, seen, record.Answers{path: v}); err != nil {
			return err
		}
		_, err = fmt.Fprintf(w.out, "resolved %s %s\n", c.Interview, c.Path)
		return err
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// value returns the answer that the flags choose.
func (c *conflictResolve) value(w *world, col *collector, s fieldwork.Story, path record.Path) (record.Value, error) {
	at := slices.IndexFunc(s.Merged.Conflicts, func(k record.Conflict) bool { return k.Path == path })
	if at < 0 {
		return record.Value{}, fmt.Errorf("the interview has no conflict at %s: `vereda conflicts show %s` lists those it has", path, c.Interview)
	}
	candidates := s.Merged.Conflicts[at].Candidates
	switch {
	case c.None:
		return record.Value{}, nil
	case c.Choose < 0 || c.Choose > len(candidates):
		return record.Value{}, usage{fmt.Errorf("--choose takes a number from 1 to %d", len(candidates))}
	case c.Choose > 0:
		return candidates[c.Choose-1].Value, nil
	}
	return desk.Value(col.forms.form(s.Form, s.Version), path, *c.Answer)
}
