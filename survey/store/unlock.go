//go:build unix && !solaris && !illumos && !aix && !android

package store

import (
	"os"
	"syscall"
)

// unlock gives up the lock on a file. Closing is not enough: a mapping of the file, which bbolt leaves behind when
// a broken file stops it, keeps the lock alive.
func unlock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
