package main

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"filippo.io/age"

	"vereda/survey/record"
	"vereda/sync/batch"
)

// batchInspect is `vereda batch inspect`.
type batchInspect struct {
	identityFlag
	Files []string `arg:"" help:"Batch files."`
	Data  string   `default:"${data}" placeholder:"DIR" help:"A collector's data folder, for batches compressed against its forms (${data})."`
	JSON  bool     `help:"Print JSON."`
}

// inspected is what `batch inspect --json` prints of a file.
type inspected struct {
	File    string         `json:"file"`
	Batch   record.ID      `json:"batch"`
	Project string         `json:"project"`
	Device  string         `json:"device"`
	Name    string         `json:"name"`
	Role    string         `json:"role"`
	Bytes   int64          `json:"bytes"`
	Kinds   map[string]int `json:"kinds"` // entries by kind
}

func (c *batchInspect) Run(w *world) error {
	var opener batch.Opener
	if col, err := openCollector(w, c.Data); err == nil {
		defer col.archive.Close()
		opener.Dictionaries = col.archive.Dictionary
	} else if !errors.Is(err, errNoCollector) {
		return err
	}
	keys, err := readKeys(c.Identity)
	if err != nil {
		return err
	}
	looked := []inspected{}
	bad := 0
	for _, name := range c.Files {
		i, err := inspect(w, opener, name, keys)
		switch {
		case isRefused(err):
			fmt.Fprintf(w.err, "vereda: %s: %s\n", name, sentence(err))
			bad++
		case err != nil:
			return err
		case c.JSON:
			looked = append(looked, i)
		default:
			printInspected(w.out, i)
		}
	}
	if c.JSON {
		if err := printJSON(w.out, looked); err != nil {
			return err
		}
	}
	if bad > 0 {
		return findings("%d of %s cannot be read", bad, count(len(c.Files), "file"))
	}
	return nil
}

func inspect(w *world, o batch.Opener, name string, keys []age.Identity) (inspected, error) {
	b, err := readBatch(w, name, o.Inspect, keys)
	if err != nil {
		return inspected{}, err
	}
	i := inspected{
		File: name, Batch: b.ID, Project: b.Device.Project, Device: string(b.Device.ID()), Name: b.Device.Name,
		Role: string(b.Device.Role), Bytes: b.Size, Kinds: map[string]int{},
	}
	for _, e := range b.Entries {
		i.Kinds[e.Kind]++
	}
	return i, nil
}

// shown is what a stranger wrote, without what would control a terminal.
func shown(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}

func printInspected(out io.Writer, i inspected) {
	fmt.Fprintf(out, "%s\n  batch %s\n  project %s\n  sealed by device %s (%s, %s)\n  %d bytes\n", i.File, i.Batch, shown(i.Project), i.Device, shown(i.Name), shown(i.Role), i.Bytes)
	kinds := make([]string, 0, len(i.Kinds))
	for k := range i.Kinds {
		kinds = append(kinds, k)
	}
	sort.Strings(kinds)
	for _, k := range kinds {
		fmt.Fprintf(out, "  %d %s\n", i.Kinds[k], k)
	}
}
