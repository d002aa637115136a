package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// formPublish is `vereda form publish`.
type formPublish struct {
	File  string `arg:"" help:"The workbook (.xlsx), or an XForm (.xml)."`
	Files string `placeholder:"DIR" help:"Folder of the files that the form names; that of the form without it."`
	Data  string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *formPublish) Run(w *world) error {
	f, source, err := readForm(w, c.File)
	if err != nil {
		return err
	}
	folder := c.Files
	if folder == "" {
		folder = filepath.Dir(c.File)
	}
	if err := c.check(w, f, folder); err != nil {
		return err
	}
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	files, err := col.keepFiles(w, f, folder)
	if err != nil {
		return err
	}
	if err := col.publish(w, f, filepath.Base(c.File), source, files...); err != nil {
		return err
	}
	with := ""
	if len(files) > 0 {
		with = " with " + count(len(files), "file")
	}
	_, err = fmt.Fprintf(w.out, "published %s version %s%s\n", f.ID, f.Version, with)
	return err
}

// check looks for the files that a form names. Those that answers depend on must be there.
func (c *formPublish) check(w *world, f *form.Form, folder string) error {
	var needed, shown []string
	for _, file := range f.Files() {
		i, err := os.Stat(filepath.Join(folder, file.Name))
		switch {
		case err == nil && i.Size() > record.MaxFile:
			return findings("%s is larger than %d MB, more than travels to tablets", file.Name, record.MaxFile>>20)
		case err == nil && i.Mode().IsRegular():
		case file.Required:
			needed = append(needed, file.Name)
		default:
			shown = append(shown, file.Name)
		}
	}
	if len(needed) > 0 {
		return findings("%s needs files that are not in %s: %s. Put them there, or name their folder with --files", c.File, folder, strings.Join(needed, ", "))
	}
	if len(shown) > 0 {
		fmt.Fprintf(w.err, "warning: not in %s, so tablets cannot show or play them: %s\n", folder, strings.Join(shown, ", "))
	}
	return nil
}

// keepFiles keeps the files that a form names and that are there.
func (c *collector) keepFiles(ctx context.Context, f *form.Form, folder string) (files []record.FormFile, err error) {
	for _, file := range f.Files() {
		content, err := os.Open(filepath.Join(folder, file.Name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		m, err := c.archive.PutMedia(ctx, record.FileType(file.Name), content)
		if err = errors.Join(err, content.Close()); err != nil {
			return nil, err
		}
		files = append(files, record.FormFile{Name: file.Name, Media: m})
	}
	return files, nil
}

// publish makes a workbook, or an XForm, a version of its form.
func (c *collector) publish(ctx context.Context, f *form.Form, name string, source []byte, files ...record.FormFile) error {
	return c.archive.Publish(ctx, record.FormVersion{V: 1, Form: f.ID, Version: f.Version, Name: name, Source: source, Files: files})
}
