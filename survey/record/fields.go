package record

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// The readers of single fields of a body. Each consumes one value.

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

// ids consumes an ascending array of IDs.
func (s *scanner) ids(to *[]ID) error {
	return s.array(func() error {
		text, err := s.text()
		if err != nil {
			return err
		}
		id, err := ParseID(text)
		switch {
		case err != nil:
			return err
		case len(*to) > 0 && compareIDs((*to)[len(*to)-1], id) >= 0:
			return fmt.Errorf("IDs are not in ascending order")
		case len(*to) >= MaxVerdicts:
			return &RevisionError{Code: TooMany, Reason: fmt.Sprintf("more than %d IDs", MaxVerdicts)}
		}
		*to = append(*to, id)
		return nil
	})
}
