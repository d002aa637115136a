package fieldwork

import (
	"time"

	"vereda/survey/record"
)

// File is a file that an interview's answers refer to: a photo, a recording.
type File struct {
	record.Media
	Here bool // whole; else it is still on the way
}

// Spoilt is a file that came and was not what its hash says. Whoever has it sends it again.
type Spoilt struct {
	SHA256 record.ID `json:"sha256"` // what it should have been
	Got    record.ID `json:"got"`    // what came
	Size   int64     `json:"size"`   // bytes that came
	Device string    `json:"device"` // that brought it
	At     time.Time `json:"at"`
	Kept   string    `json:"kept,omitempty"` // its name in the collector's folder media/aside; "": thrown away, there were too many
}
