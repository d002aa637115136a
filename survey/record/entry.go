package record

import "crypto/sha256"

// ID is the SHA-256 of an entry's bytes. Its text is lower-case hexadecimal.
type ID [sha256.Size]byte

func (id ID) String() string { panic("stub") }

// MarshalText and UnmarshalText carry an ID in JSON.
func (id ID) MarshalText() ([]byte, error)     { panic("stub") }
func (id *ID) UnmarshalText(text []byte) error { panic("stub") }

// ParseID reads the text of an ID.
func ParseID(s string) (ID, error) { panic("stub") }

// The kinds of entries this version knows.
const (
	KindRevision   = "revision"   // Body
	KindForm       = "form"       // FormVersion
	KindRevocation = "revocation" // Revocation
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
	Source  []byte `json:"source"` // the workbook
}

// Revocation is the body of a revocation entry.
type Revocation struct {
	V      int    `json:"v"`
	Device string `json:"device"`
}
