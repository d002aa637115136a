package stick_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"vereda/sync/stick"
)

// TestThereAndBack is the usual way.
func TestThereAndBack(t *testing.T) {
	for _, encrypted := range []bool{false, true} {
		w := newWorld(t, t.TempDir(), encrypted)
		defer w.close()
		centre, tablet := w.addCollector("centre", true), w.addTablet("tablet")
		tablet.save("a photo")
		tablet.save("")
		folder := stick.Disk(t.TempDir())
		on := tablet.stick()
		written, err := on.Write(folder)
		w.must(err)
		if written.Entries != 2 || written.Interviews != 2 || written.Files != 1 || written.Media != 1 || written.Kept != 0 {
			t.Errorf("%+v", written)
		}
		if n := len(tablet.left()); n != 3 {
			t.Errorf("%d left after writing", n)
		}
		s := centre.stick()
		taken, err := s.Take(background, folder)
		w.must(err)
		if len(taken.Batches) != 1 || taken.Media != 1 || len(taken.Damaged)+len(taken.Interrupted)+taken.Waiting > 0 {
			t.Errorf("%+v", taken)
		}
		answered, err := s.Answer(background, folder)
		w.must(err)
		if len(answered) != 1 || answered[0].Entries != 3 {
			t.Errorf("%+v", answered)
		}
		answers, err := on.Read(folder)
		w.must(err)
		if n := len(tablet.left()); n != 0 || answers.Covered != 2 || answers.Received != 1 {
			t.Errorf("%d left, %+v", n, answers)
		}
	}
}

// A batch that was lost on the way leaves its photo behind: when the batch comes, on another stick, the photo is covered with it.
func TestAPhotoBeforeItsInterview(t *testing.T) {
	w := newWorld(t, t.TempDir(), false)
	defer w.close()
	centre, tablet := w.addCollector("centre", true), w.addTablet("tablet")
	tablet.save("a photo")
	for _, whole := range []bool{false, true} {
		dir := t.TempDir()
		folder, s := stick.Disk(dir), centre.stick()
		_, err := tablet.stick().Write(folder)
		w.must(err)
		if batches, _ := filepath.Glob(filepath.Join(dir, "vereda", "*", "from", "*", "*.batch")); !whole {
			if len(batches) != 1 {
				t.Fatal(batches)
			}
			w.must(os.WriteFile(batches[0], []byte("damaged"), 0o600))
		}
		taken, err := s.Take(background, folder)
		w.must(err)
		if whole != (taken.Media == 0) {
			t.Fatalf("%+v", taken)
		}
		_, err = s.Answer(background, folder)
		w.must(err)
		_, err = tablet.stick().Read(folder)
		w.must(err)
	}
	if left := tablet.left(); len(left) != 0 {
		t.Errorf("%v left", left)
	}
}

// A centre that was set up anew says so on sticks, too: what the centre before had covered is written once more.
func TestAStickTellsOfANewCentre(t *testing.T) {
	w := newWorld(t, t.TempDir(), false)
	defer w.close()
	tablet := w.addTablet("tablet")
	tablet.save("a photo")
	for _, name := range []string{"centre", "new centre"} {
		centre := w.addCollector(name, true)
		w.now = w.now.Add(time.Hour) // archives' IDs grow with time
		w.must(centre.archive.Announce(background))
		for round, left := range []int{2, 0} {
			folder, s := stick.Disk(t.TempDir()), centre.stick()
			_, err := tablet.stick().Write(folder)
			w.must(err)
			_, err = s.Take(background, folder)
			w.must(err)
			_, err = s.Answer(background, folder)
			w.must(err)
			_, err = tablet.stick().Read(folder)
			w.must(err)
			if name == "centre" {
				left = 0
			}
			if got := len(tablet.left()); got != left {
				t.Errorf("%s, stick %d: %d left, not %d", name, round+1, got, left)
			}
		}
		tablet.holds(centre)
	}
}
