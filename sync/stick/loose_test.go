package stick_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vereda/survey/record"
	"vereda/sync/stick"
)

// chosen returns the files that a person would choose of a stick: all but photos, by their own names alone.
func chosen(t *testing.T, dir string) (files []stick.File) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(filepath.Dir(path)) == "media" {
			return err
		}
		files = append(files, stick.File{Name: filepath.Base(path), Open: func() (io.ReadCloser, error) { return os.Open(path) }})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// take has a collector take files that came without their folder, and answer them into another one.
func take(t *testing.T, c *stick.Collector, project string, files []stick.File, answer string) stick.Taken {
	t.Helper()
	l, err := stick.NewLoose(project, files)
	if err != nil {
		t.Fatal(err)
	}
	done, err := c.Take(background, l)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Answer(background, stick.Disk(answer)); err != nil {
		t.Fatal(err)
	}
	return done
}

// shelf counts the batches of a collector that another one is to get.
func shelf(t *testing.T, c *collector, to string) int {
	t.Helper()
	list, _, err := c.archive.Batches(background, to, 0, 1000, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// TestLooseFilesAreAnsweredAsTheStickItself lets the files of a stick come without their folders, those of a tablet and of a hub: what is taken, and where the answers
// begin, is as if the stick itself had come.
func TestLooseFilesAreAnsweredAsTheStickItself(t *testing.T) {
	w := newWorld(t, t.TempDir(), false)
	defer w.close()
	centre, hub := w.addCollector("Centro", true), w.addCollector("Valle", false)
	ana, beto := w.addTablet("Ana"), w.addTablet("Beto")
	written := func(tablets ...*tablet) string {
		dir := t.TempDir()
		for _, one := range tablets {
			one.save("")
			if _, err := one.stick().Write(stick.Disk(dir)); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	toHub := written(beto)
	if _, err := hub.stick().Take(background, stick.Disk(toHub)); err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		dir := written(ana)
		if _, err := hub.stick().Carry(background, stick.Disk(dir), 0); err != nil {
			t.Fatal(err)
		}
		files := chosen(t, dir)
		if round == 1 {
			slices.Reverse(files)
		}
		done := take(t, centre.stick(), w.project.ID, files, dir)
		if len(done.Damaged) > 0 || len(done.Batches) < 2 {
			t.Fatalf("round %d: %+v", round, done)
		}
		again, err := centre.stick().Take(background, stick.Disk(dir))
		if err != nil || len(again.Batches) != len(done.Batches) {
			t.Fatalf("round %d: %+v %v", round, again, err)
		}
		for _, one := range again.Batches {
			if one.Statuses[record.Stored] > 0 {
				t.Errorf("round %d: %s was not taken before", round, one.File)
			}
		}
		answers, err := ana.stick().Read(stick.Disk(dir))
		if err != nil || len(answers.Damaged) > 0 || answers.Covered != 1 || len(ana.left()) > 0 {
			t.Errorf("round %d: %+v %v; %d left", round, answers, err, len(ana.left()))
		}
		all, others := shelf(t, centre, ""), shelf(t, centre, hub.archive.ID())
		if all-others != 1 {
			t.Errorf("round %d: the hub gets %d of %d batches, and brought one", round, others, all)
		}
	}
}

// TestLooseFilesOfAnyName takes batches whatever they are called, the same name twice, and names of others what is wrong with them.
func TestLooseFilesOfAnyName(t *testing.T) {
	w := newWorld(t, t.TempDir(), false)
	defer w.close()
	centre := w.addCollector("Centro", true)
	var batches []stick.File
	for _, name := range []string{"Ana", "Beto"} {
		one, dir := w.addTablet(name), t.TempDir()
		one.save("")
		if _, err := one.stick().Write(stick.Disk(dir)); err != nil {
			t.Fatal(err)
		}
		for _, f := range chosen(t, dir) {
			if f.Name != stick.ManifestName {
				batches = append(batches, f)
			}
		}
	}
	text := func(name, content string) stick.File {
		return stick.File{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
	}
	done := take(t, centre.stick(), w.project.ID, []stick.File{
		{Name: "0.batch", Open: batches[0].Open}, {Name: "0.batch", Open: batches[1].Open}, {Name: "a/b (1).txt", Open: batches[0].Open},
		text("list.batch", "nothing"), text(stick.ManifestName, "nothing"), text(stick.ManifestName, `{"batches":[{"file":"gone.batch"}]}`)}, t.TempDir())
	stored := 0
	for _, one := range done.Batches {
		stored += one.Statuses[record.Stored]
	}
	if len(done.Batches) != 3 || stored != 2 {
		t.Errorf("%+v", done.Batches)
	}
	var list *stick.ManifestError
	lists := 0
	for _, one := range done.Damaged {
		if errors.As(one.Err, &list) {
			lists++
		}
	}
	if len(done.Damaged) != 3 || lists != 2 {
		t.Errorf("%+v", done.Damaged)
	}
}
