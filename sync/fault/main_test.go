package fault

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
)

const (
	insideVariable = "VEREDA_FAULT_INSIDE" // the tests run in the process that TestMain made for them
	mountVariable  = "VEREDA_FAULT_MOUNT"  // and may mount disks there
)

// The tests run in a process of their own: the go command has a test write down which files it opens, into a file that stands under the
// same limit as the world's disks do; and small disks are mounted where nobody else sees them. What the tests tell is never kept for the next time.
// The same binary is the tablets that are killed.
func TestMain(m *testing.M) {
	if order := os.Getenv(tabletVariable); order != "" {
		os.Exit(beTablet(order))
	}
	if os.Getenv(insideVariable) != "" {
		code := m.Run()
		removePrepared()
		os.Exit(code)
	}
	args := slices.DeleteFunc(slices.Clone(os.Args[1:]), func(arg string) bool { return strings.HasPrefix(arg, "-test.testlogfile=") })
	err := inside(args, apart())
	if errors.Is(err, os.ErrPermission) {
		err = inside(args, nil)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		os.Exit(max(exit.ExitCode(), 1))
	}
	if err != nil {
		panic(err)
	}
}

// inside runs the tests in a process of their own.
func inside(args []string, how *syscall.SysProcAttr) error {
	tests := exec.Command(os.Args[0], args...)
	tests.Stdout, tests.Stderr, tests.SysProcAttr = os.Stdout, os.Stderr, how
	tests.Env = append(os.Environ(), insideVariable+"=1")
	if how != nil {
		tests.Env = append(tests.Env, mountVariable+"=1")
	}
	return tests.Run()
}
