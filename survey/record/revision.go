package record

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Vector is a version vector: for each device, how many of its revisions of this interview are known (1..n, all of them).
type Vector map[string]uint64

// Dot names one revision: the nth of a device within one interview.
type Dot struct {
	Device string `json:"device"`
	N      uint64 `json:"n"`
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

	Assignment uuid.UUID `json:"assignment,omitzero"` // the visit it came of; zero: none
	Verdicts   []ID      `json:"verdicts,omitempty"`  // verdicts on this interview that the author had seen; ascending
}

// Media describes a file that an answer refers to.
type Media struct {
	SHA256 ID     `json:"sha256"`
	Size   int64  `json:"size"` // bytes
	Type   string `json:"type"` // MIME
}

// Version is the format version of revisions that Seal writes and ParseRevision reads.
const Version = 1

// Limits of a revision. They hold on both ends.
const (
	MaxRevision = 4 << 20 // bytes
	MaxAnswers  = 100_000 // paths in set, derived and unset together
	MaxDevices  = 1_000   // in after
	MaxMedia    = 10_000
	MaxVerdicts = 1_000   // in verdicts, and in after of what is said
	MaxName     = 256     // bytes of form, version, device, by, MIME type
	MaxN        = 1 << 53 // what every JSON reader can count to
)

// Code says which rule of the format a revision breaks. Codes are stable: they travel in receipts.
type Code string

// The codes.
const (
	NotJSON        Code = "not-json"        // no JSON object in valid UTF-8
	UnknownVersion Code = "unknown-version" // of the format: written by a newer program
	TooLarge       Code = "too-large"       // more bytes than MaxRevision
	TooDeep        Code = "too-deep"        // JSON nested too deeply
	TooMany        Code = "too-many"        // paths, devices, files, verdicts or comments
	BadShape       Code = "bad-shape"       // a field is missing, twice there, or of the wrong type
	BadName        Code = "bad-name"        // empty or overlong
	BadPath        Code = "bad-path"
	BadValue       Code = "bad-value"   // a value that is none, or not in canonical form
	BadCounter     Code = "bad-counter" // n is not 1 or more
	BadAfter       Code = "bad-after"   // after[device] is not n-1, or counts nothing
	SetAndUnset    Code = "set-and-unset"
)

// RevisionError says why bytes are no revision, or why a body cannot become one.
type RevisionError struct {
	Code   Code
	Field  string // of the body: "set", "after"; "" for the whole
	Offset int    // in the bytes of the field where they are no JSON, else 0
	Reason string
}

func (e *RevisionError) Error() string {
	where := ""
	if e.Field != "" {
		where = e.Field + ": "
	}
	return fmt.Sprintf("record: revision: %s%s (%s)", where, e.Reason, e.Code)
}

// Revision is an immutable change to an interview. Its ID is the SHA-256 of its bytes.
type Revision struct {
	Body
	ID  ID
	raw []byte
}

// Seal writes a body down, once. It fails with a *RevisionError when the body breaks a rule of the format
// (docs/revision-format.md). V 0 stands for Version, After may hold zeros, Unset and Verdicts need not be sorted, and At is cut to
// milliseconds. What the revision holds is shared with nobody.
func Seal(b Body) (Revision, error) {
	if b.V == 0 {
		b.V = Version
	}
	for _, answers := range []Answers{b.Set, b.Derived} {
		for p, v := range answers {
			if v.IsZero() || !v.validText() {
				return Revision{}, &RevisionError{Code: BadValue, Field: "set", Reason: fmt.Sprintf("no answer stands at %.60q", string(p))}
			}
		}
	}
	if y := b.At.Year(); y < 1 || y > 9999 {
		return Revision{}, &RevisionError{Code: BadShape, Field: "at", Reason: "the year is not between 1 and 9999"}
	}
	return ParseRevision(appendBody(make([]byte, 0, 1024), b))
}

// ParseRevision reads a revision's bytes. Errors are *RevisionError. It keeps raw.
func ParseRevision(raw []byte) (Revision, error) { return parseRevision(raw, true) }

// CheckRevision is ParseRevision for who does not need the answers: what it returns has neither Set nor Derived, and keeps no memory for them.
func CheckRevision(raw []byte) (Revision, error) {
	r, err := parseRevision(raw, false)
	r.Set, r.Derived = nil, nil
	for _, name := range []*string{&r.Form, &r.Version, &r.Device, &r.By} {
		*name = strings.Clone(*name)
	}
	return r, err
}

func parseRevision(raw []byte, answers bool) (Revision, error) {
	if len(raw) > MaxRevision {
		return Revision{}, &RevisionError{Code: TooLarge, Reason: fmt.Sprintf("%d bytes are more than %d", len(raw), MaxRevision)}
	}
	if bytes.IndexByte(raw, '\n') >= 0 {
		return Revision{}, &RevisionError{Code: NotJSON, Reason: "more than one line"}
	}
	b, err := parseBody(raw, answers)
	if err != nil {
		return Revision{}, err
	}
	return Revision{Body: b, ID: sha256.Sum256(raw), raw: raw}, nil
}

// Bytes returns the revision's bytes; do not change them.
func (r Revision) Bytes() []byte { return r.raw }

// Entry returns the revision as an entry.
func (r Revision) Entry() Entry { return Entry{KindRevision, r.raw} }

// Dot returns the revision's place.
func (r Revision) Dot() Dot { return Dot{r.Device, r.N} }
