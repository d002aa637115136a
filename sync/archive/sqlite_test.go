package archive

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"vereda/survey/fieldwork"
)

// limitPages makes the disk as full as if the database could have no more pages.
func limitPages(t *testing.T, a *Archive, pages int) {
	t.Helper()
	if _, err := a.db.writer.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
		t.Fatal(err)
	}
}

func TestFullDisk(t *testing.T) {
	a := openSQLite(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	receive(t, a, ana, revise(t, ana, 1, 1, nil, "head=Rosa").Entry())
	before := dump(t, a)
	limitPages(t, a, 1)
	long := revise(t, ana, 2, 1, nil, "head="+strings.Repeat("long ", 20_000))
	_, err := a.Receive(background, batchOf(ana, long.Entry()), "network")
	wantError(t, err, ErrFull)
	var coded interface{ Code() string }
	if !errors.As(err, &coded) || coded.Code() != "full" {
		t.Errorf("%v has no code for the wire", err)
	}
	want(t, dump(t, a), before)
	limitPages(t, a, 1<<20)
	want(t, receive(t, a, ana, long.Entry()), "stored")
	wantSound(t, a)
}

func TestNewerSchema(t *testing.T) {
	dir := t.TempDir()
	a := openSQLite(t, dir, testOptions())
	if _, err := a.db.writer.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)"); err != nil {
		t.Fatal(err)
	}
	a.Close()
	_, err := Open(background, dir, testOptions())
	wantError(t, err, ErrNewer)
}

func TestDamagedFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, fileName), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(background, dir, testOptions())
	wantError(t, err, ErrDamaged)
}

func TestClosed(t *testing.T) {
	a := openSQLite(t, t.TempDir(), testOptions())
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	wantError(t, a.SetSetting(background, "x", nil), ErrClosed)
	wantError(t, a.Close(), nil)
}

func TestAnotherProgramIsWriting(t *testing.T) {
	dir := t.TempDir()
	a, b := openSQLite(t, dir, testOptions()), openSQLite(t, dir, testOptions())
	if _, err := a.db.writer.Exec("PRAGMA busy_timeout = 1"); err != nil {
		t.Fatal(err)
	}
	err := b.write(background, "hold", func(*tx) error {
		wantError(t, a.SetSetting(background, "x", []byte("y")), ErrBusy)
		return nil
	})
	wantError(t, err, nil)
	wantError(t, a.SetSetting(background, "x", []byte("y")), nil)
}

// TestGroup: a change that fails does not take its neighbours with it, and leaves nothing behind.
func TestGroup(t *testing.T) {
	a := openSQLite(t, t.TempDir(), testOptions())
	put := func(name string, err error) *job {
		return &job{background, func(t *tx) error { return errors.Join(t.setSetting(name, []byte("x")), err) }, make(chan error, 1)}
	}
	wrong := errors.New("wrong")
	group := []*job{put("one", nil), put("two", wrong), put("three", nil)}
	a.commit(group)
	for i, expected := range []error{nil, wrong, nil} {
		wantError(t, <-group[i].done, expected)
	}
	for name, expected := range map[string]string{"one": "x", "two": "", "three": "x"} {
		value, err := a.Setting(background, name)
		want(t, fmt.Sprintln(string(value), err), strings.TrimSpace(expected+" <nil>"))
	}
}

// TestGivenUp: a caller whose context ends before its turn changes nothing and does not harm its neighbours.
func TestGivenUp(t *testing.T) {
	a := openSQLite(t, t.TempDir(), testOptions())
	ctx, cancel := context.WithCancel(background)
	gone := make(chan error, 1)
	err := a.write(background, "first", func(*tx) error {
		go func() { gone <- a.SetSetting(ctx, "x", []byte("gone")) }()
		cancel()
		return nil
	})
	wantError(t, err, nil)
	wantError(t, <-gone, context.Canceled)
	wantError(t, a.SetSetting(background, "z", nil), nil)
	value, err := a.Setting(background, "x")
	want(t, fmt.Sprintln(value == nil, err), "true <nil>")
}

const killDir = "VEREDA_ARCHIVE_KILL_DIR"

// TestReceiver is the program that TestKill kills: it receives interview after interview, settles now and then, and prints
// what was acknowledged.
func TestReceiver(t *testing.T) {
	dir := os.Getenv(killDir)
	if dir == "" {
		t.Skip("run by TestKill")
	}
	a := openSQLite(t, dir, testOptions())
	publish(t, a, "1", householdForm)
	n, err := a.Total(background, fieldwork.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for ; ; n++ {
		receive(t, a, ana, revise(t, ana, n, 1, nil, "head=Rosa", "roster/0001aaaaaa/name=Luis").Entry())
		fmt.Println("acknowledged", n)
		if n%7 == 0 {
			go a.Settle(background)
		}
	}
}

// TestKill kills a receiving program at moments that it cannot foresee; what it acknowledged is there.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("runs other programs")
	}
	dir := t.TempDir()
	for round := range 6 {
		acknowledged := runAndKill(t, dir, 3+round*11)
		a, err := Open(background, dir, testOptions())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Story(background, interviewID(acknowledged)); err != nil {
			t.Errorf("round %d: interview %d was acknowledged: %v", round, acknowledged, err)
		}
		if n, err := a.Total(background, fieldwork.Filter{}); err != nil || n < acknowledged+1 {
			t.Errorf("round %d: %d interviews of %d acknowledged: %v", round, n, acknowledged+1, err)
		}
		wantSound(t, a)
		a.Close()
	}
}

// runAndKill kills the receiver after it has acknowledged a number of interviews, and returns the last one it acknowledged.
func runAndKill(t *testing.T, dir string, after int) (last int) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestReceiver$")
	child.Env = append(os.Environ(), killDir+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for seen := 0; lines.Scan(); {
		number, found := strings.CutPrefix(lines.Text(), "acknowledged ")
		if !found {
			continue
		}
		if last, err = strconv.Atoi(number); err != nil {
			t.Fatal(err)
		}
		if seen++; seen == after {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	child.Wait()
	if last == 0 {
		t.Fatal("the receiver acknowledged nothing")
	}
	return last
}
