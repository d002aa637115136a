package main

import (
	"fmt"
	"strings"

	"vereda/survey/desk"
	"vereda/survey/record"
)

// verdictCommands are the commands with which coordinators judge interviews.
type verdictCommands struct {
	Approve verdictApprove `cmd:"" help:"Approve a finished interview."`
	Return  verdictReturn  `cmd:"" help:"Return an interview to its enumerator, with comments."`
}

// verdictApprove is `vereda verdict approve`.
type verdictApprove struct {
	Interview string `arg:"" help:"The interview's ID."`
	Note      string `placeholder:"TEXT" help:"A word to the enumerator."`
	saying
}

func (c *verdictApprove) Run(w *world) error {
	return judge(w, &c.saying, c.Interview, desk.Verdict{Decision: record.Approved, Note: c.Note})
}

// verdictReturn is `vereda verdict return`.
type verdictReturn struct {
	Interview string   `arg:"" help:"The interview's ID."`
	Comment   []string `sep:"none" placeholder:"PATH=TEXT" help:"What is to be done about a question; may be repeated."`
	Note      string   `placeholder:"TEXT" help:"What is to be done about the interview as a whole."`
	saying
}

func (c *verdictReturn) Run(w *world) error {
	v := desk.Verdict{Decision: record.Returned, Note: c.Note}
	for _, text := range c.Comment {
		path, comment, ok := strings.Cut(text, "=")
		if !ok || strings.TrimSpace(comment) == "" {
			return usage{fmt.Errorf("--comment takes PATH=TEXT, not %q", text)}
		}
		v.Comments = append(v.Comments, record.Comment{Path: record.Path(path), Text: comment})
	}
	return judge(w, &c.saying, c.Interview, v)
}

func judge(w *world, s *saying, interview string, v desk.Verdict) (err error) {
	if v.Interview, err = parseInterview(interview); err != nil {
		return err
	}
	return s.at(w, string(v.Decision)+" "+interview, func(col *collector, d *desk.Desk) error {
		if err := d.Judge(w, s.By, v); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w.out, "%s %s\n", v.Decision, interview)
		return err
	})
}
