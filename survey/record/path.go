package record

import "io"

// Path names a question of an interview: names of groups and questions joined by "/", without the root.
// Below a repeat stands the ID of the instance: "grp_c/roster/0001x7k2m4/m_age". An instance ID starts with
// a digit, a name never does.
type Path string

// Answers are values by path. A repeat instance is there when its own path holds Exists().
type Answers map[Path]Value

// NewInstanceID returns the ID of a new repeat instance: four digits of ordinal (1 for the first instance made in
// that repeat, and so on; removed ones count) and six random characters, so that IDs sort in the order of making, and two people adding
// an instance at once add two.
func NewInstanceID(ordinal int, random io.Reader) (string, error) { panic("stub") }

// IsInstanceID reports whether a segment of a path is the ID of an instance.
func IsInstanceID(segment string) bool { panic("stub") }

// Join returns p with one more segment.
func (p Path) Join(segment string) Path { panic("stub") }

// Parent returns the path without its last segment; "" at the top.
func (p Path) Parent() Path { panic("stub") }

// Name returns the last segment.
func (p Path) Name() string { panic("stub") }

// Under reports whether p lies below q (not p == q).
func (p Path) Under(q Path) bool { panic("stub") }

// Generic returns the path without instance IDs: the question in the form.
func (p Path) Generic() Path { panic("stub") }

// Instance returns the path of the innermost repeat instance that p is in (or is), and whether there is one.
func (p Path) Instance() (Path, bool) { panic("stub") }
