package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"time"

	"vereda/survey/xpath"
)

// formEval is `vereda form eval`.
type formEval struct {
	Expression string    `arg:"" help:"An ODK XPath expression."`
	Instance   string    `placeholder:"DOC.xml" help:"The document to evaluate over; - reads standard input."`
	At         string    `placeholder:"PATH" help:"The node to stand on, e.g. /data/roster[2]/age; the root if not given."`
	Now        time.Time `placeholder:"TIME" help:"What now() returns (RFC 3339); the real clock if not given."`
	Seed       int64     `default:"1" help:"Seed of random()."`
	Lang       string    `help:"Language of jr:itext() and of the names of months; the document's default one, and English, if not given."`
	JSON       bool      `help:"Print JSON (it always does)."`
}

// evalFlags are the flags of `form eval`, and whether a value follows.
var evalFlags = map[string]bool{"instance": true, "at": true, "now": true, "seed": true, "lang": true, "json": false, "help": false, "h": false}

// shielded puts an expression of `form eval` that begins with a minus sign behind "--", so that it is not taken for a flag.
func shielded(args []string) []string {
	if len(args) < 3 || args[0] != "form" || args[1] != "eval" {
		return args
	}
	for n := 2; n < len(args); n++ {
		if args[n] == "--" || !strings.HasPrefix(args[n], "-") {
			continue
		}
		name, _, assigned := strings.Cut(strings.TrimLeft(args[n], "-"), "=")
		value, known := evalFlags[name]
		if !known {
			return append(slices.Delete(slices.Clone(args), n, n+1), "--", args[n])
		}
		if value && !assigned {
			n++
		}
	}
	return args
}

// evaluation is the JSON of `form eval`: numbers that JSON has not are the strings NaN, Infinity, -Infinity; a node-set is the
// list of its nodes' texts.
type evaluation struct {
	Value any    `json:"value"`
	Type  string `json:"type"`
}

func (c *formEval) Run(w *world) error {
	e, unread := xpath.Parse(c.Expression)
	if e == nil {
		return findings("%v%s", unread, hintOf(unread))
	}
	document, err := c.document(w)
	if err != nil {
		return err
	}
	at := document.Root
	if c.At != "" {
		if at, err = xpath.Find(document.Root, c.At); err != nil {
			return usage{err}
		}
	}
	env := &xpath.Env{
		Root: document.Root, Instances: document.Instances,
		Now: clock(w, c.Now), Random: rand.New(rand.NewSource(c.Seed)),
		Text:     func(id string) string { return document.Text(id, c.Lang) },
		Language: func() string { return c.Lang },
	}
	v, err := e.Eval(&xpath.Context{Node: at, Env: env})
	if err != nil && unread != nil { // an unknown function was reached
		err = unread
	}
	if err != nil {
		return findings("%v", err)
	}
	return printJSON(w.out, evaluation{plain(v), v.Type()})
}

// hintOf returns what to write instead, behind a stop; "" where nothing can be guessed.
func hintOf(unread error) string {
	var syntax *xpath.SyntaxError
	if errors.As(unread, &syntax) && syntax.Hint() != "" {
		return ". " + strings.TrimSuffix(syntax.Hint(), ".")
	}
	return ""
}

// document reads the instance, or makes an empty one.
func (c *formEval) document(w *world) (*xpath.Document, error) {
	if c.Instance == "" {
		return &xpath.Document{Root: &xpath.Node{Name: "data"}}, nil
	}
	b, err := readFile(w, c.Instance)
	if err != nil {
		return nil, err
	}
	d, err := xpath.ParseXML(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read as XML: %w", c.Instance, err)
	}
	return d, nil
}

// plain returns a value as JSON can write it.
func plain(v xpath.Value) any {
	switch v.Type() {
	case "boolean":
		return v.Bool()
	case "number":
		if n := v.Number(); !math.IsNaN(n) && !math.IsInf(n, 0) {
			return n
		}
		return v.String()
	case "nodeset":
		texts := []string{}
		for _, n := range v.Nodes() {
			texts = append(texts, n.StringValue())
		}
		return texts
	}
	return v.String()
}
