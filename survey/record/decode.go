package record

import (
	"errors"
	"fmt"
	"strconv"
)

// parseBody reads a body in one pass. What is not plain is read again in two, which say what is wrong, if anything is.
func parseBody(raw []byte, answers bool) (Body, error) {
	text := string(raw)
	p := plainReader{scanner: scanner{b: text}, Body: Body{V: Version}, lists: listPool.Get().(*answerLists)}
	defer p.giveBack()
	if p.read() != nil {
		return explainBody(text)
	}
	if answers {
		p.Set, p.Derived = p.set.answers(), p.derived.answers()
	}
	return p.Body, nil
}

// explainBody reads a body in two passes: the first finds the fields and checks that all is JSON, so that an
// unknown version is told apart from a wrong shape; the second reads the fields of version 1.
func explainBody(raw string) (Body, error) {
	fields, err := splitFields(raw)
	if err != nil {
		return Body{}, err
	}
	if err := checkVersion(fields["v"]); err != nil {
		return Body{}, err
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

// checkVersion holds that the field "v" is the version this package reads.
func checkVersion(text string) error {
	if text == strconv.Itoa(Version) {
		return nil
	}
	if v, err := strconv.Atoi(text); err == nil {
		return &RevisionError{Code: UnknownVersion, Field: "v", Reason: fmt.Sprintf("format version %d is not known here", v)}
	}
	return &RevisionError{Code: BadShape, Field: "v", Reason: "no format version"}
}

// splitFields returns the text of each field.
func splitFields(raw string) (map[string]string, error) {
	s := scanner{b: raw}
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

// bodyField is how one field is read.
type bodyField struct {
	name     string
	optional bool
	read     func(s *scanner, b *Body) error
}

// bodyFields are the fields of version 1 but "v". Others are passed over: a later program may write them.
var bodyFields = []bodyField{
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
	{"assignment", true, func(s *scanner, b *Body) error { return s.uuid(&b.Assignment) }},
	{"verdicts", true, func(s *scanner, b *Body) error { return s.ids(&b.Verdicts) }},
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
