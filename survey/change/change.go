// Package change tells what changed between two versions of a form, whether the answers collected with both can be compared, and what becomes of an
// answer that was given under the old version when its interview goes on under the new one.
package change

import (
	"fmt"

	"vereda/survey/form"
	"vereda/survey/record"
)

// Verdict says whether answers collected before and after a change can be compared.
type Verdict uint8

// The verdicts, the mildest first.
const (
	Comparable    Verdict = iota + 1
	WithCare              // comparable, when what Why says is kept in mind
	NotComparable         // the answers are about something else, or of others
)

var verdictNames = [...]string{"", "comparable", "with care", "not comparable"}

func (v Verdict) String() string { return verdictNames[v] }

// MarshalText writes "comparable", "with care" or "not comparable".
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (v *Verdict) UnmarshalText(text []byte) error {
	for n, name := range verdictNames {
		if n > 0 && name == string(text) {
			*v = Verdict(n)
			return nil
		}
	}
	return fmt.Errorf("%q is no verdict", text)
}

// Kind says what changed. Kinds are stable: scripts read them.
type Kind string

// The kinds of changes.
const (
	Added       Kind = "added"       // a question, group or repeat
	Removed     Kind = "removed"     //
	Moved       Kind = "moved"       // into another group, or to another place in its own
	Renamed     Kind = "renamed"     // a guess: see Change.Guess
	TypeChanged Kind = "type"        // of a question; or a group became a repeat
	Relevant    Kind = "relevant"    // when it is asked
	Constraint  Kind = "constraint"  //
	Required    Kind = "required"    //
	ReadOnly    Kind = "read_only"   //
	Calculation Kind = "calculation" // or what a trigger sets
	Default     Kind = "default"     //
	RepeatCount Kind = "repeat_count"
	Filter      Kind = "choice_filter"
	Parameter   Kind = "parameters"
	Appearance  Kind = "appearance"
	Column      Kind = "column" // of the team's own, or save_to
	Label       Kind = "label"
	ShortLabel  Kind = "short label"
	Hint        Kind = "hint"
	Guidance    Kind = "guidance_hint"
	Message     Kind = "message" // of constraint or required
	Media       Kind = "media"
	Choices     Kind = "choices" // the question takes its choices from elsewhere

	ChoiceAdded    Kind = "choice added"
	ChoiceRemoved  Kind = "choice removed"
	ChoiceLabel    Kind = "choice label"
	ChoiceReused   Kind = "choice reused"  // the name stands for another choice
	ChoiceRecoded  Kind = "choice recoded" // the choice has another name
	ChoiceOrder    Kind = "choice order"
	ChoiceColumn   Kind = "choice column"
	ChoiceMedia    Kind = "choice media"
	LanguageAdded  Kind = "language added"
	LanguageGone   Kind = "language removed"
	TitleChanged   Kind = "title"
	IDChanged      Kind = "form_id"
	SettingChanged Kind = "setting"
	SameVersion    Kind = "same version" // though something changed
	Externals      Kind = "external data"
)

// Change is one thing that changed.
type Change struct {
	Kind      Kind          `json:"kind"`
	Verdict   Verdict       `json:"verdict"`
	Old       record.Path   `json:"old,omitempty"`       // generic path in the old form, where the change is about an item that it has
	New       record.Path   `json:"new,omitempty"`       // in the new form
	List      string        `json:"list,omitempty"`      // of changes of choices: the list's name in the new form
	Choice    string        `json:"choice,omitempty"`    // its name in the old form; that in the new one for a choice added
	Language  string        `json:"language,omitempty"`  // of texts
	Name      string        `json:"name,omitempty"`      // of a parameter, column or setting
	Before    string        `json:"before,omitempty"`    // as written
	After     string        `json:"after,omitempty"`     //
	Questions []record.Path `json:"questions,omitempty"` // new paths of all that a change of a list or of a section touches
	Guess     bool          `json:"guess,omitempty"`     // likely, not certain
	Why       string        `json:"why"`                 // the verdict's reason, a sentence
}

// Version names one of the two forms.
type Version struct {
	Form    string `json:"form"`
	Version string `json:"version"`
	Title   string `json:"title"`
}

// Report is all that changed. It is only read, and shares nothing with the forms.
type Report struct {
	Old     Version  `json:"old"`
	New     Version  `json:"new"`
	Changes []Change `json:"changes"` // those of the form first, then in the order of the new form, what was removed where it stood
	Fates   []Fate   `json:"fates"`   // of every question and repeat of the old form, in form order

	fates map[record.Path]int
}

// Worst returns the gravest verdict; Comparable when nothing changed.
func (r Report) Worst() Verdict {
	worst := Comparable
	for _, c := range r.Changes {
		worst = max(worst, c.Verdict)
	}
	return worst
}

// Count returns how many changes have a verdict.
func (r Report) Count(v Verdict) int {
	n := 0
	for _, c := range r.Changes {
		if c.Verdict == v {
			n++
		}
	}
	return n
}

// Compare compares two compiled forms.
func Compare(old, new *form.Form) Report {
	c := &comparer{old: old, new: new, pairs: match(old, new), strange: map[*form.Item]bool{}}
	c.oldNames, c.newNames = c.names()
	c.form()
	c.items()
	c.lists()
	c.version()
	c.sort()
	r := Report{Old: version(old), New: version(new), Changes: c.changes}
	if r.Changes == nil {
		r.Changes = []Change{}
	}
	r.Fates, r.fates = c.fates()
	return r
}

// version warns of two forms that differ and call themselves the same: a collector would refuse the second.
func (c *comparer) version() {
	if len(c.changes) > 0 && c.old.ID == c.new.ID && c.old.Version == c.new.Version {
		c.report(Change{Kind: SameVersion, Verdict: WithCare, Before: c.old.Version, After: c.new.Version,
			Why: "The form changed and its version did not: data of the two cannot be told apart, and a collector refuses the second. Give it a new version."})
	}
}

func version(f *form.Form) Version { return Version{f.ID, f.Version, f.Title} }

// comparer is one comparison in the making.
type comparer struct {
	old, new           *form.Form
	pairs              pairs
	oldNames, newNames map[*form.Item]string // what expressions are compared by
	strange            map[*form.Item]bool   // old questions that ask something else now
	changes            []Change
}

func (c *comparer) report(change Change) { c.changes = append(c.changes, change) }
