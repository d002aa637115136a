package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"filippo.io/age"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/stick"
)

// batchCommands are the commands about batch files.
type batchCommands struct {
	Inspect batchInspect `cmd:"" help:"Say what a batch file holds, whoever sealed it."`
	Verify  batchVerify  `cmd:"" help:"Check batch files against the collector's project."`
	Import  batchImport  `cmd:"" help:"Receive batch files, and what lies on sticks; write the answers beside it."`
	Export  batchExport  `cmd:"" help:"Write all that a collector has for another collector into a folder."`
	Key     batchKey     `cmd:"" help:"Have tablets and collectors encrypt what they write on sticks."`
}

// identityFlag names the keys that open encrypted files.
type identityFlag struct {
	Identity []string `placeholder:"KEYFILE" help:"File with the private key for files that are encrypted to the coordinators; may be given several times."`
}

// batchVerify is `vereda batch verify`.
type batchVerify struct {
	identityFlag
	Files []string `arg:"" help:"Batch files."`
	Data  string   `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *batchVerify) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	keys, err := readKeys(c.Identity)
	if err != nil {
		return err
	}
	bad := 0
	for _, name := range c.Files {
		b, err := readBatch(w, name, col.opener().Open, keys)
		if err != nil && !isRefused(err) {
			return err
		}
		if err != nil {
			fmt.Fprintf(w.err, "vereda: %s: %s\n", name, sentence(err))
			bad++
			continue
		}
		if _, err := fmt.Fprintf(w.out, "%s: right, %s of device %s (%s)\n", name, entries(len(b.Entries)), b.Device.ID(), b.Device.Name); err != nil {
			return err
		}
	}
	return notTaken(bad, len(c.Files))
}

// isRefused reports whether an error concerns one file, so that the others can be tried.
func isRefused(err error) bool {
	return errors.As(err, new(*batch.Error)) || errors.As(err, new(*stick.LockedError))
}

func notTaken(bad, all int) error {
	if bad == 0 {
		return nil
	}
	return findings("%d of %s not taken, or not whole", bad, count(all, "file"))
}

// batchImport is `vereda batch import`.
type batchImport struct {
	identityFlag
	Files    []string `arg:"" name:"file" help:"Batch files, and folders such as a stick's."`
	NoAnswer bool     `name:"no-answer" help:"Write nothing back into the folders."`
	Data     string   `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *batchImport) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	keys, err := readKeys(c.Identity)
	if err != nil {
		return err
	}
	i := &importing{w: w, col: col, keys: keys}
	for names := c.Files; len(names) > 0; {
		files, err := leadingFiles(names)
		if err == nil && files > 0 {
			err = i.files(names[:files])
		} else if err == nil {
			files = 1
			err = i.folder(names[0], !c.NoAnswer)
		}
		if err != nil {
			return err
		}
		names = names[files:]
	}
	if err := notTaken(i.bad, i.all); err != nil {
		return err
	}
	if i.refused > 0 {
		return findings("%s refused", entries(i.refused))
	}
	return nil
}

// importing is one import under way.
type importing struct {
	w        *world
	col      *collector
	keys     []age.Identity
	all, bad int // files
	refused  int // entries
}

// leadingFiles returns how many names of files stand before that of a folder.
func leadingFiles(names []string) (n int, err error) {
	for _, name := range names {
		if name != "-" {
			info, err := os.Stat(name)
			if err != nil && n == 0 {
				return 0, err
			}
			if err != nil || info.IsDir() {
				break
			}
		}
		n++
	}
	return n, nil
}

// files imports batch files.
func (i *importing) files(names []string) error {
	open := func(n int) (*batch.Batch, error) { return readBatch(i.w, names[n], i.col.opener().Open, i.keys) }
	return i.col.archive.ReceiveAll(i.w, "file", len(names), open, func(n int, _ *batch.Batch, receipts []record.Receipt, err error) error {
		i.all++
		if err != nil {
			return i.damaged(names[n], err)
		}
		return i.taken(names[n], tally(receipts))
	})
}

