package main

import (
	"errors"
	"fmt"
	"io"

	"vereda/survey/record"
	"vereda/sync/batch"
)

// batchCommands are the commands about batch files.
type batchCommands struct {
	Inspect batchInspect `cmd:"" help:"Say what a batch file holds, whoever sealed it."`
	Verify  batchVerify  `cmd:"" help:"Check batch files against the collector's project."`
	Import  batchImport  `cmd:"" help:"Receive batch files, as if they had come over the network."`
}

// batchVerify is `vereda batch verify`.
type batchVerify struct {
	Files []string `arg:"" help:"Batch files."`
	Data  string   `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *batchVerify) Run(w *world) error {
	return eachBatch(w, c.Data, c.Files, func(_ *collector, name string, b *batch.Batch) error {
		_, err := fmt.Fprintf(w.out, "%s: right, %s of device %s (%s)\n", name, entries(len(b.Entries)), b.Device.ID(), b.Device.Name)
		return err
	})
}

// batchImport is `vereda batch import`.
type batchImport struct {
	Files []string `arg:"" help:"Batch files."`
	Data  string   `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *batchImport) Run(w *world) error {
	return eachBatch(w, c.Data, c.Files, func(col *collector, name string, b *batch.Batch) error {
		receipts, err := col.archive.Receive(w, b, "file")
		if err != nil {
			return err
		}
		n := tally(receipts)
		fmt.Fprintf(w.out, "%s: %d stored, %d known already, %d set aside, %d refused\n", name,
			n[record.Stored], n[record.Known], n[record.Quarantined], n[record.Refused])
		if n[record.Refused] > 0 {
			return findings("%s: %s refused", name, entries(n[record.Refused]))
		}
		return nil
	})
}

// eachBatch opens each file against a collector's project and hands it on. All files are tried; a bad one is told and makes the exit code 3.
func eachBatch(w *world, dir string, files []string, do func(*collector, string, *batch.Batch) error) error {
	col, err := openCollector(w, dir)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	bad := 0
	for _, name := range files {
		b, err := readBatch(w, name, col.opener().Open)
		if err == nil {
			err = do(col, name, b)
		}
		var refused *batch.Error
		var told outcome
		switch {
		case errors.As(err, &refused), errors.As(err, &told):
			fmt.Fprintf(w.err, "vereda: %s: %s\n", name, sentence(err))
			bad++
		case err != nil:
			return err
		}
	}
	if bad > 0 {
		return findings("%d of %s not taken, or not whole", bad, count(len(files), "file"))
	}
	return nil
}

// readBatch opens a batch file, or standard input for "-", in one of a batch.Opener's ways.
func readBatch(w *world, name string, open func(io.Reader) (*batch.Batch, error)) (*batch.Batch, error) {
	f, err := openFile(w, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return open(f)
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}
