package xform

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"vereda/survey/form"
	"vereda/survey/xlsform"
)

const converted = "../../../shared/data/conformance/xlsform_cases.jsonl"

// TestWhatTheReferenceConverterWritesIsRead reads every XForm that the reference converter wrote in its own tests.
func TestWhatTheReferenceConverterWritesIsRead(t *testing.T) {
	file, err := os.Open(converted)
	if err != nil {
		t.Skip("left out: the conformance data are not beside the checkout")
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	listed := differences(t, "Against the reference converter")
	all, read, same := 0, 0, 0
	for lines.Scan() {
		var c struct {
			ID    string
			MD    *string
			XForm *string
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if c.XForm == nil {
			continue
		}
		all++
		f, problems := Read(c.ID+".xml", []byte(*c.XForm))
		if f != nil {
			read++
			if c.MD != nil {
				same += compare(t, c.ID, *c.MD, f)
			}
			continue
		}
		if listed[c.ID] {
			delete(listed, c.ID)
			continue
		}
		for _, p := range problems {
			if p.Severity == form.Error {
				t.Errorf("%s: %v", c.ID, p)
				break
			}
		}
	}
	for id := range listed {
		t.Errorf("docs/xform.md says that %s is refused, and it is read", id)
	}
	t.Logf("%d of %d read; %d are as the workbook's", read, all, same)
}

// compare finds the questions of a workbook in the XForm made of it, and their types. Calculated and hidden questions are such in both.
func compare(t *testing.T, id, table string, got *form.Form) int {
	want, _ := xlsform.Read("form.md", []byte(table))
	if want == nil {
		return 0
	}
	for _, w := range want.Items()[1:] {
		g, ok := got.Item(w.Path)
		switch {
		case w.Type == form.TypeAudit: // it lies elsewhere, and is a file
		case !ok:
			t.Errorf("%s: the XForm has no %s", id, w.Path)
		case w.Type == form.TypeNote && g.Type == form.TypeText, w.ReadOnly != nil && g.Type == form.TypeNote: // a text that nobody can answer
		case g.Kind != w.Kind || g.Type != w.Type && g.Type.Shown() == w.Type.Shown() && w.Type.Shown():
			t.Errorf("%s: %s is a %v of type %s, not a %v of type %s", id, w.Path, g.Kind, g.Type, w.Kind, w.Type)
		case (g.Relevant == nil) != (w.Relevant == nil), (g.Constraint == nil) != (w.Constraint == nil), (g.RepeatCount == nil) != (w.RepeatCount == nil):
			t.Errorf("%s: %s has other rules", id, w.Path)
		case w.Type.Shown() && g.Type.Shown() && g.Label.IsZero() != w.Label.IsZero() && !w.HasAppearance("table-list") && !w.Parent.HasAppearance("table-list"):
			t.Errorf("%s: the label of %s is %q, not %q", id, w.Path, g.Label.Plain("", ""), w.Label.Plain("", ""))
		}
	}
	return 1
}
