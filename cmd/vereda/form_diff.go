package main

import (
	"bytes"

	"vereda/survey/change"
)

// formDiff is `vereda form diff`.
type formDiff struct {
	Old    string `arg:"" help:"The form as it was."`
	New    string `arg:"" help:"The form as it is now."`
	Format string `default:"text" enum:"text,html" help:"text or html."`
	JSON   bool   `help:"Print JSON."`
	Out    string `short:"o" default:"-" placeholder:"PATH" help:"The file to write; - is standard output."`
}

func (c *formDiff) Run(w *world) error {
	before, _, err := readForm(w, c.Old)
	if err != nil {
		return err
	}
	after, _, err := readForm(w, c.New)
	if err != nil {
		return err
	}
	r := change.Compare(before, after)
	var b bytes.Buffer
	switch {
	case c.JSON:
		err = printJSON(&b, r)
	case c.Format == "html":
		err = r.HTML(&b)
	default:
		err = r.Text(&b)
	}
	if err == nil {
		err = writeProduct(w, c.Out, b.Bytes())
	}
	if err != nil || r.Worst() < change.NotComparable {
		return err
	}
	return findings("%s with which answers cannot be compared: look at what is marked \"not comparable\"", count(r.Count(change.NotComparable), "change"))
}
