// Package store is the tablet's memory: one bbolt file with forms, drafts, revisions, outbox, media and settings.
//
// Each verb that changes something is exactly one transaction with its fsync: when it returns nil, what it was
// given survives the end of the program and of the tablet's battery. When it returns an error, nothing was changed.
// Two kinds are special: ErrFull (make room and do it again) and *DamageError (the file itself is broken).
//
// # Layout
//
// The file has these buckets; all numbers in keys are big-endian, so that keys sort as numbers do.
//
//	meta        "format" -> "2"; "centre" -> archive of the project's central collector; "understood" -> what entries could be read
//	settings    name -> bytes
//	forms       form 0x00 version -> name of the file and order of arrival (JSON)
//	sources     form 0x00 version -> the workbook
//	interviews  interview, 16 bytes -> header (JSON): what the list shows, and what a draft's author has seen
//	answers     interview, path -> 'p' (people's) or 'd' (derived), value (JSON); drafts only
//	revisions   interview, revision ID, 32 bytes -> the revision's bytes
//	outbox      number, 8 bytes, in the order of finalizing -> interview, revision ID, 'd' for a backup: what the centre has not covered
//	places      interview, revision ID -> its number in the outbox
//	receipts    interview, revision ID, archive -> what that archive answered for the revision (JSON)
//	batches     batch ID -> interview and revision ID of each entry that it held, until the centre covers it
//	archives    archive -> name, cursor, when it was met (JSON)
//	said        kind 0x00 subject 0x00 entry ID -> verdict, assignment or setting, as it came
//	forgotten   interview -> header of one that was removed, and what was known of it
//	there       SHA-256 -> nothing: files that the centre has whole
//	aside       number, 8 bytes -> kind 0x00 bytes of an entry that was not understood
//	seen        entry ID, kind -> nothing: what is in aside already
//	revoked     device -> nothing
//	media       SHA-256 -> number of the chunks, size, type (JSON)
//	chunks      number, 8 bytes, and place, 4 bytes -> up to 256 kB of a file
//	paradata    interview, number, 8 bytes -> row of the log of how the interview was held
//
// Interview IDs are UUIDv7, so that new ones are written at the end of the tree. Every value carries a CRC-32C of key
// and value behind it: bbolt itself has none, and a flipped bit must not become an answer.
package store

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// ErrNotFound says that the store has no such thing. ErrFull says that the disk is full: nothing was written, nothing lost.
var (
	ErrNotFound = errors.New("store: not found")
	ErrFull     = errors.New("store: no space left on the device")
	ErrLocked   = errors.New("store: another program has the file open")
	ErrNotDraft = errors.New("store: the interview is not a draft")
	ErrExists   = errors.New("store: the interview exists already")
)

// VersionError says that the file was written by a newer version of the program.
type VersionError struct{ Format string }

func (e *VersionError) Error() string {
	return fmt.Sprintf("store: the file has format %.20q; this program knows %s", e.Format, format)
}

// DamageError says that the file is broken. Nothing in it has been changed.
type DamageError struct {
	Where string // bucket, or what was being done
	Cause error
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("store: the file is damaged (%s): %v", e.Where, e.Cause)
}

// Unwrap returns the cause.
func (e *DamageError) Unwrap() error { return e.Cause }

const (
	format      = "2"
	lockTimeout = 500 * time.Millisecond
)

var (
	bucketMeta       = []byte("meta")
	bucketSettings   = []byte("settings")
	bucketForms      = []byte("forms")
	bucketSources    = []byte("sources")
	bucketInterviews = []byte("interviews")
	bucketAnswers    = []byte("answers")
	bucketRevisions  = []byte("revisions")
	bucketOutbox     = []byte("outbox")
	bucketPlaces     = []byte("places")
	bucketReceipts   = []byte("receipts")
	bucketBatches    = []byte("batches")
	bucketArchives   = []byte("archives")
	bucketSaid       = []byte("said")
	bucketForgotten  = []byte("forgotten")
	bucketThere      = []byte("there")
	bucketAside      = []byte("aside")
	bucketSeen       = []byte("seen")
	bucketRevoked    = []byte("revoked")
	bucketMedia      = []byte("media")
	bucketChunks     = []byte("chunks")
	bucketParadata   = []byte("paradata")

	buckets = [][]byte{bucketMeta, bucketSettings, bucketForms, bucketSources, bucketInterviews, bucketAnswers, bucketRevisions,
		bucketOutbox, bucketPlaces, bucketReceipts, bucketBatches, bucketArchives, bucketSaid, bucketForgotten, bucketThere, bucketAside,
		bucketSeen, bucketRevoked, bucketMedia, bucketChunks, bucketParadata}

	keyFormat     = []byte("format")
	keyCentre     = []byte("centre")
	keyUnderstood = []byte("understood")
)

// Store is an open file. Safe for concurrent use.
type Store struct {
	db       *bolt.DB
	path     string
	writing  sync.Mutex   // one writer at a time, as bbolt has it: causes are those of its transaction
	exchange sync.RWMutex // held by readers, and by who puts another file in the place of this one (and holds writing too)
	causes   *causes
	file     *os.File // that bbolt opened
	keys     keyring
}

