package stick

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Folder is what was chosen on a stick, a card or a disk. Names are relative to it, with slashes. Errors are as package fs's. Files may
// be opened by several goroutines at once.
type Folder interface {
	// List returns the names of the files and of the folders in a folder, sorted; none where there is no such folder.
	List(name string) (files, folders []string, err error)
	Open(name string) (io.ReadCloser, error)
	// Write makes a file, and the folders it lies in: when it returns nil the disk has it, whole and under its name; else there is no such
	// file, or the one before it.
	Write(name string, write func(io.Writer) error) error
	Remove(name string) error
}

// Disk is a folder of this machine by its path, in which sticks and cards appear too.
type Disk string

func (d Disk) path(name string) string { return filepath.Join(string(d), filepath.FromSlash(name)) }

// List lists a folder.
func (d Disk) List(name string) (files, folders []string, err error) {
	entries, err := os.ReadDir(d.path(name))
	if errors.Is(err, fs.ErrNotExist) && name != "" {
		return nil, nil, nil
	}
	for _, e := range entries {
		switch {
		case e.IsDir():
			folders = append(folders, e.Name())
		case e.Type().IsRegular():
			files = append(files, e.Name())
		}
	}
	slices.Sort(files)
	slices.Sort(folders)
	return files, folders, err
}

// Open opens a file.
func (d Disk) Open(name string) (io.ReadCloser, error) { return os.Open(d.path(name)) }

// Remove removes a file.
func (d Disk) Remove(name string) error { return os.Remove(d.path(name)) }

// Write writes a file under another name, waits until the disk has it, and gives it its name.
func (d Disk) Write(name string, write func(io.Writer) error) (err error) {
	final := d.path(name)
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(final), writingPrefix+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name()) // where the stick is gone, Write sweeps it away another time
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) {
		return err // sticks know no permissions
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), final); err != nil {
		return err
	}
	syncFolder(filepath.Dir(final))
	return nil
}

// syncFolder makes a new name durable, where the system knows such a thing.
func syncFolder(name string) {
	if d, err := os.Open(name); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// sweep removes what was left half written in a folder.
func sweep(f Folder, name string) {
	files, _, err := f.List(name)
	if err != nil {
		return
	}
	for _, file := range files {
		if strings.HasPrefix(file, writingPrefix) {
			_ = f.Remove(name + "/" + file)
		}
	}
}

// FolderReason says why a folder could not be written or read.
type FolderReason string

// The reasons.
const (
	Full     FolderReason = "full"      // no space left
	ReadOnly FolderReason = "read-only" // it may not be written to
	Gone     FolderReason = "gone"      // it is not there, or not any more: pulled, or damaged
)

// FolderError says that the folder itself failed. Nothing was lost by that: what stands in it is whole, and the rest is written another time.
type FolderError struct {
	Reason FolderReason
	Err    error
}

func (e *FolderError) Error() string {
	return "stick: the folder failed (" + string(e.Reason) + "): " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *FolderError) Unwrap() error { return e.Err }

// folderFailed says an error of a Folder; nil stays nil.
func folderFailed(err error) error {
	var known *FolderError
	if err == nil || errors.As(err, &known) {
		return err
	}
	reason := Gone
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, errDiskFull):
		reason = Full
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		reason = ReadOnly
	}
	return &FolderError{reason, err}
}

// errDiskFull is Windows' ERROR_DISK_FULL.
const errDiskFull = syscall.Errno(112)
