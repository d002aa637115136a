package archive

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// listRules flag every interview until the form's list is here. While they judge for the first time, the list comes.
type listRules struct {
	archive func() *Archive
	list    []byte
	arrives sync.Once
	err     error
}

func (r *listRules) Review(m record.Merged) (string, []fieldwork.Flag) {
	a := r.archive()
	here, err := a.HereMedia(background, []record.ID{sha256.Sum256(r.list)})
	r.arrives.Do(func() { _, r.err = a.PutMedia(background, "text/csv", bytes.NewReader(r.list)) })
	if err != nil || len(here) == 0 {
		return m.Answers["head"].String(), []fieldwork.Flag{{Path: "head", Kind: "rules", Message: "the list is not here"}}
	}
	return m.Answers["head"].String(), nil
}

// An interview that is being merged while a file of its form comes is merged again with the file.
func TestAFileComesWhileInterviewsAreMerged(t *testing.T) {
	var a *Archive
	rules := &listRules{archive: func() *Archive { return a }, list: []byte("town\nBaroa\n")}
	o := testOptions()
	o.Rules = rules
	a = openSQLite(t, t.TempDir(), o)
	f := formVersion("1", householdForm)
	f.Files = []record.FormFile{{Name: "towns.csv", Media: record.Media{SHA256: sha256.Sum256(rules.list), Size: int64(len(rules.list)), Type: "text/csv"}}}
	if err := a.Publish(background, f); err != nil {
		t.Fatal(err)
	}
	receive(t, a, ana, revise(t, ana, 1, 1, nil, "head=Rosa").Entry())
	if err := a.Settle(background); err != nil || rules.err != nil {
		t.Fatal(err, rules.err)
	}
	story, err := a.Story(background, interviewID(1))
	if err != nil || len(story.Flags) > 0 {
		t.Errorf("flags %v, %v", story.Flags, err)
	}
	wantSound(t, a)
}

// A file that has been damaged here is set aside when it comes again, and is asked for: nothing says that it is here.
func TestADamagedFileIsNotHere(t *testing.T) {
	a := openSQLite(t, t.TempDir(), testOptions())
	m, err := a.PutMedia(background, "image/jpeg", bytes.NewReader([]byte("a photo")))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(a.mediaPath(m.SHA256), []byte("a ph0to"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantError(t, a.ReceiveMedia(background, m.SHA256, filepath.Join(t.TempDir(), "taken"), "", ""), ErrSpoilt)
	list, _, err := a.MediaAfter(background, "", 0, 10)
	if here, err2 := a.HereMedia(background, []record.ID{m.SHA256}); err != nil || err2 != nil || len(list)+len(here) > 0 {
		t.Errorf("%v, %v, %v, %v", list, err, here, err2)
	}
	wantSound(t, a)
}
