// Package record holds what people answered: typed values, answers by path, revisions and how the
// revisions of one interview merge. It does no input or output.
//
// An answer is a Value at a Path. What one person changed at one time, knowing what, is a Revision: bytes
// that are written once (Seal), hashed, and never encoded again. All known revisions of one interview are a
// History: a set. Merge tells what they say together; it depends on the set alone, so revisions may arrive
// twice, late, in any order and by any route. docs/revision-format.md and docs/merge.md are the rules.
package record

import (
	"strconv"
	"strings"
)

// Kind says what a Value is.
type Kind uint8

// The kinds of values.
const (
	Text     Kind = iota + 1 // any text; also the name of the choice of a select_one
	Integer                  // a whole number, 64 bits
	Decimal                  // a decimal number: its digits, exactly, without superfluous zeros
	Choices                  // names of the choices of a select_multiple, in the order of the list or of ranking
	Date                     // 2026-11-23
	Time                     // 14:05:00.000-05:00
	DateTime                 // 2026-11-23T14:05:00.000-05:00
	Geopoint                 // latitude longitude altitude accuracy, the last two where known; degrees and metres, as ODK writes it
	Geotrace                 // geopoints joined by ";"
	Geoshape                 // a geotrace that ends where it began
	File                     // the name of an attached file; its hash is in the revision
	Instance                 // a repeat instance exists (its answers lie below its path)
)

var kindNames = [...]string{"none", "text", "integer", "decimal", "choices", "date", "time", "dateTime",
	"geopoint", "geotrace", "geoshape", "file", "instance"}

// String returns the kind's name, which is also its key in JSON ("dateTime"), and "none" for no answer.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind " + strconv.Itoa(int(k))
}

// Value is one answer: a kind, and ODK's canonical text of it. Two values are equal when == says so.
// The zero Value is no answer.
type Value struct {
	kind Kind
	text string
}

// New returns the value of the kind whose ODK text is s, in canonical form, or an error that says why s is none.
// As in ODK the empty text is no answer, of whatever kind: New returns the zero Value for it, and Exists for Instance.
// White space around everything but a text is ignored.
func New(kind Kind, s string) (Value, error) {
	if kind == Text {
		return NewText(s), nil
	}
	s = strings.TrimSpace(s)
	if kind == Instance && s == "" {
		return Exists(), nil
	}
	if s == "" {
		return Value{}, nil
	}
	canonical, err := canonicalText(kind, s)
	if err != nil {
		return Value{}, err
	}
	return Value{kind, canonical}, nil
}

// NewText returns a text. The empty text is no answer. Bytes that are no UTF-8 become U+FFFD.
func NewText(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{Text, strings.ToValidUTF8(s, "\uFFFD")}
}

// NewInteger returns a whole number.
func NewInteger(n int64) Value { return Value{Integer, strconv.FormatInt(n, 10)} }

// NewChoices returns the answer of a select_multiple. It does not keep names. No names are no answer; a name
// that comes twice counts once, and white space within a name divides it, as it does in ODK's text.
func NewChoices(names []string) Value {
	v, err := New(Choices, strings.ToValidUTF8(strings.Join(names, " "), "\uFFFD"))
	if err != nil {
		return Value{}
	}
	return v
}

// Exists is the value that stands at the path of a repeat instance.
func Exists() Value { return Value{Instance, ""} }

// Kind returns the kind; 0 for no answer.
func (v Value) Kind() Kind { return v.kind }

// String returns ODK's text of the value: choices separated by blanks, numbers in plain digits.
func (v Value) String() string { return v.text }

// IsZero reports whether v is no answer.
func (v Value) IsZero() bool { return v.kind == 0 }
