package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	"vereda/survey/record"
)

// A file of a form comes down in pieces over days. Its chunks lie where those of whole files lie; what names them, until it is whole, is a
// key of the bucket of settings.

// fetching is a file that came in part.
type fetching struct {
	Chunks uint64 // number of its chunks
	Size   int64  // bytes that are here
}

func fetchKey(id record.ID) []byte { return append([]byte("f"), id[:]...) }

// WrongHashError says that a file that was fetched is not what its hash says. What came was thrown away.
type WrongHashError struct{ File, Got record.ID }

func (e *WrongHashError) Error() string {
	return fmt.Sprintf("store: the file that came is %s, not %s", e.Got, e.File)
}

// WrongHash tells this error from others, where the type is not known.
func (e *WrongHashError) WrongHash() {}

// Fetched returns how much of a file is here.
func (s *Store) Fetched(id record.ID) (n int64, err error) {
	err = s.view(func(tx *transaction) error {
		var m mediaHeader
		if err := getJSON(tx.Bucket(bucketMedia), id[:], &m); !errors.Is(err, ErrNotFound) {
			n = m.Size
			return err
		}
		f, err := getFetching(tx, id)
		n = f.Size
		return err
	})
	return n, err
}

func getFetching(tx *transaction, id record.ID) (f fetching, err error) {
	if err = getJSON(tx.Bucket(bucketSettings), fetchKey(id), &f); errors.Is(err, ErrNotFound) {
		err = nil
	}
	return f, err
}

// errPiece says that a piece does not fit behind what is here.
var errPiece = errors.New("store: a piece of a file does not fit")

// Fetch keeps a piece of a file, at most 256 kB, that begins where Fetched ends. With the last piece the file is checked, and is there:
// *WrongHashError when it is another one.
func (s *Store) Fetch(m record.Media, offset int64, piece []byte) error {
	if m.Size > MaxMedia || len(piece) > chunkSize {
		return ErrMediaTooLarge
	}
	var wrong error
	err := s.update(func(tx *transaction) error {
		wrong = nil
		if tx.Bucket(bucketMedia).Get(m.SHA256[:]) != nil {
			return nil
		}
		f, err := getFetching(tx, m.SHA256)
		if err != nil {
			return err
		}
		if offset != f.Size || f.Size+int64(len(piece)) > m.Size {
			return errPiece
		}
		if f.Chunks == 0 {
			if f.Chunks, err = tx.Bucket(bucketChunks).NextSequence(); err != nil {
				return err
			}
		}
		if err := appendPiece(tx, &f, piece); err != nil {
			return err
		}
		if f.Size < m.Size {
			return putJSON(tx.Bucket(bucketSettings), fetchKey(m.SHA256), f)
		}
		if err := tx.Bucket(bucketSettings).Delete(fetchKey(m.SHA256)); err != nil {
			return err
		}
		got, err := hashChunks(tx, f)
		if err != nil {
			return err
		}
		if got != m.SHA256 {
			wrong = &WrongHashError{m.SHA256, got}
			return clearPrefix(tx.Bucket(bucketChunks), number(f.Chunks))
		}
		return putJSON(tx.Bucket(bucketMedia), m.SHA256[:], mediaHeader{f.Chunks, f.Size, m.Type})
	})
	if err != nil {
		return err
	}
	return wrong
}

// appendPiece fills the last chunk, and begins the next one with what is left.
func appendPiece(tx *transaction, f *fetching, piece []byte) error {
	chunks := tx.Bucket(bucketChunks)
	for len(piece) > 0 {
		key := chunkKey(f.Chunks, uint32(f.Size/chunkSize))
		var chunk []byte
		if inside := int(f.Size % chunkSize); inside > 0 {
			begun, err := get(chunks, key)
			if err != nil {
				return err
			}
			if len(begun) != inside {
				return &DamageError{"chunks", errors.New("a piece of a file has another length")}
			}
			chunk = bytes.Clone(begun)
		}
		n := min(len(piece), chunkSize-len(chunk))
		if err := put(chunks, key, append(chunk, piece[:n]...)); err != nil {
			return err
		}
		piece, f.Size = piece[n:], f.Size+int64(n)
	}
	return nil
}

func hashChunks(tx *transaction, f fetching) (got record.ID, err error) {
	hash := sha256.New()
	for place := int64(0); place*chunkSize < f.Size; place++ {
		chunk, err := get(tx.Bucket(bucketChunks), chunkKey(f.Chunks, uint32(place)))
		if err != nil {
			return got, err
		}
		hash.Write(chunk)
	}
	hash.Sum(got[:0])
	return got, nil
}

// fetchingNow returns the numbers of the chunks of files that came in part.
func fetchingNow(tx *transaction) (numbers map[string]bool, err error) {
	numbers = map[string]bool{}
	err = each(tx.Bucket(bucketSettings), []byte("f"), func(key, value []byte) error {
		var f fetching
		err := decodeJSON(key, value, &f)
		numbers[string(number(f.Chunks))] = true
		return err
	})
	return numbers, err
}
