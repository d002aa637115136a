package store

import (
	"errors"
	"syscall"
)

// Windows says that a disk is full in two ways: ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL (winerror.h).
func isFull(err error) bool {
	return errors.Is(err, syscall.Errno(39)) || errors.Is(err, syscall.Errno(112))
}
