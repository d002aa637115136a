package fieldwork

import (
	"github.com/google/uuid"

	"vereda/survey/record"
)

// Changed is an interview that was merged since it was compared with others.
type Changed struct {
	Mark      int64 // of its last change; goes back with Compared
	Finalized bool  // some revision is final, though a draft may lie on top
	By        string
	Device    string
	Merged    record.Merged
}

// Compared is an interview that was compared with others.
type Compared struct {
	Interview uuid.UUID
	Mark      int64
	Household []byte // what was compared, as JSON; nil: nothing is to be compared
	Pairs     []Alike
}

// Alike is two interviews that look like one household. Body is a quality.Pair as JSON.
type Alike struct {
	A, B        uuid.UUID // A < B
	Form        string
	Score       float64 // bits
	Probability float64
	Body        []byte
}

// Household is what was taken out of an interview to compare it, as JSON. N grows with every change.
type Household struct {
	Interview uuid.UUID
	N         int64
	Body      []byte
}
