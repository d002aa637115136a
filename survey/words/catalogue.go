package words

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Languages are the app's languages, the first one the language of last resort.
var Languages = []string{"es", "pt", "fr", "en", "ht"}

// one ends the key of a text for a first argument of 1.
const one = ".one"

// Catalogue holds the texts of one consumer. It is immutable and safe for concurrent use.
type Catalogue struct{ words map[string]Words }

// Load reads es.json, pt.json, ... from the root of fsys: objects from key to text. Texts hold numbered places {0}, {1}; a key may
// have a twin "key.one" for a first argument of 1. It fails when a language lacks a key, or has other places; all such
// faults are in the error. A twin may leave places of its key out ("one device"), and needs its key.
func Load(fsys fs.FS) (*Catalogue, error) {
	c := &Catalogue{words: make(map[string]Words)}
	for _, language := range Languages {
		w, err := read(fsys, language)
		if err != nil {
			return nil, err
		}
		c.words[language] = w
	}
	return c, c.check()
}

// In returns the words of a language ("pt", "pt_BR.UTF-8", "fr-CA"), those of Spanish for an unknown one.
func (c *Catalogue) In(language string) Words { return c.words[Match(language)] }

// Keys returns all keys, sorted.
func (c *Catalogue) Keys() []string {
	return slices.Sorted(maps.Keys(c.words[Languages[0]].texts))
}

func read(fsys fs.FS, language string) (Words, error) {
	name := language + ".json"
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return Words{}, fmt.Errorf("words: %w", err)
	}
	var texts map[string]string
	if err := json.Unmarshal(raw, &texts); err != nil {
		return Words{}, fmt.Errorf("words: %s: %w", name, err)
	}
	w := Words{language: language, texts: make(map[string]text, len(texts))}
	for key, s := range texts {
		if strings.TrimSpace(s) == "" {
			return Words{}, fmt.Errorf("words: %s: %s has no text", name, key)
		}
		w.texts[key] = cut(s)
	}
	return w, nil
}

// cut finds the places of a text. A brace that is no place is text.
func cut(s string) text {
	var t text
	piece := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '{' {
			continue
		}
		end := strings.IndexByte(s[i:], '}')
		if end < 0 {
			break
		}
		place, err := strconv.ParseUint(s[i+1:i+end], 10, 8)
		if err != nil {
			continue
		}
		t.pieces = append(t.pieces, s[piece:i])
		t.places = append(t.places, int(place))
		i += end
		piece = i + 1
	}
	t.pieces = append(t.pieces, s[piece:])
	return t
}

// check holds the languages against each other.
func (c *Catalogue) check() error {
	all := make(map[string][]int)
	for _, language := range Languages {
		for key, t := range c.words[language].texts {
			if _, seen := all[key]; !seen {
				all[key] = t.set()
			}
		}
	}
	var faults []error
	for _, key := range slices.Sorted(maps.Keys(all)) {
		base, twin := strings.CutSuffix(key, one)
		if twin && all[base] == nil {
			faults = append(faults, fmt.Errorf("words: %s has no %s beside it", key, base))
		}
		for _, language := range Languages {
			if err := c.words[language].check(key, all[base], twin); err != nil {
				faults = append(faults, err)
			}
		}
	}
	return errors.Join(faults...)
}

func (w Words) check(key string, places []int, twin bool) error {
	t, ok := w.texts[key]
	if !ok {
		return fmt.Errorf("words: %s.json lacks %s", w.language, key)
	}
	mine := t.set()
	fits := slices.Equal(mine, places)
	if twin {
		fits = !slices.ContainsFunc(mine, func(p int) bool { return !slices.Contains(places, p) })
	}
	if !fits {
		return fmt.Errorf("words: %s.json: %s has the places %v, not %v", w.language, key, mine, places)
	}
	return nil
}

// set returns the places of a text, each once, sorted; never nil.
func (t text) set() []int {
	s := append([]int{}, t.places...)
	slices.Sort(s)
	return slices.Compact(s)
}
