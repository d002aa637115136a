package store

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"

	bolt "go.etcd.io/bbolt"

	"vereda/survey/store/seal"
)

// bbolt does not wipe pages that it no longer uses: what was sealed could still be read in them. So Protect ends by copying
// the file's content into a fresh one that takes the place of the old one at once, by renaming. The lock of the fresh file says On: a
// file whose lock says TurningOn has not come so far, and the copy is made again.
const (
	freshSuffix = ".fresh"
	freshCommit = 4 << 20 // bytes in one transaction
)

// writeFresh puts a fresh copy in the place of the file. All other verbs wait meanwhile.
func (s *Store) writeFresh() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.exchange.Lock()
	defer s.exchange.Unlock()
	v := s.vaultNow()
	if v.locked() {
		return ErrSealed
	}
	v.mode = seal.On
	s.causes.forget()
	db, file, err := s.copyFresh(v)
	if err == nil {
		err = s.takeOver(db, file)
	}
	if err != nil {
		_ = os.Remove(s.path + freshSuffix)
		if full := s.causes.full(); full != nil || isFull(err) {
			return errors.Join(ErrFull, err)
		}
		return err
	}
	s.keys.mu.Lock()
	if !s.keys.vault.locked() {
		s.keys.vault = v
	} else {
		s.keys.vault.mode = v.mode
	}
	s.keys.mu.Unlock()
	return nil
}

// copyFresh makes the copy. It is durable, and still open.
func (s *Store) copyFresh(v vault) (db *bolt.DB, file *os.File, err error) {
	if err := os.Remove(s.path + freshSuffix); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, err
	}
	err = guarded("copy", func() (err error) {
		if db, err = openFile(s.path+freshSuffix, s.causes, &file); err != nil {
			return err
		}
		db.NoSync = true
		if err := bolt.Compact(db, s.db, freshCommit); err != nil {
			return err
		}
		err = db.Update(func(b *bolt.Tx) error {
			tx := &transaction{b, v}
			l, err := getLock(tx)
			if err != nil {
				return err
			}
			return errors.Join(l.SetMode(v.mode, v.cipher), putLock(tx, l))
		})
		db.NoSync = false
		return errors.Join(err, db.Sync())
	})
	if err != nil && db != nil {
		_ = guarded("close", db.Close)
	}
	return db, file, err
}

// takeOver renames the copy, and works on with it. Where the system allows it the copy is open, and locked, all the
// time, so that no other program comes between.
func (s *Store) takeOver(db *bolt.DB, file *os.File) error {
	if runtime.GOOS != "windows" {
		if err := os.Rename(s.path+freshSuffix, s.path); err != nil {
			return errors.Join(err, db.Close())
		}
		_ = s.closeFile()
		s.db, s.file = db, file
		return syncFolder(filepath.Dir(s.path))
	}
	if err := errors.Join(db.Close(), s.closeFile()); err != nil {
		return err
	}
	renamed := os.Rename(s.path+freshSuffix, s.path)
	var err error
	s.db, err = openFile(s.path, s.causes, &s.file)
	return errors.Join(renamed, err)
}

// syncFolder makes a renaming durable. A file system that cannot sync folders has its own ways.
func syncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}

// wipeFree overwrites the pages that the file does not use: in one of them may be the lock of the PIN before.
func (s *Store) wipeFree() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.exchange.Lock() // nobody is reading what the last transaction replaced
	defer s.exchange.Unlock()
	return guarded("wipe", func() error {
		size := s.db.Info().PageSize
		zeros := make([]byte, size)
		err := s.db.View(func(tx *bolt.Tx) error {
			for id := 2; ; id++ {
				info, err := tx.Page(id)
				if err != nil || info == nil {
					return err
				}
				if info.Type != "free" {
					id += info.OverflowCount
					continue
				}
				if _, err := s.file.WriteAt(zeros, int64(id)*int64(size)); err != nil {
					return err
				}
			}
		})
		return errors.Join(err, s.file.Sync())
	})
}
