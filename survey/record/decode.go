package record

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// parseBody reads a body in two passes: the first finds the fields and checks that all is JSON, so that an
// unknown version is told apart from a wrong shape; the second reads the fields of version 1.
func parseBody(raw []byte) (Body, error) {
	fields, err := splitFields(raw)
	if err != nil {
		return Body{}, err
	}
	if fields["v"] != "1" {
		code, reason := BadShape, "no format version"
		if v, err := strconv.Atoi(fields["v"]); err == nil {
			code, reason = UnknownVersion, fmt.Sprintf("format version %d is not known here", v)
		}
		return Body{}, &RevisionError{Code: code, Field: "v", Reason: reason}
	}
	b := Body{V: Version}
	for _, f := range bodyFields {
		text, there := fields[f.name]
		if !there && f.optional {
			continue
		}
		if !there {
			return Body{}, &RevisionError{Code: BadShape, Field: f.name, Reason: "missing"}
		}
		if err := f.read(&scanner{b: text}, &b); err != nil {
			return Body{}, inField(f.name, err)
		}
	}
	return b, checkBody(b)
}

// splitFields returns the text of each known field.
func splitFields(raw []byte) (map[string]string, error) {
	s := scanner{b: string(raw)}
	fields := make(map[string]string, len(bodyFields)+1)
	err := s.object(func(key string) error {
		text, err := s.skip(1)
		if err != nil {
			return err
		}
		if _, twice := fields[key]; twice {
			return &RevisionError{Code: BadShape, Field: key, Reason: "there twice"}
		}
		fields[key] = text
		return nil
	})
	if err == nil {
		err = s.end()
	}
	return fields, err
}

// inField names the field an error lies in. Bytes that passed the first pass are JSON: what is wrong is their shape.
func inField(name string, err error) error {
	var e *RevisionError
	if !errors.As(err, &e) {
		return &RevisionError{Code: BadShape, Field: name, Reason: err.Error()}
	}
	e.Field = name
	if e.Code == NotJSON {
		e.Code = BadShape
	}
	return e
}

// bodyFields are the fields of version 1 but "v". Others are passed over: a later program may write them.
var bodyFields = []struct {
	name     string
	optional bool
	read     func(s *scanner, b *Body) error
}{
	{"interview", false, func(s *scanner, b *Body) error { return s.uuid(&b.Interview) }},
	{"form", false, func(s *scanner, b *Body) error { return s.name(&b.Form) }},
	{"version", false, func(s *scanner, b *Body) error { return s.nameOrEmpty(&b.Version) }},
	{"device", false, func(s *scanner, b *Body) error { return s.name(&b.Device) }},
	{"n", false, func(s *scanner, b *Body) error { return s.count(&b.N) }},
	{"after", true, func(s *scanner, b *Body) error { return s.vector(&b.After) }},
	{"at", false, func(s *scanner, b *Body) error { return s.time(&b.At) }},
	{"by", true, func(s *scanner, b *Body) error { return s.nameOrEmpty(&b.By) }},
	{"final", true, func(s *scanner, b *Body) error { return s.bool(&b.Final) }},
	{"set", true, func(s *scanner, b *Body) error { return s.answers(&b.Set) }},
	{"derived", true, func(s *scanner, b *Body) error { return s.answers(&b.Derived) }},
	{"unset", true, func(s *scanner, b *Body) error { return s.paths(&b.Unset) }},
	{"media", true, func(s *scanner, b *Body) error { return s.media(&b.Media) }},
}

// checkBody holds the rules that concern more than one field.
func checkBody(b Body) error {
	if b.After[b.Device] != b.N-1 {
		return &RevisionError{Code: BadAfter, Field: "after",
			Reason: fmt.Sprintf("knows %d of the device's own revisions, and n is %d", b.After[b.Device], b.N)}
	}
	if n := len(b.Set) + len(b.Derived) + len(b.Unset); n > MaxAnswers {
		return &RevisionError{Code: TooMany, Reason: fmt.Sprintf("%d paths are more than %d", n, MaxAnswers)}
	}
	for p := range b.Derived {
		if _, both := b.Set[p]; both {
			return &RevisionError{Code: SetAndUnset, Field: "derived", Reason: fmt.Sprintf("%q is set as well", string(p))}
		}
	}
	for _, p := range b.Unset {
		_, set := b.Set[p]
		_, derived := b.Derived[p]
		if set || derived {
			return &RevisionError{Code: SetAndUnset, Field: "unset", Reason: fmt.Sprintf("%q is set as well", string(p))}
		}
	}
	return checkRemoved(b)
}

// checkRemoved refuses an answer within an instance that the same revision removes.
func checkRemoved(b Body) error {
	removed := map[Path]bool{}
	for _, p := range b.Unset {
		if p.IsInstance() {
			removed[p] = true
		}
	}
	if len(removed) == 0 {
		return nil
	}
	for _, answers := range []Answers{b.Set, b.Derived} {
		for p := range answers {
			for i, in := p.Instance(); in; i, in = i.Parent().Instance() {
				if removed[i] {
					return &RevisionError{Code: SetAndUnset, Field: "unset", Reason: fmt.Sprintf("%q is set below %q", string(p), string(i))}
				}
			}
		}
	}
	return nil
}

func (s *scanner) uuid(to *uuid.UUID) error {
	text, err := s.text()
	if err != nil {
		return err
	}
	if *to, err = uuid.Parse(text); err != nil || to.String() != text {
		return fmt.Errorf("%.60q is no UUID in lower case", text)
	}
	return nil
}

