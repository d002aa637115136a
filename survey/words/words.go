// Package words keeps the texts that people read, in the five languages of the app: es, pt, fr, en, ht. Each consumer
// has its own catalogue (a folder with one JSON file per language); this package loads and serves them.
package words

import "io/fs"

// Languages are the app's languages, the first one the language of last resort.
var Languages = []string{"es", "pt", "fr", "en", "ht"}

// Catalogue holds the texts of one consumer. It is immutable and safe for concurrent use.
type Catalogue struct{}

// Load reads es.json, pt.json, ... from the root of fsys: objects from key to text. Texts hold numbered places {0}, {1}; a key may
// have a twin "key.one" for a first argument of 1. It fails when a language lacks a key, or has other places.
func Load(fsys fs.FS) (*Catalogue, error) { panic("stub") }

// In returns the words of a language ("pt", "pt_BR.UTF-8", "fr-CA"), those of Spanish for an unknown one.
func (c *Catalogue) In(language string) Words { panic("stub") }

// Words are a catalogue in one language.
type Words struct{}

// Language returns its code.
func (w Words) Language() string { panic("stub") }

// Say returns the text of a key with its places filled. An unknown key returns the key: a test finds them.
func (w Words) Say(key string, args ...any) string { panic("stub") }

// Match returns the app's language for a locale as the system writes it (LANG), "es" for none, "C" and "POSIX".
func Match(locale string) string { panic("stub") }

// Name returns the language's name in itself: "Español".
func Name(language string) string { panic("stub") }
