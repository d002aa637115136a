// Package catalogue is what the field app says, in its five languages.
package catalogue

import (
	"embed"

	"vereda/survey/words"
)

//go:embed *.json
var files embed.FS

// Load returns the catalogue. It fails only where the tests of this package do.
func Load() (*words.Catalogue, error) { return words.Load(files) }
