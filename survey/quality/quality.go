// Package quality finds interviews that look like the same household, says why, and computes what coordinators' decisions about them
// mean. It is pure: no clock, no chance, no disk.
//
// A Mapping takes a Household out of an interview's answers. Find compares many households, an Index those that are new with those that
// are there; both compare only what shares a block (the same enumeration area, telephone, surroundings, ...), so that the work grows with
// the number of households and not with its square. A comparison adds up weights of evidence for and against (Fellegi and Sunter), one
// for each Reason. Settle turns decisions into groups of interviews of one household, of which one stands; Join joins their answers.
//
// docs/duplicates.md is the whole story: the questions looked at, the weights and where they come from, and what was measured.
package quality

import (
	"time"

	"github.com/google/uuid"
)

// Household is what the search for duplicates needs of one interview. Whatever is not known is zero. Texts are as written: comparing
// them does away with accents, case and punctuation.
type Household struct {
	Interview uuid.UUID
	Form      string // its ID: interviews of different forms are never duplicates
	EA        string // code of the enumeration area, with those of the areas it lies in: "co-05-001-0012"
	Number    string // of the household within its EA
	Position  Position
	Members   []Member // the head first
	Phones    []string
	Address   string
	By        string    // enumerator
	Device    string    // ID
	At        time.Time // begin or end of the interview
}

// Position is where the interview was taken.
type Position struct {
	Known    bool
	Lat, Lon float64 // degrees
	Accuracy float64 // metres, the radius of 68 %; 0 for unknown
}

// Member is a person of a household.
type Member struct {
	Name   string
	Sex    string // any code
	Age    int    // completed years
	HasAge bool
}

// Pair is two interviews that look like one household.
type Pair struct {
	A           uuid.UUID `json:"a"` // the lower
	B           uuid.UUID `json:"b"`
	Score       float64   `json:"score"`       // bits for one household: the sum of the reasons' weights, bounded where they say the same
	Probability float64   `json:"probability"` // that it is one household, in fieldwork like that in which the weights were counted
	Reasons     []Reason  `json:"reasons"`     // all that could be compared, in the order of Kinds
}

// Kind says what was compared.
type Kind string

// The kinds of reasons.
const (
	EA         Kind = "ea"
	Number     Kind = "number"
	Place      Kind = "position"
	Phone      Kind = "phone"
	Head       Kind = "head"
	Members    Kind = "members"
	Address    Kind = "address"
	Enumerator Kind = "enumerator" // the same person or another: shown, weighs nothing
	Time       Kind = "time"       // between the two interviews: shown, weighs nothing
)

// Kinds returns the kinds of reasons, in the order in which they are shown.
func Kinds() []Kind {
	return []Kind{EA, Number, Place, Phone, Head, Members, Address, Enumerator, Time}
}

// Reason is one comparison, as data: the dashboard puts it into words.
type Reason struct {
	Kind      Kind          `json:"kind"`
	Agreement Agreement     `json:"agreement"`
	A         string        `json:"a,omitempty"` // the values as written, of Pair.A and Pair.B; a position's accuracy in metres
	B         string        `json:"b,omitempty"`
	Metres    float64       `json:"metres,omitempty"`  // Place: distance
	Matched   int           `json:"matched,omitempty"` // Members: how many are in both, the head left out where it is in both
	Of        int           `json:"of,omitempty"`      // Members: how many the larger of the two lists
	Between   time.Duration `json:"between,omitempty"` // Time: never negative
	Weight    float64       `json:"weight"`            // bits for (above 0) or against
}

// Options choose how much is compared and returned. The zero value is the measured one.
type Options struct {
	Least  float64 // probability below which a pair is not returned, 0 to 1 exclusive; 0: 0.1
	Block  int     // households that share a block, above which only neighbours are compared; 0: 100
	Window int     // in such a crowded block: how many neighbours on either side; 0: 10
}

func (o Options) filled() Options {
	if o.Least <= 0 {
		o.Least = 0.1
	}
	if o.Block <= 0 {
		o.Block = 100
	}
	if o.Window <= 0 {
		o.Window = 10
	}
	return o
}