func (s *scanner) name(to *string) error {
	err := s.nameOrEmpty(to)
	if err == nil && *to == "" {
		err = &RevisionError{Code: BadName, Reason: "empty"}
	}
	return err
}

func (s *scanner) nameOrEmpty(to *string) (err error) {
	if *to, err = s.text(); err == nil && len(*to) > MaxName {
		err = &RevisionError{Code: BadName, Reason: fmt.Sprintf("longer than %d bytes", MaxName)}
	}
	return err
}

// count consumes a whole number from 1.
func (s *scanner) count(to *uint64) error {
	text, err := s.number()
	if err != nil {
		return err
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n < 1 || n > MaxN {
		return &RevisionError{Code: BadCounter, Reason: fmt.Sprintf("%.40s is no count from 1", text)}
	}
	*to = n
	return nil
}

func (s *scanner) vector(to *Vector) error {
	*to = Vector{}
	return s.object(func(device string) error {
		var n uint64
		err := s.count(&n)
		_, twice := (*to)[device]
		switch {
		case err != nil:
			return &RevisionError{Code: BadAfter, Reason: fmt.Sprintf("%.60q is not counted from 1", device)}
		case device == "" || len(device) > MaxName:
			return &RevisionError{Code: BadName, Reason: "the name of a device is empty or too long"}
		case twice:
			return &RevisionError{Code: BadShape, Reason: fmt.Sprintf("%q is there twice", device)}
		case len(*to) >= MaxDevices:
			return &RevisionError{Code: TooMany, Reason: fmt.Sprintf("more than %d devices", MaxDevices)}
		}
		(*to)[device] = n
		return nil
	})
}

func (s *scanner) time(to *time.Time) error {
	text, err := s.text()
	if err != nil {
		return err
	}
	if *to, err = time.Parse(time.RFC3339, text); err != nil {
		return fmt.Errorf("%.60q is no time like 2026-11-23T14:05:00.000-05:00", text)
	}
	return nil
}

func (s *scanner) bool(to *bool) error {
	word, err := s.word()
	if err == nil && word == "null" {
		err = s.fail("expected true or false")
	}
	*to = word == "true"
	return err
}

// answers consumes an object of values. An Exists stands at the paths of instances and nowhere else.
func (s *scanner) answers(to *Answers) error {
	*to = make(Answers, len(s.b)/48) // an answer takes about so many bytes
	return s.object(func(key string) error {
		p := Path(key)
		if err := p.Check(); err != nil {
			return &RevisionError{Code: BadPath, Reason: err.Error()}
		}
		v, err := s.value()
		if err != nil {
			return err
		}
		before := len(*to)
		(*to)[p] = v
		switch {
		case v.IsZero() || (v.Kind() == Instance) != p.IsInstance():
			return &RevisionError{Code: BadValue, Reason: fmt.Sprintf("%q does not hold %v", key, v.Kind())}
		case len(*to) == before:
			return &RevisionError{Code: BadShape, Reason: fmt.Sprintf("%q is there twice", key)}
		case before >= MaxAnswers:
			return &RevisionError{Code: TooMany, Reason: fmt.Sprintf("more than %d paths", MaxAnswers)}
		}
		return nil
	})
}

// paths consumes a sorted array of paths.
func (s *scanner) paths(to *[]Path) error {
	err := s.array(func() error {
		text, err := s.text()
		if err != nil {
			return err
		}
		if err := Path(text).Check(); err != nil {
			return &RevisionError{Code: BadPath, Reason: err.Error()}
		}
		if len(*to) >= MaxAnswers {
			return &RevisionError{Code: TooMany, Reason: fmt.Sprintf("more than %d paths", MaxAnswers)}
		}
		*to = append(*to, Path(text))
		return nil
	})
	if err == nil && (!slices.IsSorted(*to) || len(slices.Compact(slices.Clone(*to))) != len(*to)) {
		err = fmt.Errorf("paths are not in ascending order")
	}
	return err
}

func (s *scanner) media(to *map[string]Media) error {
	*to = map[string]Media{}
	return s.object(func(name string) error {
		if canonical, err := canonicalFile(name); err != nil || canonical == "" {
			return &RevisionError{Code: BadName, Reason: fmt.Sprintf("%.80q is no name of a file", name)}
		}
		if _, twice := (*to)[name]; twice {
			return &RevisionError{Code: BadShape, Reason: fmt.Sprintf("%q is there twice", name)}
		}
		if len(*to) >= MaxMedia {
			return &RevisionError{Code: TooMany, Reason: fmt.Sprintf("more than %d files", MaxMedia)}
		}
		m, err := s.medium()
		(*to)[name] = m
		return err
	})
}

// medium consumes the description of one file; fields that are not known are passed over.
func (s *scanner) medium() (m Media, err error) {
	seen := map[string]bool{}
	err = s.object(func(key string) error {
		if seen[key] {
			return fmt.Errorf("%q is there twice", key)
		}
		seen[key] = true
		switch key {
		case "sha256":
			text, err := s.text()
			if err == nil {
				m.SHA256, err = ParseID(text)
			}
			return err
		case "size":
			text, err := s.number()
			if err == nil {
				m.Size, err = strconv.ParseInt(text, 10, 64)
			}
			if err != nil || m.Size < 0 || m.Size > MaxN {
				return fmt.Errorf("%.40q is no size", text)
			}
			return nil
		case "type":
			return s.nameOrEmpty(&m.Type)
		}
		_, err := s.skip(1)
		return err
	})
	if err == nil && (!seen["sha256"] || !seen["size"] || !seen["type"]) {
		err = fmt.Errorf("a file has sha256, size and type")
	}
	return m, err
}
