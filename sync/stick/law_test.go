package stick_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vereda/sync/stick"
)

// TestMain makes do with fewer runs of the law than a package without disks would: -rapid.checks says otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", "20"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// pulled is a folder on a stick that is pulled after so many bytes, read and written, and so many operations.
type pulled struct {
	stick.Disk
	bytes int
}

var errPulled = errors.New("the stick is gone")

func (p *pulled) spend(n int) error {
	if p.bytes -= n; p.bytes < 0 {
		return errPulled
	}
	return nil
}

func (p *pulled) List(name string) (files, folders []string, err error) {
	if err := p.spend(10); err != nil {
		return nil, nil, err
	}
	return p.Disk.List(name)
}

func (p *pulled) Remove(name string) error {
	if err := p.spend(10); err != nil {
		return err
	}
	return p.Disk.Remove(name)
}

func (p *pulled) Open(name string) (io.ReadCloser, error) {
	if err := p.spend(10); err != nil {
		return nil, err
	}
	f, err := p.Disk.Open(name)
	return struct {
		io.Reader
		io.Closer
	}{reader{f, p}, f}, err
}

type reader struct {
	io.Reader
	p *pulled
}

func (r reader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if spent := r.p.spend(n); spent != nil {
		return 0, spent
	}
	return n, err
}

// Write leaves behind what a stick that is pulled does: the beginning of the file, under the name of what is not whole.
func (p *pulled) Write(name string, write func(io.Writer) error) error {
	var out strings.Builder
	if err := write(&out); err != nil {
		return err
	}
	all := out.String()
	if err := p.spend(len(all) + 10); err != nil {
		litter := filepath.Join(string(p.Disk), filepath.Dir(name), ".writing-x")
		_ = os.WriteFile(litter, []byte(all[:len(all)/2]), 0o600) // the folder may not be there yet
		return err
	}
	return p.Disk.Write(name, func(w io.Writer) error { _, err := io.WriteString(w, all); return err })
}

// field is a world in which anything may happen to sticks.
type field struct {
	*world
	t       *rapid.T
	centre  *collector
	hub     *collector
	tablets []*tablet
	sticks  []string
}

// TestNothingIsLostOnSticks: tablets write and read, collectors take and answer, sticks are pulled at any byte, copied, damaged and mixed up; never does anything
// leave an outbox that the centre does not have, and in the end, when all goes well once, the centre has everything and no tablet has anything left.
func TestNothingIsLostOnSticks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(rt, dir, rapid.Bool().Draw(rt, "encrypted"))
		defer w.close()
		f := &field{world: w, t: rt, centre: w.addCollector("centre", true), hub: w.addCollector("hub", false)}
		for i := range rapid.IntRange(1, 3).Draw(rt, "tablets") {
			f.tablets = append(f.tablets, w.addTablet(fmt.Sprint("tablet", i)))
		}
		for i := range rapid.IntRange(1, 2).Draw(rt, "sticks") {
			f.sticks = append(f.sticks, filepath.Join(dir, fmt.Sprint("stick", i)))
			w.must(os.Mkdir(f.sticks[i], 0o700))
		}
		for range rapid.IntRange(5, 40).Draw(rt, "acts") {
			f.act()
			for _, tablet := range f.tablets {
				tablet.holds(f.centre)
			}
		}
		f.end()
	})
}

// folder is a stick in somebody's hand; whole says that it is not pulled.
func (f *field) folder() (folder stick.Folder, whole bool) {
	disk := stick.Disk(rapid.SampledFrom(f.sticks).Draw(f.t, "stick"))
	if rapid.Bool().Draw(f.t, "whole") {
		return disk, true
	}
	return &pulled{disk, rapid.IntRange(0, 6000).Draw(f.t, "bytes")}, false
}

