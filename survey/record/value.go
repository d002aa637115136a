// Package record holds what people answered: typed values, answers by path, revisions and how the
// revisions of one interview merge. It does no input or output.
package record

// Kind says what a Value is.
type Kind uint8

// The kinds of values.
const (
	Text     Kind = iota + 1 // any text; also the name of the choice of a select_one
	Integer                  // a whole number, 64 bits
	Decimal                  // a decimal number, kept as written
	Choices                  // names of the choices of a select_multiple, in the order of the list or of ranking
	Date                     // 2026-11-23
	Time                     // 14:05:00.000-05:00
	DateTime                 // 2026-11-23T14:05:00.000-05:00
	Geopoint                 // latitude longitude altitude accuracy; degrees and metres, as ODK writes it
	Geotrace                 // geopoints joined by ";"
	Geoshape                 // a closed geotrace
	File                     // the name of an attached file; its hash is in the revision
	Instance                 // a repeat instance exists (its answers lie below its path)
)

// Value is one answer: a kind, and ODK's canonical text of it. Two values are equal when == says so.
// The zero Value is no answer.
type Value struct {
	kind Kind
	text string
}

// New returns the value of the kind whose ODK text is s, in canonical form, or an error that says why s is none.
func New(kind Kind, s string) (Value, error) { panic("stub") }

// NewText returns a text.
func NewText(s string) Value { return Value{Text, s} }

// NewInteger returns a whole number.
func NewInteger(n int64) Value { panic("stub") }

// NewChoices returns the answer of a select_multiple. It does not keep names.
func NewChoices(names []string) Value { panic("stub") }

// Exists is the value that stands at the path of a repeat instance.
func Exists() Value { return Value{Instance, ""} }

// Kind returns the kind; 0 for no answer.
func (v Value) Kind() Kind { return v.kind }

// String returns ODK's text of the value: choices separated by blanks, numbers in plain digits.
func (v Value) String() string { return v.text }

// IsZero reports whether v is no answer.
func (v Value) IsZero() bool { return v.kind == 0 }

// MarshalJSON: Text "s", Integer 42, Decimal 4.5 (always with a point or exponent), Choices ["a","b"],
// Instance {}, all others {"date":"..."}, {"geopoint":"..."} and so on, by the name of the kind.
func (v Value) MarshalJSON() ([]byte, error) { panic("stub") }

// UnmarshalJSON reads what MarshalJSON writes, and nothing else.
func (v *Value) UnmarshalJSON(b []byte) error { panic("stub") }
