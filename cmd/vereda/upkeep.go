package main

import "fmt"

// verifyCommand is `vereda verify`.
type verifyCommand struct {
	Data string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *verifyCommand) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	found, err := col.archive.Verify(w)
	if err != nil {
		return err
	}
	for _, f := range found {
		fmt.Fprintf(w.out, "%s: %s\n", f.Subject, f.Problem)
	}
	if len(found) > 0 {
		return findings("the archive is not whole (%s); `vereda reindex` makes again what is made from entries", count(len(found), "finding"))
	}
	_, err = fmt.Fprintln(w.out, "every entry is whole, and all that is made from them is right")
	return err
}

// reindexCommand is `vereda reindex`.
type reindexCommand struct {
	Data string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *reindexCommand) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	if err := col.archive.Reindex(w); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w.out, "made again from the entries")
	return err
}
