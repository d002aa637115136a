//go:build !linux

package fault

import "syscall"

func apart() *syscall.SysProcAttr { return nil }

func smallDisk(string, int) (mounted bool, err error) { return false, nil }

func removeDisk(string) error { return nil }
