package fault

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The go command has a test write down which files it opens, into a file that stands under the same limit as the world's disks do. So
// the tests run in a process of their own that writes no such file; what they tell is never kept for the next time.
func TestMain(m *testing.M) {
	args := slices.DeleteFunc(slices.Clone(os.Args[1:]), func(arg string) bool { return strings.HasPrefix(arg, "-test.testlogfile=") })
	if len(args) == len(os.Args)-1 {
		os.Exit(m.Run())
	}
	rounds := exec.Command(os.Args[0], args...)
	rounds.Stdout, rounds.Stderr = os.Stdout, os.Stderr
	err := rounds.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		os.Exit(max(exit.ExitCode(), 1))
	}
	if err != nil {
		panic(err)
	}
}
