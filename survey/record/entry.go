package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// ID is the SHA-256 of an entry's bytes. Its text is lower-case hexadecimal.
type ID [sha256.Size]byte

// String returns the 64 digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// MarshalText and UnmarshalText carry an ID in JSON.
func (id ID) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, id[:]), nil }

// UnmarshalText reads what MarshalText writes.
func (id *ID) UnmarshalText(text []byte) error {
	parsed, err := ParseID(string(text))
	if err == nil {
		*id = parsed
	}
	return err
}

// ParseID reads the text of an ID.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 2*len(id) {
		return ID{}, fmt.Errorf("record: an ID has %d digits, not %d", 2*len(id), len(s))
	}
	if _, err := hex.Decode(id[:], []byte(s)); err != nil || id.String() != s {
		return ID{}, fmt.Errorf("record: %q is no ID in lower-case hexadecimal", s)
	}
	return id, nil
}

func compareIDs(a, b ID) int { return bytes.Compare(a[:], b[:]) }

// The kinds of entries this version knows.
const (
	KindRevision   = "revision"   // Body
	KindForm       = "form"       // FormVersion
	KindRevocation = "revocation" // Revocation
	KindVerdict    = "verdict"    // Verdict
	KindAssignment = "assignment" // Assignment
	KindSetting    = "setting"    // Setting
	KindDuplicate  = "duplicate"  // Duplicate
	KindReceipt    = "receipt"    // a statement of the project's key, which the package sync/device reads

	KindRotation    = "rotation"    // a change of the project's key: a statement that sync/device reads, as
	KindCertificate = "certificate" // a certificate of a device by the new key
)

// Entry is what travels in batches: bytes that are written once, hashed, and never encoded again.
type Entry struct {
	Kind string
	Body []byte // one line of JSON; whoever gets an Entry does not change it
}

// ID returns the SHA-256 of the body.
func (e Entry) ID() ID { return sha256.Sum256(e.Body) }

// Status says what a collector did with an entry.
type Status string

// The statuses of a receipt.
const (
	Stored      Status = "stored"      // new, and durable now
	Known       Status = "known"       // was there already
	Quarantined Status = "quarantined" // kept whole, not understood; a coordinator is told
	Refused     Status = "refused"     // not kept; Reason says why
)

// Receipt answers for one entry.
type Receipt struct {
	Entry  ID     `json:"entry"`
	Status Status `json:"status"`
	Reason string `json:"reason,omitempty"` // a code such as "revoked", "too-large"
}

// FormVersion is the body of a form entry: one published version, as its author wrote it.
type FormVersion struct {
	V       int    `json:"v"`
	Form    string `json:"form"`
	Version string `json:"version"`
	Name    string `json:"name"`   // file name, whose ending says what Source is
	Source  []byte `json:"source"` // the workbook, or an XForm where Name ends in .xml

	Files []FormFile `json:"files,omitempty"` // that come with it, by name
}

// FormFile is a file that comes with a form version: data that it reads, or what it shows and plays. Its bytes travel by themselves.
type FormFile struct {
	Name string `json:"name"` // by which the form refers to it
	Media
}

// Revocation is the body of a revocation entry.
type Revocation struct {
	V      int    `json:"v"`
	Device string `json:"device"`
}
