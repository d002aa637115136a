package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"

	"vereda/survey/record"
)

// Files lie in the store in chunks. A few chunks are one transaction, so that the memory a photo takes does not
// grow with the photo, and an answer never waits for one. A file is there when its entry in media is; chunks without
// one are litter of a file that was only half taken, and are swept away when the store is opened.
const (
	chunkSize   = 256 << 10
	chunksInOne = 4 // chunks in one transaction

	// MaxMedia is the size of the largest file that PutMedia takes, in bytes.
	MaxMedia = record.MaxFile
)

// ErrMediaTooLarge says that a file has more than MaxMedia bytes.
var ErrMediaTooLarge = errors.New("store: the file is too large")

// mediaHeader is what is kept of a file beside its chunks.
type mediaHeader struct {
	Chunks uint64 // number of the file's chunks
	Size   int64
	Type   string
}

// PutMedia reads a file to its end and keeps it under its hash. The same file again is kept once. On an error nothing
// is kept.
func (s *Store) PutMedia(contentType string, r io.Reader) (record.Media, error) {
	w := mediaWriter{store: s, hash: sha256.New()}
	err := w.read(r)
	m := record.Media{Size: w.size, Type: contentType}
	w.hash.Sum(m.SHA256[:0])
	if err == nil {
		err = s.update(func(tx *transaction) error {
			media := tx.Bucket(bucketMedia)
			if media.Get(m.SHA256[:]) != nil {
				return clearPrefix(tx.Bucket(bucketChunks), number(w.number))
			}
			return putJSON(media, m.SHA256[:], mediaHeader{w.number, w.size, contentType})
		})
	}
	if err == nil {
		return m, nil
	}
	if w.number > 0 { // a disk too full for this is swept when the store is opened
		_ = s.update(func(tx *transaction) error { return clearPrefix(tx.Bucket(bucketChunks), number(w.number)) })
	}
	return record.Media{}, err
}

type mediaWriter struct {
	store  *Store
	hash   hash.Hash
	number uint64 // of the file's chunks; 0 until the first transaction
	place  uint32 // of the next chunk
	size   int64
}

func (w *mediaWriter) read(r io.Reader) error {
	buffer := make([]byte, chunkSize*chunksInOne)
	for {
		n, err := io.ReadFull(r, buffer)
		if end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF); err != nil && !end {
			return fmt.Errorf("store: reading a file: %w", err)
		}
		last := err != nil
		if w.size += int64(n); w.size > MaxMedia {
			return ErrMediaTooLarge
		}
		w.hash.Write(buffer[:n])
		if err := w.keep(buffer[:n]); err != nil {
			return err
		}
		if last {
			return nil
		}
	}
}

// keep writes chunks in one transaction.
func (w *mediaWriter) keep(b []byte) error {
	number0, place := w.number, w.place
	err := w.store.update(func(tx *transaction) (err error) {
		chunks := tx.Bucket(bucketChunks)
		if number0 == 0 {
			if number0, err = chunks.NextSequence(); err != nil {
				return err
			}
		}
		for ; len(b) > 0; place++ {
			n := min(len(b), chunkSize)
			if err := put(chunks, chunkKey(number0, place), b[:n]); err != nil {
				return err
			}
			b = b[n:]
		}
		return nil
	})
	if err == nil {
		w.number, w.place = number0, place
	}
	return err
}

func chunkKey(file uint64, place uint32) []byte {
	return binary.BigEndian.AppendUint32(number(file), place)
}

// Media opens a file by its hash; the caller closes it. ErrNotFound when it is not there.
func (s *Store) Media(id record.ID) (io.ReadCloser, error) {
	r := &mediaReader{store: s}
	err := s.view(func(tx *transaction) error { return getJSON(tx.Bucket(bucketMedia), id[:], &r.file) })
	if err != nil {
		return nil, err
	}
	return r, nil
}

// MediaInfo returns size and type of a file. ErrNotFound when it is not there.
func (s *Store) MediaInfo(id record.ID) (record.Media, error) {
	var m mediaHeader
	err := s.view(func(tx *transaction) error { return getJSON(tx.Bucket(bucketMedia), id[:], &m) })
	return record.Media{SHA256: id, Size: m.Size, Type: m.Type}, err
}

// mediaReader reads a file chunk by chunk. It holds no transaction between reads.
type mediaReader struct {
	store *Store
	file  mediaHeader
	place uint32
	read  int64
	rest  []byte
	err   error
}

// Read returns *DamageError when a chunk is broken or gone.
func (r *mediaReader) Read(b []byte) (int, error) {
	if len(r.rest) == 0 && r.err == nil {
		r.err = r.next()
	}
	if len(r.rest) == 0 {
		return 0, r.err
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *mediaReader) next() error {
	if r.read == r.file.Size {
		return io.EOF
	}
	err := r.store.view(func(tx *transaction) error {
		chunk, err := get(tx.Bucket(bucketChunks), chunkKey(r.file.Chunks, r.place))
		if errors.Is(err, ErrNotFound) || err == nil && len(chunk) == 0 {
			err = &DamageError{"chunks", errors.New("a piece of a file is gone")}
		}
		r.rest = append(r.rest[:0], chunk...)
		return err
	})
	r.place++
	r.read += int64(len(r.rest))
	return err
}

// Close ends reading.
func (r *mediaReader) Close() error {
	r.rest, r.err = nil, errors.New("store: the file is closed")
	return nil
}

// sweepMedia deletes the chunks that belong to no file, nor to one that is coming.
func (s *Store) sweepMedia() error {
	var litter [][]byte
	err := s.view(func(tx *transaction) error {
		owned, err := fetchingNow(tx)
		if err != nil {
			return err
		}
		err = each(tx.Bucket(bucketMedia), nil, func(key, value []byte) error {
			var m mediaHeader
			err := decodeJSON(key, value, &m)
			owned[string(number(m.Chunks))] = true
			return err
		})
		c := tx.Bucket(bucketChunks).Cursor()
		for k, _ := c.First(); err == nil && len(k) >= 8; {
			if !owned[string(k[:8])] {
				litter = append(litter, bytes.Clone(k[:8]))
			}
			k, _ = c.Seek(append(bytes.Clone(k[:8]), 0xff, 0xff, 0xff, 0xff, 0xff)) // the next file's first chunk
		}
		return err
	})
	if err != nil || len(litter) == 0 {
		return err
	}
	err = s.update(func(tx *transaction) error {
		for _, file := range litter {
			if err := clearPrefix(tx.Bucket(bucketChunks), file); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, ErrFull) {
		return nil // the next time
	}
	return err
}
