// Package batch is the unit that travels: a signed, compressed run of entries. docs/batch-format.md is its specification.
//
// A batch is one piece of bytes, by network or as a file:
//
//	preamble    17 bytes: a zstd skippable frame with the version, and the length and checksum of what follows
//	frame       one zstd frame of JSON lines:
//	            {"vereda":"batch","v":1,"project":"…","device":"…","certificate":{…},"entries":2}
//	            {"kind":"revision","entry":{…}}
//	            {"kind":"revision","entry":{…}}
//	            {"sha256":"…","signature":"…"}
//
// The SHA-256 is of all lines before it, with their line ends; it is the batch's ID. The signature is the device's, of
// those 32 bytes, for the purpose "batch". The certificate says whose the device is and is signed by the project. An entry's bytes stand
// in its line exactly as they were written first, so that its hash holds everywhere.
//
// Against a dictionary the lines may be laid out in columns before they are compressed (columns.go); nothing else changes by that.
//
// There are two verbs, Seal and Open, and no way to the entries past the signature. Changing, adding or cutting off so
// much as a bit makes Open fail with an *Error. Limits hold before memory is spent.
package batch

import (
	"crypto/ed25519"
	"time"

	"vereda/survey/record"
	"vereda/sync/device"
)

// version is the version of the format that this package writes and reads.
const version = 1

// Sealer is who seals. Safe for concurrent use.
type Sealer struct {
	Project     string // project ID
	Key         device.Key
	Certificate device.Certificate
}

// Opener is who opens: what it accepts. Safe for concurrent use.
type Opener struct {
	Project      string
	ProjectKey   ed25519.PublicKey
	Dictionaries func(id uint32) *Dictionary // nil: none; answers nil for an ID it does not know
	Limits       Limits

	Trust *device.Trust // of a project that may have changed its key, instead of ProjectKey; nil: ProjectKey alone counts
}

// Batch is an opened, verified batch.
type Batch struct {
	ID      record.ID
	Device  device.Claims
	Entries []record.Entry
	Size    int64 // bytes of the batch as it travelled

	Certificate device.Certificate // of the device, perhaps by a former key of the project

	Dictionary uint32 // ID of the dictionary it is compressed against; 0: none

	Raw []byte // the batch as it travelled: to be relayed as it is, never changed

	// What is known of its coming, by who received it. Open leaves both alone.
	From  string         // ID of the archive that relayed it; "": the device itself, or a file
	Up    bool           // that archive brought it; else it was fetched there, or came with a file
	Ahead *time.Duration // how far the device's clock was ahead when it handed this over; nil: not known
}

// Sealed is a batch on the shelf, to be relayed as it came.
type Sealed struct {
	Place uint64 // in the order of arrival in one archive, from 1
	ID    record.ID
	Raw   []byte
	Ahead *time.Duration // as Batch.Ahead
}

// Limits hold before memory is spent. A zero field means the default.
type Limits struct {
	Compressed int64 // bytes of the batch; 16 MiB
	Expanded   int64 // bytes after decompression; 64 MiB
	Entries    int   // 20,000
	Entry      int64 // bytes of one entry; 4 MiB
}

// orDefault returns the limits with the defaults filled in.
func (l Limits) orDefault() Limits {
	if l.Compressed == 0 {
		l.Compressed = 16 << 20
	}
	if l.Expanded == 0 {
		l.Expanded = 64 << 20
	}
	if l.Entries == 0 {
		l.Entries = 20_000
	}
	if l.Entry == 0 {
		l.Entry = 4 << 20
	}
	return l
}
