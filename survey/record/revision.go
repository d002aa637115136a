package record

import (
	"time"

	"github.com/google/uuid"
)

// Vector is a version vector: for each device, how many of its revisions of this interview are known (1..n, all of them).
type Vector map[string]uint64

// Dot names one revision: the nth of a device within one interview.
type Dot struct {
	Device string
	N      uint64
}

// Covers reports whether v knows the revision.
func (v Vector) Covers(d Dot) bool { return v[d.Device] >= d.N }

// Body is what a revision says.
type Body struct {
	V         int              `json:"v"` // format version, 1
	Interview uuid.UUID        `json:"interview"`
	Form      string           `json:"form"`
	Version   string           `json:"version"`
	Device    string           `json:"device"`
	N         uint64           `json:"n"`               // this device's counter within this interview, from 1
	After     Vector           `json:"after,omitempty"` // what the author had seen; After[Device] == N-1
	At        time.Time        `json:"at"`              // device time with offset: shown, never trusted for order
	By        string           `json:"by,omitempty"`
	Final     bool             `json:"final,omitempty"`   // false: a draft sent as a backup
	Set       Answers          `json:"set,omitempty"`     // what people answered
	Derived   Answers          `json:"derived,omitempty"` // what the form calculated or the device recorded: never in conflict
	Unset     []Path           `json:"unset,omitempty"`   // answers taken back, or whole repeat instances; sorted
	Media     map[string]Media `json:"media,omitempty"`   // by file name
}

// Media describes a file that an answer refers to.
type Media struct {
	SHA256 ID     `json:"sha256"`
	Size   int64  `json:"size"`
	Type   string `json:"type"` // MIME
}

// Revision is an immutable change to an interview. Its ID is the SHA-256 of its bytes.
type Revision struct {
	Body
	ID  ID
	raw []byte
}

// Seal writes a body down, once. It fails when the body breaks a rule of the format (docs/revision-format.md).
func Seal(b Body) (Revision, error) { panic("stub") }

// ParseRevision reads a revision's bytes. Errors are *RevisionError. It keeps raw.
func ParseRevision(raw []byte) (Revision, error) { panic("stub") }

// Bytes returns the revision's bytes; do not change them.
func (r Revision) Bytes() []byte { return r.raw }

// Entry returns the revision as an entry.
func (r Revision) Entry() Entry { return Entry{KindRevision, r.raw} }

// Dot returns the revision's place.
func (r Revision) Dot() Dot { return Dot{r.Device, r.N} }
