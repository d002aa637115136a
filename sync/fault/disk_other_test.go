//go:build !linux

package fault

import (
	"os"
	"os/exec"
	"syscall"
)

func apart() *syscall.SysProcAttr { return nil }

// inside runs the tests.
func inside(args []string, how *syscall.SysProcAttr) error {
	tests := exec.Command(os.Args[0], args...)
	tests.Stdout, tests.Stderr, tests.SysProcAttr = os.Stdout, os.Stderr, how
	tests.Env = append(os.Environ(), insideVariable+"=1")
	return tests.Run()
}

func smallDisk(string, int) (mounted bool, err error) { return false, nil }

func removeDisk(string) error { return nil }
