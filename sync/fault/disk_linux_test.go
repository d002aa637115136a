package fault

import (
	"fmt"
	"os"
	"syscall"
)

// apart gives the tests' process mounts of its own, where it may have them: they end with it, however it ends.
func apart() *syscall.SysProcAttr {
	if os.Getuid() != 0 {
		return nil
	}
	return &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
}

// smallDisk makes a folder a disk of its own, of so many bytes, where that is allowed; else it can never be full.
func smallDisk(folder string, size int) (mounted bool, err error) {
	if os.Getenv(mountVariable) == "" {
		return false, nil
	}
	return true, syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%d", size))
}

func removeDisk(folder string) error { return syscall.Unmount(folder, syscall.MNT_DETACH) }
