// Package words keeps the texts that people read, in the five languages of the app: es, pt, fr, en, ht. Each consumer
// has its own catalogue (a folder with one JSON file per language); this package loads and serves them.
package words

import (
	"fmt"
	"strings"
)

// Words are a catalogue in one language. The zero Words know no text. Safe for concurrent use.
type Words struct {
	language string
	texts    map[string]text
}

// text is a text cut at its places: words, then place, then words, ...; pieces has one more than places.
type text struct {
	pieces []string
	places []int
}

// Language returns its code.
func (w Words) Language() string { return w.language }

// Say returns the text of a key with its places filled. An unknown key returns the key: a test finds them.
// Whole numbers are written as the language groups them; all other arguments as fmt.Sprint does. Where a key has a
// twin "key.one", that is said when the first argument is the whole number 1. A place without an argument stays as it is.
func (w Words) Say(key string, args ...any) string {
	t, ok := w.text(key, args)
	if !ok {
		return key
	}
	if len(t.places) == 0 {
		return t.pieces[0]
	}
	var b strings.Builder
	for i, place := range t.places {
		b.WriteString(t.pieces[i])
		b.WriteString(w.argument(place, args))
	}
	b.WriteString(t.pieces[len(t.places)])
	return b.String()
}

// Has reports whether the key has a text.
func (w Words) Has(key string) bool {
	_, ok := w.texts[key]
	return ok
}

func (w Words) text(key string, args []any) (text, bool) {
	if len(args) > 0 {
		if n, ok := whole(args[0]); ok && n == 1 {
			if t, ok := w.texts[key+one]; ok {
				return t, true
			}
		}
	}
	t, ok := w.texts[key]
	return t, ok
}

func (w Words) argument(place int, args []any) string {
	if place >= len(args) {
		return fmt.Sprintf("{%d}", place)
	}
	if n, ok := whole(args[place]); ok {
		return w.Number(n)
	}
	return fmt.Sprint(args[place])
}

// whole returns the whole number that an argument is. Named types (a time.Duration, say) are none.
func whole(arg any) (int64, bool) {
	switch n := arg.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case int32:
		return int64(n), true
	case uint32:
		return int64(n), true
	case uint64:
		return int64(n), n < 1<<63
	}
	return 0, false
}