// check fails the test for an error other than that of a stick that was pulled.
func (f *field) check(whole bool, err error) {
	f.t.Helper()
	var gone *stick.FolderError
	if err == nil || !whole && errors.As(err, &gone) && gone.Reason == stick.Gone {
		return
	}
	f.t.Fatal(err)
}

func (f *field) act() {
	folder, whole := f.folder()
	tablet := f.tablets[rapid.IntRange(0, len(f.tablets)-1).Draw(f.t, "tablet")]
	c := f.centre
	if rapid.IntRange(0, 2).Draw(f.t, "at") == 2 {
		c = f.hub
	}
	switch rapid.SampledFrom([]string{"save", "save", "photo", "write", "write", "take", "take", "read", "read", "carry", "copy", "damage", "lose"}).Draw(f.t, "act") {
	case "save":
		tablet.save("")
	case "photo":
		tablet.save(strings.Repeat(fmt.Sprint("photo ", f.made), rapid.IntRange(1, 200).Draw(f.t, "size")))
	case "write":
		_, err := tablet.stick().Write(folder)
		f.check(whole, err)
	case "read":
		_, err := tablet.stick().Read(folder)
		f.check(whole, err)
	case "take":
		s := c.stick()
		_, err := s.Take(background, folder)
		f.check(whole, err)
		_, err = s.Answer(background, folder)
		f.check(whole, err)
	case "carry":
		_, err := c.stick().Carry(background, folder, 0)
		f.check(whole, err)
	case "copy":
		from, to := f.sticks[0], f.sticks[len(f.sticks)-1]
		if from != to {
			f.must(os.RemoveAll(to))
			f.must(os.CopyFS(to, os.DirFS(from)))
		}
	case "damage":
		f.damage()
	case "lose":
		lost := rapid.SampledFrom(f.sticks).Draw(f.t, "lost")
		f.must(os.RemoveAll(lost))
		f.must(os.Mkdir(lost, 0o700))
	}
}

// damage changes, cuts or removes one file of a stick.
func (f *field) damage() {
	var all []string
	dir := rapid.SampledFrom(f.sticks).Draw(f.t, "damaged")
	f.must(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return err
	}))
	if len(all) == 0 {
		return
	}
	name := rapid.SampledFrom(all).Draw(f.t, "file")
	b, err := os.ReadFile(name)
	f.must(err)
	switch {
	case len(b) == 0 || rapid.Bool().Draw(f.t, "remove"):
		f.must(os.Remove(name))
		return
	case rapid.Bool().Draw(f.t, "cut"):
		b = b[:rapid.IntRange(0, len(b)-1).Draw(f.t, "at")]
	default:
		b[rapid.IntRange(0, len(b)-1).Draw(f.t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(f.t, "bit")
	}
	f.must(os.WriteFile(name, b, 0o600))
}

// end lets everything go well once, on a fresh stick, by way of the hub for those it is for.
func (f *field) end() {
	last := stick.Disk(filepath.Join(f.dir, "last"))
	f.must(os.Mkdir(string(last), 0o700))
	for _, t := range f.tablets {
		_, err := t.stick().Write(last)
		f.must(err)
	}
	s := f.centre.stick()
	taken, err := s.Take(background, last)
	f.must(err)
	if len(taken.Damaged)+len(taken.Interrupted) > 0 {
		f.t.Fatalf("%+v", taken)
	}
	_, err = s.Answer(background, last)
	f.must(err)
	for _, t := range f.tablets {
		for _, id := range t.all {
			if _, err := f.centre.archive.Entry(background, id); err != nil {
				f.t.Fatalf("%s: the centre lacks %s: %v", t.name, id, err)
			}
		}
		read := t.stick()
		answers, err := read.Read(last)
		f.must(err)
		if len(t.left()) > 0 {
			f.t.Fatalf("%s: %d left, %+v", t.name, len(t.left()), answers)
		}
	}
	findings, err := f.centre.archive.Verify(background)
	f.must(err)
	if len(findings) > 0 {
		f.t.Fatal(findings)
	}
}
