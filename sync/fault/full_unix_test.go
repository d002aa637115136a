//go:build unix

package fault

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// A limit on the size of files stands in for a full disk: it needs no rights, and writes fail at the same places.

var unlimited = func() (l syscall.Rlimit) {
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &l); err != nil {
		panic(err)
	}
	return l
}()

// onFullDisk runs an act while no file can grow beyond a size, which some file of the world is near.
func (w *world) onFullDisk(do func() error) error {
	var sizes []int64
	for _, pattern := range []string{"tablet*", "*/archive.db", "*/archive.db-wal", "*/media/uploads/*"} {
		names, err := filepath.Glob(filepath.Join(w.dir, pattern))
		w.must(err)
		for _, name := range names {
			if i, err := os.Stat(name); err == nil {
				sizes = append(sizes, i.Size())
			}
		}
	}
	limit := unlimited
	limit.Cur = uint64(pick(w, sizes)) + uint64(w.some(3)*w.some(30_000))
	w.must(syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
	defer liftLimit()
	return do()
}

func liftLimit() {
	limit := unlimited
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		panic(err)
	}
}
