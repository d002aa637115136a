package paper

import (
	"os"
	"testing"

	"vereda/survey/words/wordstest"
)

func TestCatalogue(t *testing.T) { wordstest.Check(t, os.DirFS("."), catalogue()) }
