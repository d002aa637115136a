package xform

import (
	"bytes"
	"testing"

	"vereda/survey/form"
)

// inXML is a form as it is written.
func inXML(t *testing.T, f *form.Form) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// reread writes a form and reads what was written.
func reread(t *testing.T, f *form.Form) (again *form.Form, document string) {
	t.Helper()
	document = inXML(t, f)
	again, problems := Read("again.xml", []byte(document))
	if again == nil {
		t.Fatalf("what was written cannot be read: %v\n%s", problems, document)
	}
	return again, document
}

// What is written of a form that was read is written of what that reads, to the byte.
func TestWritingIsAFixedPoint(t *testing.T) {
	again, once := reread(t, readSeed(t))
	if twice := inXML(t, again); twice != once {
		t.Errorf("written once\n%s\ntwice\n%s", once, twice)
	}
}
