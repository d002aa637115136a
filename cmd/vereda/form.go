package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xform"
	"vereda/survey/xlsform"
)

// formCommands are the commands about forms.
type formCommands struct {
	Check   formCheck   `cmd:"" help:"Read a workbook: a summary and warnings, or every problem that keeps it from running (exit 3)."`
	Show    formShow    `cmd:"" help:"Set a form as a questionnaire to read or print, its rules in words."`
	Diff    formDiff    `cmd:"" help:"Tell what changed between two versions of a form, and whether answers stay comparable (exit 3 when not)."`
	Fill    formFill    `cmd:"" help:"Run a form without a screen on given answers."`
	Replay  formReplay  `cmd:"" help:"Do acts in a form and print the state after each, one JSON object a line."`
	Eval    formEval    `cmd:"" help:"Evaluate an expression."`
	Convert formConvert `cmd:"" help:"Write a form as an XForm, for ODK Collect, Enketo and other tools."`
	Publish formPublish `cmd:"" help:"Publish a workbook to a collector, as a new version."`
}

// maxFile is the largest workbook or answers file read, in bytes.
const maxFile = 64 << 20

// openFile opens a file, or standard input for "-".
func openFile(w *world, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(w.in), nil
	}
	return os.Open(name)
}

// readFile reads a file, or standard input for "-".
func readFile(w *world, name string) ([]byte, error) {
	f, err := openFile(w, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(b) > maxFile {
		err = fmt.Errorf("%s is larger than %d MB; is it the right file?", name, maxFile>>20)
	}
	return b, err
}

// readForm reads a workbook that must run; its problems are told on stderr.
func readForm(w *world, name string) (*form.Form, []byte, error) {
	source, err := readFile(w, name)
	if err != nil {
		return nil, nil, err
	}
	f, problems := readSource(filepath.Base(name), source)
	if f == nil {
		printProblems(w.err, problems)
		return nil, nil, findings("%s cannot run as it is: mend the problems above and try again", name)
	}
	return f, source, nil
}

// readSource reads a form: an XForm when the file is XML, else a workbook.
func readSource(name string, source []byte) (*form.Form, []form.Problem) {
	if xform.Looks(source) {
		return xform.Read(name, source)
	}
	return xlsform.Read(name, source)
}

// readFiles reads files that came with a form, by name.
func readFiles(w *world, names []string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, name := range names {
		b, err := readFile(w, name)
		if err != nil {
			return nil, err
		}
		files[filepath.Base(name)] = b
	}
	return files, nil
}

// formCheck is `vereda form check`.
type formCheck struct {
	File   string `arg:"" help:"The workbook (.xlsx)."`
	Strict bool   `help:"Give the reference converter's verdict on a workbook instead: refuse what it refuses."`
	JSON   bool   `help:"Print JSON."`
}

// checkReport is the JSON of `form check --json`.
type checkReport struct {
	Runs      bool           `json:"runs"`
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
	f, problems := c.verdict(source)
	r := summarize(f, problems)
	if c.JSON {
		err = printJSON(w.out, r)
	} else {
		printSummary(w.out, r)
		printProblems(w.out, problems)
	}
	if err != nil || r.Runs {
		return err
	}
	return findings("%s cannot run as it is: %s to mend", c.File, count(errorsIn(problems), "problem"))
}

// verdict reads the file; with --strict there is a form only where the reference converter accepts the workbook too.
func (c *formCheck) verdict(source []byte) (*form.Form, []form.Problem) {
	name := filepath.Base(c.File)
	f, problems := readSource(name, source)
	if !c.Strict || xform.Looks(source) {
		return f, problems
	}
	if strict := xlsform.ReadStrict(name, source); form.HasErrors(strict) {
		return nil, strict
	}
	return f, problems
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
	fmt.Fprintf(out, "%s\nform %s, version %s\n%s, %s, %s\n", r.Title, r.Form, r.Version,
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

// shorten cuts a text to n characters.
func shorten(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}

// count writes "1 problem", "2 problems".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// printJSON prints indented JSON with a newline.
func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
