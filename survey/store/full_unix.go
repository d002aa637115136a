//go:build !windows

package store

import (
	"errors"
	"syscall"
)

// isFull reports whether an error says that there is no room: on the disk, for this user, or for a file so large.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
