package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xform"
)

// formPublish is `vereda form publish`.
type formPublish struct {
	File string `arg:"" help:"The workbook (.xlsx)."`
	Data string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *formPublish) Run(w *world) error {
	f, source, err := readForm(w, c.File)
	if err != nil {
		return err
	}
	if xform.Looks(source) {
		return usage{fmt.Errorf("%s is an XForm; a collector publishes workbooks", c.File)}
	}
	if len(f.External) > 0 {
		return findings("%s needs files that do not travel to tablets (%s): put what they hold on the sheet choices", c.File, strings.Join(slices.Sorted(maps.Values(f.External)), ", "))
	}
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	if err := col.publish(w, f, filepath.Base(c.File), source); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.out, "published %s version %s\n", f.ID, f.Version)
	return err
}

// publish makes a workbook a version of its form.
func (c *collector) publish(ctx context.Context, f *form.Form, name string, source []byte) error {
	return c.archive.Publish(ctx, record.FormVersion{V: 1, Form: f.ID, Version: f.Version, Name: name, Source: source})
}
