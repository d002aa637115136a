package stick_test

import (
	"testing"

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