// Open opens or makes the file. A file of a newer version is refused with *VersionError, a broken one with
// *DamageError, one that another program has open with ErrLocked after half a second.
func Open(path string) (*Store, error) {
	if i, err := os.Stat(path); err == nil && i.Mode().IsRegular() && i.Size() > 0 && i.Size() < smallest {
		return nil, &DamageError{"open", fmt.Errorf("%d bytes are less than any store has", i.Size())}
	}
	s := &Store{path: path, causes: newCauses()}
	err := guarded("open", func() (err error) {
		s.db, err = openFile(path, s.causes, &s.file)
		return err
	})
	if err == nil {
		err = s.prepare(path)
	}
	if err == nil {
		return s, nil
	}
	if full := s.causes.full(); full != nil && !errors.Is(err, ErrFull) {
		err = fmt.Errorf("%w: %w", ErrFull, full)
	}
	_ = s.Close()
	if isOpenDamage(err) {
		err = &DamageError{"open", err}
	}
	return nil, err
}

// openFile opens or makes a bbolt file, and says in file what it opened, which is to be closed also when bbolt panics.
func openFile(path string, c *causes, file **os.File) (*bolt.DB, error) {
	return bolt.Open(path, 0o600, &bolt.Options{Timeout: lockTimeout, FreelistType: bolt.FreelistMapType, Logger: c,
		OpenFile: func(name string, flag int, mode os.FileMode) (f *os.File, err error) {
			*file, err = os.OpenFile(name, flag, mode)
			return *file, err
		}})
}

// smallest is the size of a new, empty file: four pages, which are at least 4 kB.
const smallest = 4 * 4096

// isOpenDamage tells a file that is no bbolt file from one that cannot be opened.
func isOpenDamage(err error) bool {
	for _, damage := range []error{bolterrors.ErrInvalid, bolterrors.ErrVersionMismatch, bolterrors.ErrChecksum} {
		if errors.Is(err, damage) {
			return true
		}
	}
	return false
}

// prepare checks the format of an existing file, makes the buckets of a new one, and clears away what files that
// were only half taken left behind.
func (s *Store) prepare(path string) error {
	fresh, before := false, false
	err := s.read(func(tx *transaction) error {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if mine, err := s.file.Stat(); err != nil || !os.SameFile(info, mine) {
			return ErrLocked // another program has just put another file in its place
		}
		if info.Size() < tx.Size() {
			return &DamageError{"open", fmt.Errorf("%d bytes are left of %d", info.Size(), tx.Size())}
		}
		if err := checkTrees(s.file, tx.Tx); err != nil {
			return err
		}
		meta := tx.Bucket(bucketMeta)
		if meta == nil {
			if name, _ := tx.Cursor().First(); name != nil {
				return &DamageError{"meta", errors.New("this is another program's file")}
			}
			fresh = true
			return nil
		}
		found, err := get(meta, keyFormat)
		if err != nil {
			return err
		}
		if before = string(found) == formatBefore; before {
			return nil
		}
		if string(found) != format && string(found) != formatSealed {
			return &VersionError{string(found)}
		}
		for _, name := range buckets {
			if tx.Bucket(name) == nil && string(name) != string(bucketParadata) { // files of before it lack it until the first row
				return &DamageError{string(name), errors.New("the bucket is not there")}
			}
		}
		return s.findLock(tx, string(found))
	})
	if err != nil {
		return err
	}
	_ = os.Remove(path + freshSuffix) // a Protect that was interrupted makes it again
	if s.Locked() {
		return nil
	}
	if before {
		err = s.write(migrate)
	}
	if err != nil || !fresh {
		return errors.Join(err, s.tidy())
	}
	return s.write(func(tx *transaction) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		return errors.Join(put(tx.Bucket(bucketMeta), keyFormat, []byte(format)), put(tx.Bucket(bucketMeta), keyUnderstood, []byte(understood)))
	})
}

// Close closes the file. It waits for what is under way.
func (s *Store) Close() error {
	s.Lock()
	s.writing.Lock()
	defer s.writing.Unlock()
	s.exchange.Lock()
	defer s.exchange.Unlock()
	return s.closeFile()
}

func (s *Store) closeFile() error {
	var err error
	if s.db != nil {
		err = guarded("close", s.db.Close)
	}
	if s.file != nil { // bbolt has done both, unless a broken file stopped it
		unlock(s.file)
		_ = s.file.Close()
	}
	return err
}

// Setting and SetSetting keep small things: identity, language, address. ErrNotFound when never set.
func (s *Store) Setting(name string) (value []byte, err error) {
	view := s.view
	if isOpenSetting(name) {
		view = s.read
	}
	err = view(func(tx *transaction) error {
		found, err := get(tx.Bucket(bucketSettings), []byte("s"+name))
		value = append([]byte{}, found...)
		return err
	})
	return value, err
}

// SetSetting keeps a setting.
func (s *Store) SetSetting(name string, value []byte) error {
	update := s.update
	if isOpenSetting(name) {
		update = s.write
	}
	return update(func(tx *transaction) error { return put(tx.Bucket(bucketSettings), []byte("s"+name), value) })
}
