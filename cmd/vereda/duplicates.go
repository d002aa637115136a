package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/quality"
	"vereda/survey/record"
)

// duplicateCommands are the commands about interviews that look like the same household.
type duplicateCommands struct {
	List   duplicateList   `cmd:"" help:"List pairs of interviews that look like the same household, and why."`
	Decide duplicateDecide `cmd:"" help:"Say whether two interviews are of one household."`
}

// duplicateList is `vereda duplicates list`.
type duplicateList struct {
	Form    string `placeholder:"ID" help:"Only of this form."`
	Decided bool   `help:"List what was decided instead."`
	Data    string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
	JSON    bool   `help:"Print JSON."`
}

// finder compares this collector's interviews.
func (c *collector) finder() *desk.Finder {
	return &desk.Finder{Archive: c.archive, Forms: c.published}
}

func (c *duplicateList) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	decisions, err := col.archive.Decisions(w)
	if err != nil {
		return err
	}
	if c.Decided {
		return c.decided(w, decisions)
	}
	if _, err := col.finder().Compare(w, func() bool { return false }); err != nil {
		return err
	}
	settlement := desk.Settlement(decisions)
	pairs := []quality.Pair{}
	var broken error
	err = col.archive.Pairs(w, c.Form, func(a fieldwork.Alike) bool {
		if settlement.Decided(a.A, a.B) != record.Undecided {
			return true
		}
		var p quality.Pair
		if broken = json.Unmarshal(a.Body, &p); broken == nil {
			pairs = append(pairs, p)
		}
		return broken == nil
	})
	if err := errors.Join(err, broken); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(w.out, pairs)
	}
	for _, p := range pairs {
		fmt.Fprintf(w.out, "%s  %s  %.0f %%\n    %s\n", p.A, p.B, 100*p.Probability, reasonsText(p))
	}
	fmt.Fprintf(w.err, "%s\n", count(len(pairs), "pair"))
	return nil
}

func reasonsText(p quality.Pair) string {
	var parts []string
	for _, r := range p.Reasons {
		text := fmt.Sprintf("%s %s", r.Kind, r.Agreement)
		switch {
		case r.Kind == quality.Place:
			text += fmt.Sprintf(" (%.0f m)", r.Metres)
		case r.Kind == quality.Members:
			text += fmt.Sprintf(" (%d of %d)", r.Matched, r.Of)
		case r.A != "" || r.B != "":
			text += fmt.Sprintf(" (%s, %s)", r.A, r.B)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

func (c *duplicateList) decided(w *world, decisions []fieldwork.Decision) error {
	if c.JSON {
		if decisions == nil {
			decisions = []fieldwork.Decision{}
		}
		return printJSON(w.out, decisions)
	}
	for _, d := range decisions {
		text := string(d.Decision)
		switch {
		case d.Disputed:
			text = "disputed: decide again"
		case d.Decision == record.Same && d.Keep == uuid.Nil:
			text += ", joined"
		case d.Decision == record.Same:
			text += ", keep " + d.Keep.String()
		}
		fmt.Fprintf(w.out, "%s  %s  %s  by %s\n", d.A, d.B, text, d.By)
	}
	return nil
}

// duplicateDecide is `vereda duplicates decide`.
type duplicateDecide struct {
	A        string `arg:"" help:"One interview's ID."`
	B        string `arg:"" help:"The other's."`
	Decision string `arg:"" enum:"same,different,undecided" help:"same, different, or undecided to take back what was decided."`
	Keep     string `placeholder:"ID" help:"With same: the interview that counts; exports leave the other out."`
	Join     bool   `help:"With same: the one begun first counts, with the answers that only the other has."`
	saying
}

func (c *duplicateDecide) Run(w *world) error {
	a, err := parseInterview(c.A)
	if err != nil {
		return err
	}
	b, err := parseInterview(c.B)
	if err != nil {
		return err
	}
	var keep uuid.UUID
	if c.Keep != "" {
		if keep, err = parseInterview(c.Keep); err != nil {
			return err
		}
	}
	switch {
	case a == b:
		return usage{errors.New("name two interviews")}
	case c.Decision == string(record.Same) && (c.Keep == "") == !c.Join:
		return usage{errors.New("with same, say --keep ID or --join")}
	case c.Decision != string(record.Same) && (c.Keep != "" || c.Join):
		return usage{errors.New("--keep and --join go with same")}
	case c.Keep != "" && keep != a && keep != b:
		return usage{errors.New("--keep takes one of the two interviews")}
	}
	return c.at(w, "duplicate "+c.A+" "+c.B+" "+c.Decision, func(_ *collector, d *desk.Desk) error {
		return d.Decide(w, c.By, a, b, record.Decision(c.Decision), keep)
	})
}