// damaged tells of a file that was not taken; other errors end the import.
func (i *importing) damaged(name string, err error) error {
	if !isRefused(err) && stickSentence(err) == "" {
		return err
	}
	i.bad++
	_, failed := fmt.Fprintf(i.w.err, "vereda: %s: %s\n", name, sentence(err))
	return failed
}

func (i *importing) taken(name string, n map[record.Status]int) error {
	i.refused += n[record.Refused]
	_, err := fmt.Fprintf(i.w.out, "%s: %d stored, %d known already, %d set aside, %d refused\n", name,
		n[record.Stored], n[record.Known], n[record.Quarantined], n[record.Refused])
	return err
}

// folder imports what lies in a folder, and writes the answers.
func (i *importing) folder(name string, answer bool) error {
	disk, err := folderOf(name)
	if err != nil {
		return err
	}
	s, err := i.col.stick(i.w, i.keys)
	if err != nil {
		return err
	}
	t, failure := s.Take(i.w, disk)
	for _, one := range t.Batches {
		i.all++
		if err := i.taken(one.File, one.Statuses); err != nil {
			return err
		}
	}
	for _, one := range t.Damaged {
		i.all++
		if err := i.damaged(one.File, one.Err); err != nil {
			return err
		}
	}
	if failure != nil {
		return failure
	}
	if err := i.tell(name, t); err != nil || !answer {
		return err
	}
	answered, failure := s.Answer(i.w, disk)
	for _, a := range answered {
		if err := i.answered(a); err != nil {
			return err
		}
	}
	if text := stickSentence(failure); text != "" {
		return outcome{exitPartly, "all was taken, but the answers could not be written: " + text}
	}
	return failure
}

// tell says what else was found in a folder.
func (i *importing) tell(name string, t stick.Taken) (err error) {
	if len(t.Batches)+len(t.Damaged)+t.Media == 0 {
		_, err = fmt.Fprintf(i.w.out, "%s: nothing for this project\n", name)
	}
	if err == nil && t.Media > 0 {
		_, err = fmt.Fprintf(i.w.out, "%s taken\n", count(t.Media, "photo or other file"))
	}
	for _, dir := range t.Interrupted {
		fmt.Fprintf(i.w.err, "vereda: %s: the writing was interrupted; what is there was taken, the tablet writes the rest when the stick is put in again\n", dir)
	}
	for _, project := range t.Foreign {
		fmt.Fprintf(i.w.err, "vereda: %s: of another project; it was left alone\n", path.Join("vereda", shown(project)))
	}
	return err
}

func (i *importing) answered(a stick.Answered) error {
	text := fmt.Sprintf("%s written", entries(a.Entries))
	if string(a.Device.Role) == "collector" {
		text = fmt.Sprintf("%s written", count(a.Entries, "batch file"))
	}
	if a.Shut {
		text = "nothing: the device is revoked"
	}
	_, err := fmt.Fprintf(i.w.out, "answer to %s (%s): %s\n", a.Device.ID(), shown(a.Device.Name), text)
	return err
}

// batchExport is `vereda batch export`.
type batchExport struct {
	Out   string `required:"" placeholder:"DIR" help:"The folder, such as a stick's."`
	Since uint64 `placeholder:"PLACE" help:"Only what came after this place: the one that an export before printed."`
	Data  string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *batchExport) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	disk, err := folderOf(c.Out)
	if err != nil {
		return err
	}
	s, err := col.stick(w, nil)
	if err != nil {
		return err
	}
	done, err := s.Carry(w, disk, c.Since)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.out, "%s, %s; next time --since %d\n", count(done.Batches, "batch file"), count(done.Media, "photo or other file"), done.Next)
	return err
}

// readBatch opens a batch file, encrypted or not, or standard input for "-", in one of a batch.Opener's ways.
func readBatch(w *world, name string, open func(io.Reader) (*batch.Batch, error), keys []age.Identity) (*batch.Batch, error) {
	f, err := openFile(w, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return stick.OpenBatch(f, strings.HasSuffix(name, ".age"), open, keys...)
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}
