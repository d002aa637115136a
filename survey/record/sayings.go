package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// field is one field of what is said, and how it is read. Fields that are not known are passed over.
type field struct {
	name     string
	required bool
	read     func(s *scanner) error
}

// ParseVerdict reads the body of a verdict. Errors are *EntryError.
func ParseVerdict(raw []byte) (Verdict, error) {
	v := Verdict{V: Version}
	err := parseSaid(KindVerdict, raw, &v.Said, []field{
		{"interview", true, func(s *scanner) error { return s.uuid(&v.Interview) }},
		{"knows", false, func(s *scanner) error { return s.vector(&v.Knows) }},
		{"decision", true, func(s *scanner) error { return s.decision(&v.Decision, Approved, Returned) }},
		{"comments", false, func(s *scanner) error { return s.comments(&v.Comments) }},
		{"note", false, func(s *scanner) error { return s.longText(&v.Note) }},
	})
	return v, err
}

// ParseAssignment reads the body of an assignment. Errors are *EntryError.
func ParseAssignment(raw []byte) (Assignment, error) {
	a := Assignment{V: Version}
	err := parseSaid(KindAssignment, raw, &a.Said, []field{
		{"assignment", true, func(s *scanner) error { return s.uuid(&a.Assignment) }},
		{"form", true, func(s *scanner) error { return s.name(&a.Form) }},
		{"ea", false, func(s *scanner) error { return s.nameOrEmpty(&a.EA) }},
		{"household", false, func(s *scanner) error { return s.nameOrEmpty(&a.Household) }},
		{"person", false, func(s *scanner) error { return s.nameOrEmpty(&a.Person) }},
		{"assignee", false, func(s *scanner) error { return s.nameOrEmpty(&a.Assignee) }},
		{"due", false, func(s *scanner) error { return s.day(&a.Due) }},
		{"call", false, func(s *scanner) error { return s.time(&a.Call) }},
		{"note", false, func(s *scanner) error { return s.longText(&a.Note) }},
		{"answers", false, func(s *scanner) error { return s.known(&a.Answers) }},
		{"withdrawn", false, func(s *scanner) error { return s.bool(&a.Withdrawn) }},
	})
	return a, err
}

// ParseSetting reads the body of a setting. Errors are *EntryError. Value shares no memory with raw.
func ParseSetting(raw []byte) (Setting, error) {
	set := Setting{V: Version}
	err := parseSaid(KindSetting, raw, &set.Said, []field{
		{"name", true, func(s *scanner) error { return s.name(&set.Name) }},
		{"value", true, func(s *scanner) error {
			text, err := s.skip(1)
			if err == nil && len(text) > MaxValue {
				err = &RevisionError{Code: TooLarge, Reason: fmt.Sprintf("%d bytes are more than %d", len(text), MaxValue)}
			}
			set.Value = json.RawMessage(text)
			return err
		}},
	})
	return set, err
}

// ParseDuplicate reads the body of a decision about two interviews. Errors are *EntryError.
func ParseDuplicate(raw []byte) (Duplicate, error) {
	d := Duplicate{V: Version}
	err := parseSaid(KindDuplicate, raw, &d.Said, []field{
		{"a", true, func(s *scanner) error { return s.uuid(&d.A) }},
		{"b", true, func(s *scanner) error { return s.uuid(&d.B) }},
		{"decision", true, func(s *scanner) error { return s.decision(&d.Decision, Same, Different, Undecided) }},
		{"keep", false, func(s *scanner) error { return s.uuid(&d.Keep) }},
	})
	if err != nil {
		return d, err
	}
	if bytes.Compare(d.A[:], d.B[:]) >= 0 {
		return d, &EntryError{Kind: KindDuplicate, Code: BadValue, Field: "b", Reason: "it is not greater than a"}
	}
	if zero := d.Keep == [16]byte{}; !zero && (d.Decision != Same || d.Keep != d.A && d.Keep != d.B) {
		return d, &EntryError{Kind: KindDuplicate, Code: BadValue, Field: "keep", Reason: "it is kept of two that are the same, and is one of them"}
	}
	return d, nil
}

