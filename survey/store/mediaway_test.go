package store

import (
	"errors"
	"io"
	"strings"
	"testing"

	"vereda/survey/record"
)

// attached keeps a photo in a tablet's store, and what an answer says that has it.
func attached(t *testing.T, s *Store, content string) (record.Media, record.Value) {
	t.Helper()
	photo, err := s.PutMedia("image/jpeg", strings.NewReader(content))
	must(t, err)
	name, err := record.New(record.File, photo.FileName())
	must(t, err)
	return photo, name
}

// covered is the centre's word for files of tablet A.
func covered(files ...record.ID) record.Coverage {
	return record.Coverage{Archive: "C", Device: "A", Media: files, At: noon}
}

// Somebody attaches the same file as another tablet, whose revision comes here as well: that one is the other's to bring, and its interview may go. The file stays
// while somebody here may need it.
func TestATabletAnswersForTheFilesOfItsOwnRevisions(t *testing.T) {
	s, _ := fresh(t)
	photo, name := attached(t, s, "a page that everybody attaches")
	draft := begin(t, s, 1, record.Answers{"photo": name})
	other := begin(t, s, 2, record.Answers{"q": record.NewInteger(1)})
	must(t, s.Settle(central(finalize(t, s, other, "A", true), record.Stored, "")))
	b, err := record.Seal(record.Body{Interview: other, Form: "f", Version: "1", Device: "B", N: 1, After: record.Vector{"A": 1}, At: noon, Final: true, Set: record.Answers{"photo": name},
		Media: map[string]record.Media{photo.FileName(): photo}})
	must(t, err)
	accept(t, s, b.Entry())
	waits := func(want int) {
		t.Helper()
		n, _, err := s.PhotosLeft()
		must(t, err)
		pending, err := s.PendingMedia("B", 10)
		must(t, err)
		carried, err := s.UncoveredMedia()
		must(t, err)
		if n != want || len(pending) != want || len(carried) != want {
			t.Errorf("%d files wait, %d to be sent, %d for a stick; not %d", n, len(pending), len(carried), want)
		}
	}
	waits(0)
	if n, err := s.Forget(noon.AddDate(1, 0, 0)); n != 1 || err != nil {
		t.Fatalf("%d interviews were forgotten: %v", n, err)
	}
	finalize(t, s, draft, "A", true)
	waits(1)
	f, err := s.Media(photo.SHA256)
	must(t, err)
	if content, err := io.ReadAll(f); string(content) != "a page that everybody attaches" || err != nil {
		t.Errorf("%q, %v", content, err)
	}
}

// The centre says once that it has a file of a device: that counts also where the file comes here later, or again.
func TestWhatTheCentreHasNeedNotBeSentWhenItIsAttachedAgain(t *testing.T) {
	s, _ := fresh(t)
	photo, name := attached(t, s, "a page that everybody attaches")
	once := begin(t, s, 1, record.Answers{"photo": name})
	must(t, s.Settle(central(finalize(t, s, once, "A", true), record.Stored, "")))
	must(t, s.Covered(covered(photo.SHA256, record.ID{1})))
	if n, err := s.Forget(noon.AddDate(1, 0, 0)); n != 1 || err != nil {
		t.Fatalf("%d interviews were forgotten: %v", n, err)
	}
	if _, err := s.Media(photo.SHA256); !errors.Is(err, ErrNotFound) {
		t.Fatalf("the file should be gone: %v", err)
	}
	_, name = attached(t, s, "a page that everybody attaches")
	finalize(t, s, begin(t, s, 2, record.Answers{"photo": name}), "A", true)
	if n, _, err := s.PhotosLeft(); n != 0 || err != nil {
		t.Errorf("%d files wait for a centre that has them: %v", n, err)
	}
	c := covered()
	c.Archive = "D" // another centre begins anew
	must(t, s.Covered(c))
	if n, _, err := s.PhotosLeft(); n != 1 || err != nil {
		t.Errorf("%d files wait for a new centre: %v", n, err)
	}
}
