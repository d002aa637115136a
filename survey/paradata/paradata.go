// Package paradata is the log of how an interview was held: which questions were on the screen and for how long, what was corrected,
// where one jumped. It is written as ODK Collect writes it, in the file audit.csv of each interview
// (docs.getodk.org/form-audit-log, getodk.github.io/xforms-spec/client-audit-logs), and only for forms that have a question of type audit.
// docs/paradata.md is its contract.
//
// The package is pure: times and positions come in, rows go out. A Recorder makes rows of what a person does; whoever holds one keeps
// them with the answers. WriteFile makes the file of the rows, ReadFile reads one back, Totals counts it up.
package paradata

import (
	"strconv"
	"strings"
	"time"

	"vereda/survey/form"
	"vereda/survey/record"
)

// Kind says what happened.
type Kind string

// The kinds, as ODK names them. Question, Group and End last; the others happen at a moment, though AddRepeat and DeleteRepeat
// tell since when their page was on the screen.
const (
	Start        Kind = "form start"
	Resume       Kind = "form resume"
	Save         Kind = "form save"
	Exit         Kind = "form exit"
	Finalize     Kind = "form finalize"
	Question     Kind = "question"
	Group        Kind = "group questions"
	AddRepeat    Kind = "add repeat"
	DeleteRepeat Kind = "delete repeat"
	End          Kind = "end screen"
	Jump         Kind = "jump"
	Constraint   Kind = "constraint error"
	SaveError    Kind = "save error"
	FinalError   Kind = "finalize error"
	Reason       Kind = "change reason"
	Located      Kind = "location tracking enabled"
	Unlocated    Kind = "location tracking disabled"

	Listing Kind = "" // the list of a repeat's instances is shown: it is no event, but tells since when one adds or removes
)

// Event is a row of the log. Kinds, nodes and values of files from elsewhere may be any text.
type Event struct {
	Kind  Kind
	Node  string // "/data/roster[2]/age": names from the root on, and the place of each repeat instance at that time, from 1
	Start int64  // milliseconds since 1970-01-01 UTC
	End   int64  // 0: none

	Latitude, Longitude, Accuracy string // degrees and metres; "" where they are not known
	Old, New                      string // of a question's answer, where they differ
	User                          string
	Reason                        string
}

// Options are what the audit question of a form asks for.
type Options struct {
	Changes  bool          // track-changes: old and new answers
	Reasons  bool          // track-changes-reasons: why a finished interview was changed
	User     bool          // identify-user
	Places   bool          // location-priority, location-min-interval and location-max-age
	Interval time.Duration // between two positions, at least
	Age      time.Duration // of a position, at most
}

// Of returns what a form's audit question asks for; false when it has none, and nothing is to be recorded.
func Of(f *form.Form) (Options, bool) {
	for _, i := range f.Items() {
		if i.Kind == form.Question && i.Type == form.TypeAudit {
			return optionsOf(i.Parameters), true
		}
	}
	return Options{}, false
}

func optionsOf(p map[string]string) Options {
	o := Options{Changes: p["track-changes"] == "true", Reasons: p["track-changes-reasons"] == "on-form-edit", User: p["identify-user"] == "true"}
	least, missing := seconds(p["location-min-interval"])
	most, absent := seconds(p["location-max-age"])
	if priority := p["location-priority"]; priority != "" && priority != "no-power" && !missing && !absent {
		o.Places, o.Interval, o.Age = true, least, most
	}
	return o
}

func seconds(text string) (d time.Duration, missing bool) {
	n, err := strconv.ParseUint(text, 10, 31)
	return time.Duration(n) * time.Second, err != nil
}

// Node writes a path as the log does. instances returns the paths of a repeat's instances, in order; the instance that path names may be gone
// from them, and has no place then.
func Node(f *form.Form, path record.Path, instances func(repeat record.Path) []record.Path) string {
	var b strings.Builder
	b.WriteString("/" + f.Root.Name)
	var at record.Path
	for segment := range strings.SplitSeq(string(path), "/") {
		here := at.Join(segment)
		if record.IsInstanceID(segment) {
			for n, other := range instances(at) {
				if other == here {
					b.WriteString("[" + strconv.Itoa(n+1) + "]")
				}
			}
		} else {
			b.WriteString("/" + segment)
		}
		at = here
	}
	return b.String()
}

// Generic returns the question that a node names, without the root and the places of instances; "" of what is no node.
func Generic(node string) record.Path {
	rest, ok := strings.CutPrefix(node, "/")
	_, rest, below := strings.Cut(rest, "/")
	if !ok || !below {
		return ""
	}
	var names []string
	for segment := range strings.SplitSeq(rest, "/") {
		name, _, _ := strings.Cut(segment, "[")
		names = append(names, name)
	}
	return record.Path(strings.Join(names, "/"))
}
