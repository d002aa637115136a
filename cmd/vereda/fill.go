package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"time"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
)

// formFill is `vereda form fill`.
type formFill struct {
	File    string `arg:"" help:"The form: a workbook (.xlsx) or an XForm (.xml)."`
	Answers string `required:"" placeholder:"A.json" help:"Answers as nested JSON: groups are objects, repeats arrays of objects; - reads standard input."`
	Lang    string `help:"Language of the messages, e.g. es; the form's default language if not given."`
	sessionFlags
}

// sessionFlags are of the commands that run a form without a screen.
type sessionFlags struct {
	Now   time.Time `placeholder:"TIME" help:"The clock of the interview (RFC 3339); the real one if not given."`
	Seed  int64     `default:"1" help:"Seed of random()."`
	Files []string  `placeholder:"FILE" help:"Files that came with the form, such as lists of choices (.csv), if they do not lie beside it; last-saved.xml is the interview before."`
	Place string    `placeholder:"POSITION" help:"Where the device is: latitude longitude altitude accuracy; it does not know if not given."`
	JSON  bool      `help:"Print JSON (it always does)."`
}

// env makes the world of a session of a form, read from a file, on a device that is none.
func (s sessionFlags) env(w *world, f *form.Form, file string) (interview.Env, error) {
	files, err := readFiles(w, s.Files)
	if err != nil {
		return interview.Env{}, err
	}
	if err := addBeside(w, files, f, file); err != nil {
		return interview.Env{}, err
	}
	place, err := record.New(record.Geopoint, s.Place)
	if err != nil {
		return interview.Env{}, usage{err}
	}
	return interview.Env{Now: clock(w, s.Now), Random: rand.New(rand.NewSource(s.Seed)), Device: "vereda-form", Files: files, Position: func() record.Value { return place }}, nil
}

func (c *formFill) Run(w *world) error {
	f, _, err := readForm(w, c.File)
	if err != nil {
		return err
	}
	answers, err := readAnswers(w, c.Answers)
	if err != nil {
		return err
	}
	language, err := languageOf(f, c.Lang)
	if err != nil {
		return usage{err}
	}
	env, err := c.env(w, f, c.File)
	if err != nil {
		return err
	}
	result, err := interview.Fill(f, env, answers, language)
	if err != nil {
		return err
	}
	if err := printJSON(w.out, result); err != nil {
		return err
	}
	if n := len(result.Problems); n > 0 {
		return findings("%s in the answers", count(n, "problem"))
	}
	return nil
}

// clock returns a clock that stands at t, or the real one.
func clock(w *world, t time.Time) func() time.Time {
	if t.IsZero() {
		return w.now
	}
	return func() time.Time { return t }
}

// readAnswers reads a JSON object.
func readAnswers(w *world, name string) (map[string]any, error) {
	b, err := readFile(w, name)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var answers map[string]any
	if err := d.Decode(&answers); err != nil {
		return nil, fmt.Errorf("%s is not a JSON object of answers: %w", name, err)
	}
	if d.More() {
		return nil, fmt.Errorf("%s holds more than one JSON object; give one interview's answers", name)
	}
	return answers, nil
}
