package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Act is something that an enumerator does.
type Act struct {
	Op    string  // one of Ops
	Ref   string  // what it is about; for "newRepeat" the new instance or the repeat; not needed for "next", "newInstance", "setLanguage"
	Value *string // "answer": as ODK writes it, nil or "" takes the answer back; "setLanguage": name or code
	State *State  // "load": the saved interview that goes on
}

// Ops are the acts there are: answer a question, go on to the next page, add an instance, remove one, speak another language, begin a new
// interview, ask for an answer, for the choices offered, for what is wrong, or go on with a saved interview.
var Ops = []string{"answer", "next", "newRepeat", "removeRepeat", "setLanguage", "newInstance", "answerOf", "choicesOf", "validate", "load"}

// Walks reports whether acts walk through the form, from place to place or looking at choices. A session for them has Env.Walked: what ODK Collect does only when the
// enumerator comes by happens then, and not before.
func Walks(acts []Act) bool {
	return slices.ContainsFunc(acts, func(a Act) bool { return a.Op == "next" || a.Op == "choicesOf" })
}

// ReadAct reads a JSON object {"op", "ref", "value"}. The value may be a number, true or false (1 and 0), or an array of names as well. How an op is
// written does not count ("new repeat", "new_repeat"), and "language" is "setLanguage". Members beyond these are passed over, so that an outcome or a recording can
// be given back as an act.
func ReadAct(line []byte) (Act, error) {
	var written struct {
		Op    string
		Ref   *string
		Value any
		State *State
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&written); err != nil {
		return Act{}, fmt.Errorf("the line is no JSON object of an act: %w", err)
	}
	a := Act{Op: opOf(written.Op)}
	if a.Op == "load" {
		a.State = written.State
	}
	if written.Ref != nil {
		a.Ref = strings.TrimSpace(*written.Ref)
	}
	if written.Value != nil {
		text, err := textOf(written.Value)
		if err != nil {
			return Act{}, err
		}
		a.Value = &text
	}
	return a, nil
}

// opOf returns the op that a word means; the word itself when it means none.
func opOf(word string) string {
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(s))
	}
	if plain(word) == "language" {
		return "setLanguage"
	}
	for _, op := range Ops {
		if plain(op) == plain(word) {
			return op
		}
	}
	return word
}

// textOf writes a JSON value as ODK writes answers.
func textOf(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		if v {
			return "1", nil
		}
		return "0", nil
	case []any:
		names := make([]string, len(v))
		for n, item := range v {
			name, err := textOf(item)
			if err != nil {
				return "", err
			}
			names[n] = name
		}
		return strings.Join(names, " "), nil
	}
	return "", fmt.Errorf("the value of an act is a text, a number, true, false or an array of names")
}
