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

// addBeside adds the tables that a form reads and that lie in its folder, and names those that are nowhere: their lists are empty.
func addBeside(w *world, files map[string][]byte, f *form.Form, name string) error {
	for _, needed := range f.Files() {
		if _, given := files[needed.Name]; given || needed.Use != form.UseData {
			continue
		}
		b, err := readFile(w, filepath.Join(filepath.Dir(name), needed.Name))
		switch {
		case err == nil:
			files[needed.Name] = b
		case os.IsNotExist(err):
			fmt.Fprintf(w.err, "warning: %s is not there, so what the form reads in it is empty; put it beside the form, or name it with --files\n", needed.Name)
		default:
			return err
		}
	}
	return nil
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
