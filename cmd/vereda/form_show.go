package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"vereda/survey/form"
	"vereda/survey/paper"
)

// formShow is `vereda form show`.
type formShow struct {
	File    string   `arg:"" help:"The form: a workbook (.xlsx, .xls), a table (.md, .csv) or an XForm (.xml)."`
	Lang    []string `placeholder:"LANG" help:"Show this language alone, e.g. es; may be given again. All languages of the form otherwise."`
	Format  string   `default:"html" enum:"html,text" help:"html (one file to read and print) or text."`
	Diagram string   `placeholder:"FORMAT" enum:"svg,dot,mermaid," default:"" help:"Only draw what depends on what: svg, dot (Graphviz) or mermaid."`
	Out     string   `short:"o" default:"-" placeholder:"PATH" help:"The file to write; - is standard output."`
}

func (c *formShow) Run(w *world) error {
	f, _, err := readForm(w, c.File)
	if err != nil {
		return err
	}
	for _, l := range c.Lang {
		if !paper.Has(f, l) {
			return usage{fmt.Errorf("the form has no language %q: it has %s", l, languagesOf(f))}
		}
	}
	var b bytes.Buffer
	if err := c.write(&b, f); err != nil {
		return err
	}
	return writeProduct(w, c.Out, b.Bytes())
}

func (c *formShow) write(b *bytes.Buffer, f *form.Form) error {
	q := paper.New(f, c.Lang...)
	switch {
	case c.Diagram != "":
		return q.Diagram(b, c.Diagram)
	case c.Format == "text":
		return q.Text(b)
	}
	return q.HTML(b)
}

// languagesOf names the languages of a form.
func languagesOf(f *form.Form) string {
	var names []string
	for _, l := range f.Languages {
		names = append(names, l.Name)
	}
	return strings.Join(names, ", ")
}

// writeProduct writes a product whole: to standard output for "-", else to a file.
func writeProduct(w *world, name string, product []byte) error {
	if name == "-" {
		_, err := w.out.Write(product)
		return err
	}
	if i, err := os.Stat(name); err == nil && i.IsDir() {
		return usage{fmt.Errorf("%s is a folder: name the file to write in it", name)}
	}
	return writeWhole(name, func(f io.Writer) error {
		_, err := f.Write(product)
		return err
	})
}
