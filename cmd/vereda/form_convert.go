package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"vereda/survey/form"
	"vereda/survey/xform"
)

// formConvert is `vereda form convert`.
type formConvert struct {
	File string `arg:"" help:"The form: a workbook (.xlsx, .xls, .md, .csv) or an XForm (.xml); - reads standard input."`
	To   string `required:"" enum:"xform" placeholder:"xform" help:"What to write: xform, the XML that ODK Collect, Enketo and other tools read."`
	Out  string `short:"o" default:"-" placeholder:"FILE" help:"The file to write; - is standard output."`
}

// Run reads the whole form before it writes anything. Warnings are told beside the product; a form that cannot run is a finding, and nothing is written.
func (c *formConvert) Run(w *world) error {
	if i, err := os.Stat(c.Out); err == nil && i.IsDir() {
		return usage{fmt.Errorf("%s is a folder: name the file to write in it", c.Out)}
	}
	source, err := readFile(w, c.File)
	if err != nil {
		return err
	}
	name := filepath.Base(c.File)
	if name == "-" {
		name = "form" // a form that names itself does so; others are named by their file
	}
	f, problems := readSource(name, source)
	printProblems(w.err, problems)
	if f == nil {
		return findings("%s cannot run as it is: mend the problems above and try again", c.File)
	}
	if c.Out == "-" {
		return c.write(w.out, f)
	}
	return writeWhole(c.Out, func(file io.Writer) error { return c.write(file, f) })
}

func (c *formConvert) write(out io.Writer, f *form.Form) error { return xform.Write(out, f) }
