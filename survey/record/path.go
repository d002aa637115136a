package record

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Path names a question of an interview: names of groups and questions joined by "/", without the root.
// Below a repeat stands the ID of the instance: "grp_c/roster/0001x7k2m4/m_age". An instance ID starts with
// a digit, a name never does.
type Path string

// Answers are values by path. A repeat instance is there when its own path holds Exists().
type Answers map[Path]Value

// Bare reports whether no answer stands below a repeat instance. After the last one was taken back, the instance is to be set by itself: what merging had only
// because of that answer would be gone with it (docs/merge.md).
func (a Answers) Bare(instance Path) bool {
	for p, v := range a {
		if !v.IsZero() && p.Under(instance) {
			return false
		}
	}
	return true
}

// Limits of paths.
const (
	MaxPath     = 1024 // bytes
	MaxSegments = 32
)

const idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz" // 32 characters that are hard to take for one another

// NewInstanceID returns the ID of a new repeat instance: four digits of ordinal (1 for the first instance made in
// that repeat, and so on; removed ones count) and six random characters, so that IDs sort in the order of making, and two people adding
// an instance at once add two. It fails for an ordinal outside 1 to 9999, and when random fails.
func NewInstanceID(ordinal int, random io.Reader) (string, error) {
	if ordinal < 1 || ordinal > 9999 {
		return "", fmt.Errorf("record: instance %d of a repeat is not between 1 and 9999", ordinal)
	}
	var b [6]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("record: instance ID: %w", err)
	}
	for i := range b {
		b[i] = idAlphabet[b[i]%32]
	}
	return fmt.Sprintf("%04d%s", ordinal, b[:]), nil
}

// IsInstanceID reports whether a segment of a path is the ID of an instance.
func IsInstanceID(segment string) bool {
	return segment != "" && segment[0] >= '0' && segment[0] <= '9'
}

// Join returns p with one more segment.
func (p Path) Join(segment string) Path {
	if p == "" {
		return Path(segment)
	}
	return p + "/" + Path(segment)
}

// Parent returns the path without its last segment; "" at the top.
func (p Path) Parent() Path {
	if i := strings.LastIndexByte(string(p), '/'); i >= 0 {
		return p[:i]
	}
	return ""
}

// Name returns the last segment.
func (p Path) Name() string { return string(p[strings.LastIndexByte(string(p), '/')+1:]) }

// Under reports whether p lies below q (not p == q). Everything but "" lies below "".
func (p Path) Under(q Path) bool {
	if q == "" {
		return p != ""
	}
	return len(p) > len(q) && p[len(q)] == '/' && p[:len(q)] == q
}

// Generic returns the path without instance IDs: the question in the form.
func (p Path) Generic() Path {
	if _, ok := p.Instance(); !ok {
		return p
	}
	var kept []string
	for segment := range strings.SplitSeq(string(p), "/") {
		if !IsInstanceID(segment) {
			kept = append(kept, segment)
		}
	}
	return Path(strings.Join(kept, "/"))
}

// Instance returns the path of the innermost repeat instance that p is in (or is), and whether there is one.
func (p Path) Instance() (Path, bool) {
	for end := len(p); end > 0; {
		start := strings.LastIndexByte(string(p[:end]), '/') + 1
		if IsInstanceID(string(p[start:end])) {
			return p[:end], true
		}
		end = start - 1
	}
	return "", false
}

// IsInstance reports whether p is the path of a repeat instance itself.
func (p Path) IsInstance() bool { return IsInstanceID(p.Name()) }

// Check returns an error that says why p is no path: an empty or overlong segment, a character that names do
// not have, an instance ID at the top or below another, or too long or too deep a path.
func (p Path) Check() error {
	if p == "" || len(p) > MaxPath || !utf8.ValidString(string(p)) {
		return fmt.Errorf("path %.60q is empty, longer than %d bytes or no UTF-8", string(p), MaxPath)
	}
	depth, belowID := 0, true // nothing stands above the first segment: it cannot be an instance ID
	for rest, more := string(p), true; more; {
		var segment string
		segment, rest, more = strings.Cut(rest, "/")
		depth++
		id := IsInstanceID(segment)
		switch {
		case depth > MaxSegments:
			return fmt.Errorf("path %.60q has more than %d segments", string(p), MaxSegments)
		case id && (belowID || !validID(segment)):
			return fmt.Errorf("path %.60q has no instance ID where %.20q stands", string(p), segment)
		case !id && !validName(segment):
			return fmt.Errorf("path %.60q has no name where %.20q stands", string(p), segment)
		}
		belowID = id
	}
	return nil
}

// validID takes more than NewInstanceID makes, so that later versions may make longer ones.
func validID(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return len(s) <= 32
}

// notInNames reports whether a name cannot have a character.
func notInNames(r rune) bool {
	return r <= ' ' || r == 0x7f || r < utf8.RuneSelf && strings.ContainsRune(`"'<>&\`, r) || unicode.IsSpace(r) || unicode.IsControl(r)
}

// inNames is the opposite of notInNames for ASCII.
var inNames = func() (in [utf8.RuneSelf]bool) {
	for r := range rune(utf8.RuneSelf) {
		in[r] = !notInNames(r)
	}
	return in
}()

// validName takes what XForms takes for a name, and more letters; never what would be taken for something else.
func validName(s string) bool {
	if s == "" || s[0] == '.' || s[0] == '-' {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			return !strings.ContainsFunc(s, notInNames)
		case !inNames[c]:
			return false
		}
	}
	return true
}
