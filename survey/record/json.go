package record

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MarshalJSON: Text "s", Integer 42, Decimal 4.5 (always with a point), Choices ["a","b"],
// Instance {}, all others {"date":"..."}, {"geopoint":"..."} and so on, by the name of the kind; no answer null.
func (v Value) MarshalJSON() ([]byte, error) { return v.appendJSON(nil), nil }

func (v Value) appendJSON(b []byte) []byte {
	switch v.kind {
	case 0:
		return append(b, "null"...)
	case Text:
		return appendText(b, v.text)
	case Integer:
		return append(b, v.text...)
	case Decimal:
		b = append(b, v.text...)
		if !strings.Contains(v.text, ".") {
			b = append(b, ".0"...)
		}
		return b
	case Choices:
		b = append(b, '[')
		for i, name := range strings.Fields(v.text) {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendText(b, name)
		}
		return append(b, ']')
	case Instance:
		return append(b, "{}"...)
	}
	b = append(b, '{', '"')
	b = append(b, v.kind.String()...)
	b = append(b, '"', ':')
	return append(appendText(b, v.text), '}')
}

// appendText writes a JSON string: only what must be escaped is.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c < ' ':
			b = append(b, `\u00`...)
			b = append(b, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// UnmarshalJSON reads what MarshalJSON writes, and nothing else: a value that is not in canonical form is an error.
func (v *Value) UnmarshalJSON(b []byte) error {
	s := scanner{b: string(b)}
	parsed, err := s.value()
	if err == nil {
		err = s.end()
	}
	if err == nil {
		*v = parsed
	}
	return err
}

// value consumes a value.
func (s *scanner) value() (Value, error) {
	switch c := s.peek(); {
	case c == '"':
		text, err := s.text()
		if err == nil && text == "" {
			err = s.noValue("an empty text is no answer")
		}
		return Value{Text, text}, err
	case c == '-' || c >= '0' && c <= '9':
		return s.numberValue()
	case c == '[':
		return s.choices()
	case c == '{':
		return s.taggedValue()
	}
	word, err := s.word()
	if err == nil && word != "null" {
		err = s.noValue("there are no answers true or false")
	}
	return Value{}, err
}

func (s *scanner) noValue(reason string) error {
	return &RevisionError{Code: BadValue, Offset: s.i, Reason: reason}
}

// canonical makes sure that the text is the one and only text of the value.
func (s *scanner) canonical(kind Kind, text string) (Value, error) {
	v, err := New(kind, text)
	if err != nil {
		return Value{}, s.noValue(err.Error())
	}
	if v.text != text || v.kind != kind {
		return Value{}, s.noValue(fmt.Sprintf("%.80q should be written %.80q", text, v.text))
	}
	return v, nil
}

func (s *scanner) numberValue() (Value, error) {
	text, err := s.number()
	if err != nil {
		return Value{}, err
	}
	if !strings.ContainsAny(text, ".eE") {
		return s.canonical(Integer, text)
	}
	return s.canonical(Decimal, strings.TrimSuffix(text, ".0"))
}

func (s *scanner) choices() (Value, error) {
	var names []string
	err := s.array(func() error {
		name, err := s.text()
		if err == nil && len(strings.Fields(name)) != 1 {
			err = s.noValue("the name of a choice is empty or has blanks")
		}
		names = append(names, name)
		return err
	})
	if err != nil {
		return Value{}, err
	}
	return s.canonical(Choices, strings.Join(names, " "))
}

// taggedValue consumes {} or {"date":"2026-11-23"} and the like.
func (s *scanner) taggedValue() (Value, error) {
	v, members := Exists(), 0
	err := s.object(func(key string) error {
		if members++; members > 1 {
			return s.noValue("a value has one kind")
		}
		text, err := s.text()
		if err != nil {
			return err
		}
		for k := Date; k <= File; k++ {
			if k.String() == key {
				v, err = s.canonical(k, text)
				return err
			}
		}
		return s.noValue(fmt.Sprintf("there is no kind %.40q", key))
	})
	return v, err
}

// validText reports whether a value can be written down: values made by this package can.
func (v Value) validText() bool { return utf8.ValidString(v.text) }
