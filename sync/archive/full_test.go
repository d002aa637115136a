//go:build unix

package archive

import (
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

const fullDir = "VEREDA_ARCHIVE_FULL_DIR"

// TestFillUp is the program that TestTheSystemSaysFull runs, because its limit cannot be taken back everywhere.
func TestFillUp(t *testing.T) {
	dir := os.Getenv(fullDir)
	if dir == "" {
		t.Skip("run by TestTheSystemSaysFull")
	}
	signal.Ignore(syscall.SIGXFSZ)
	a := openSQLite(t, dir, testOptions())
	publish(t, a, "1", householdForm)
	a.Close() // the write-ahead log begins anew
	a = openSQLite(t, dir, testOptions())
	receive(t, a, ana, revise(t, ana, 1, 1, nil, "head=Rosa").Entry())
	before := dump(t, a)
	limit := syscall.Rlimit{}
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	small := limit
	small.Cur = min(probeSize-1, limit.Max)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		t.Fatal(err)
	}
	long := revise(t, ana, 2, 1, nil, "head="+strings.Repeat("long ", 100_000))
	_, err := a.Receive(background, batchOf(ana, long.Entry()), "network")
	wantError(t, err, ErrFull)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	want(t, dump(t, a), before)
	want(t, receive(t, a, ana, long.Entry()), "stored")
	wantSound(t, a)
}

// TestTheSystemSaysFull: a limit on the size of files stands in for a full disk. It needs no rights, and the writes fail at the
// same places.
func TestTheSystemSaysFull(t *testing.T) {
	child := exec.Command(os.Args[0], "-test.run=^TestFillUp$", "-test.v")
	child.Env = append(os.Environ(), fullDir+"="+t.TempDir())
	if out, err := child.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestFillUp") {
		t.Errorf("%v\n%s", err, out)
	}
}
