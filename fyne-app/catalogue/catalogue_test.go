package catalogue

import (
	"os"
	"testing"

	"vereda/survey/words/wordstest"
)

func TestTheAppSaysWhatTheCatalogueHas(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Check(t, os.DirFS(".."), c)
}
