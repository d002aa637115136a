package xform

import (
	"math/rand"
	"regexp"
	"testing"
)

// pieces of documents that mutations move about: words, and elements without content.
var pieces = []*regexp.Regexp{regexp.MustCompile(`[\w./:@()'-]+`), regexp.MustCompile(`<[a-z:0-9]+[^>]*/>`)}

// mutated puts pieces of a document in other places, or takes them out.
func mutated(document string, random *rand.Rand) string {
	for range 1 + random.Intn(3) {
		found := pieces[random.Intn(len(pieces))].FindAllStringIndex(document, -1)
		a, b := found[random.Intn(len(found))], found[random.Intn(len(found))]
		piece, end := document[b[0]:b[1]], a[1]
		switch random.Intn(3) {
		case 0:
			piece = ""
		case 1:
			end = a[0]
		}
		document = document[:a[0]] + piece + document[end:]
	}
	return document
}

// Forms that nobody would write are written such that they are read the same again, and written the same.
func TestMutatedFormsAreWrittenAgain(t *testing.T) {
	const tries = 3000
	read := 0
	for n := range int64(tries) {
		random := rand.New(rand.NewSource(n))
		f, _ := Read("form.xml", []byte(mutated([]string{seed, oddities}[n%2], random)))
		if f == nil {
			continue
		}
		read++
		again, once := reread(t, f)
		if inXML(t, again) != once {
			t.Fatalf("mutation %d is written otherwise again:\n%s", n, once)
		}
		if d := append(unlike(f, again), behaveUnlike(f, again, n, 5)...); len(d) > 0 {
			t.Fatalf("mutation %d: %v", n, d)
		}
	}
	if read < tries/20 {
		t.Errorf("of %d mutations only %d are forms", tries, read)
	}
}
