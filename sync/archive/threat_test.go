package archive

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vereda/survey/record"
	"vereda/sync/device"
)

// An enumerator's device cannot write in another one's name, nor say what only coordinators say, nor publish, nor revoke.
func TestAnEnumeratorSpeaksForHimselfAlone(t *testing.T) {
	a := openSQLite(t, t.TempDir(), testOptions())
	publish(t, a, "1", "questions")
	ana, eve := person("Ana", device.Enumerator), person("Eve", device.Enumerator)
	want(t, strings.Join(receive(t, a, ana, revise(t, ana, 1, 1, nil, "name=María").Entry()), ","), "stored")
	said := record.Said{Device: string(eve.ID()), At: clock()}
	verdict, err := record.Verdict{Interview: interviewID(1), Decision: record.Approved, Said: said}.Entry()
	if err != nil {
		t.Fatal(err)
	}
	setting, err := record.Setting{Name: "photos", Value: []byte(`{"link":"any"}`), Said: said}.Entry()
	if err != nil {
		t.Fatal(err)
	}
	got := receive(t, a, eve, revise(t, ana, 1, 2, nil, "name=Eve").Entry(), verdict, setting,
		entry(t, record.KindForm, formVersion("9", "others")), entry(t, record.KindRevocation, record.Revocation{V: 1, Device: string(ana.ID())}))
	want(t, strings.Join(got, ","), "refused not-yours,refused role,refused role,refused role,refused role")
	if err := a.Standing(t.Context(), ana.ID()); err != nil {
		t.Error(err)
	}
	if story, err := a.Story(t.Context(), interviewID(1)); err != nil || len(story.Steps) != 1 {
		t.Errorf("%+v, %v", story, err)
	}
}

// Who reads the database's files finds no code that an invitation was made with.
func TestTheDatabaseHoldsNoCodes(t *testing.T) {
	dir := t.TempDir()
	a := openSQLite(t, dir, testOptions())
	const code = "K7M4-P2QX"
	if err := a.Invite(t.Context(), code, device.Enumerator, 3, clock().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if role, err := a.Invited(t.Context(), code); err != nil || role != device.Enumerator {
		t.Fatal(role, err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(code)) || bytes.Contains(b, []byte(strings.ReplaceAll(code, "-", ""))) {
			t.Errorf("%s holds it", name)
		}
	}
}
