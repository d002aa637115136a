//go:build !unix || solaris || illumos || aix || android

package store

import "os"

// unlock does nothing: here closing a file gives up its lock.
func unlock(*os.File) {}
