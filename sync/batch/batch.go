// Package batch is the unit that travels: a signed, compressed run of entries. See docs/batch-format.md.
package batch

import (
	"crypto/ed25519"
	"io"

	"vereda/survey/record"
	"vereda/sync/device"
)

// Sealer is who seals.
type Sealer struct {
	Project     string // project ID
	Key         device.Key
	Certificate device.Certificate
}

// Seal writes a batch of entries and returns its ID. dictionary may be nil; then `zstd -dc` can read the batch.
func (s Sealer) Seal(w io.Writer, entries []record.Entry, dictionary *Dictionary) (record.ID, error) {
	panic("stub")
}

// Dictionary is what both ends compress against.
type Dictionary struct {
	ID    uint32
	Bytes []byte
}

// NewDictionary makes a dictionary of form.Form.Dictionary's bytes; its ID comes from their hash.
func NewDictionary(raw []byte) *Dictionary { panic("stub") }

// Opener is who opens: what it accepts. Safe for concurrent use.
type Opener struct {
	Project      string
	ProjectKey   ed25519.PublicKey
	Dictionaries func(id uint32) *Dictionary // nil: none
	Limits       Limits
}

// Limits hold before memory is spent. The zero value means the defaults.
type Limits struct {
	Compressed int64 // bytes of the file
	Expanded   int64 // bytes after decompression
	Entries    int
	Entry      int64 // bytes of one entry
}

// Batch is an opened, verified batch.
type Batch struct {
	ID      record.ID
	Device  device.Claims
	Entries []record.Entry
	Size    int64 // compressed
}

// Open reads and verifies a batch whole: nothing of it is returned unless all of it is right. Errors are *Error.
func (o Opener) Open(r io.Reader) (*Batch, error) { panic("stub") }

// Reason says what is wrong with a batch.
type Reason string

// The reasons.
const (
	NotABatch         Reason = "not-a-batch"
	Truncated         Reason = "truncated"
	Corrupt           Reason = "corrupt"
	BadSignature      Reason = "bad-signature"
	BadCertificate    Reason = "bad-certificate"
	OtherProject      Reason = "other-project"
	NewerVersion      Reason = "newer-version"
	UnknownDictionary Reason = "unknown-dictionary"
	TooLarge          Reason = "too-large"
	ReadFailed        Reason = "read-failed"
)

// Error says why a batch was refused, and where.
type Error struct {
	Reason Reason
	Line   int   // of the decompressed text, from 1; 0 before the first
	Offset int64 // in the compressed bytes read so far
	Err    error
}

func (e *Error) Error() string { panic("stub") }
func (e *Error) Unwrap() error { return e.Err }