// parseSaid reads the fields of a kind, and those that all kinds have.
func parseSaid(kind string, raw []byte, said *Said, own []field) error {
	fields := slices.Concat(own, []field{
		{"by", false, func(s *scanner) error { return s.nameOrEmpty(&said.By) }},
		{"device", true, func(s *scanner) error { return s.name(&said.Device) }},
		{"at", true, func(s *scanner) error { return s.time(&said.At) }},
		{"after", false, func(s *scanner) error { return s.ids(&said.After) }},
	})
	err := parseFields(raw, fields)
	var e *RevisionError
	if errors.As(err, &e) {
		return &EntryError{Kind: kind, Code: e.Code, Field: e.Field, Reason: e.Reason}
	}
	return err
}

// parseFields reads an object in two passes, as parseBody does. Errors are *RevisionError.
func parseFields(raw []byte, fields []field) error {
	if len(raw) > MaxSaid {
		return &RevisionError{Code: TooLarge, Reason: fmt.Sprintf("%d bytes are more than %d", len(raw), MaxSaid)}
	}
	if bytes.IndexByte(raw, '\n') >= 0 {
		return &RevisionError{Code: NotJSON, Reason: "more than one line"}
	}
	texts, err := splitFields(string(raw))
	if err != nil {
		return err
	}
	if err := checkVersion(texts["v"]); err != nil {
		return err
	}
	for _, f := range fields {
		text, there := texts[f.name]
		if !there && f.required {
			return &RevisionError{Code: BadShape, Field: f.name, Reason: "missing"}
		}
		if !there {
			continue
		}
		if err := f.read(&scanner{b: text}); err != nil {
			return inField(f.name, err)
		}
	}
	return nil
}

// The readers of single fields of what is said. Each consumes one value.

func (s *scanner) decision(to *Decision, known ...Decision) error {
	text, err := s.text()
	if err != nil {
		return err
	}
	if *to = Decision(text); !slices.Contains(known, *to) {
		return &RevisionError{Code: BadValue, Reason: fmt.Sprintf("there is no decision %.40q", text)}
	}
	return nil
}

func (s *scanner) longText(to *string) (err error) {
	if *to, err = s.text(); err == nil && len(*to) > MaxText {
		err = &RevisionError{Code: TooLarge, Reason: fmt.Sprintf("a text of more than %d bytes", MaxText)}
	}
	return err
}

func (s *scanner) day(to *string) (err error) {
	if *to, err = s.text(); err != nil {
		return err
	}
	if _, err := time.Parse(time.DateOnly, *to); err != nil {
		return &RevisionError{Code: BadValue, Reason: fmt.Sprintf("%.40q is no date like 2026-11-30", *to)}
	}
	return nil
}

func (s *scanner) comments(to *[]Comment) error {
	return s.array(func() error {
		var c Comment
		seen := map[string]bool{}
		err := s.object(func(key string) error {
			if seen[key] {
				return fmt.Errorf("%q is there twice", key)
			}
			seen[key] = true
			switch key {
			case "path":
				return s.questionPath(&c.Path)
			case "text":
				return s.longText(&c.Text)
			}
			_, err := s.skip(1)
			return err
		})
		switch {
		case err != nil:
			return err
		case c.Text == "":
			return fmt.Errorf("a comment without a text")
		case len(*to) >= MaxComments:
			return &RevisionError{Code: TooMany, Reason: fmt.Sprintf("more than %d comments", MaxComments)}
		}
		*to = append(*to, c)
		return nil
	})
}

func (s *scanner) questionPath(to *Path) error {
	text, err := s.text()
	if err != nil {
		return err
	}
	*to = Path(text)
	if err := to.Check(); err != nil {
		return &RevisionError{Code: BadPath, Reason: err.Error()}
	}
	return nil
}

// known consumes answers that are known beforehand.
func (s *scanner) known(to *map[Path]string) error {
	*to = map[Path]string{}
	return s.object(func(key string) error {
		p := Path(key)
		if err := p.Check(); err != nil {
			return &RevisionError{Code: BadPath, Reason: err.Error()}
		}
		if _, twice := (*to)[p]; twice {
			return &RevisionError{Code: BadShape, Reason: fmt.Sprintf("%q is there twice", key)}
		}
		if len(*to) >= MaxKnown {
			return &RevisionError{Code: TooMany, Reason: fmt.Sprintf("more than %d answers", MaxKnown)}
		}
		var text string
		err := s.longText(&text)
		(*to)[p] = text
		return err
	})
}
