package xlsform_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"regexp"
	"testing"

	"vereda/survey/form"
	"vereda/survey/xlsform"
)

// converterCase is one of the reference converter's own test workbooks: a table, or sheets as lists of rows.
type converterCase struct {
	ID       string                         `json:"id"`
	Table    string                         `json:"md"`
	Sheets   map[string][]map[string]string `json:"ss_structure"`
	Error    string                         `json:"error"`
	Errored  bool                           `json:"errored"`
	Contains []string                       `json:"error_contains"`    // parts of the message
	Warnings []string                       `json:"warnings_contains"` // parts of warnings
}

// file returns the workbook as a file that ReadStrict takes.
func (c converterCase) file(t *testing.T) []byte {
	if c.Table != "" {
		return []byte(c.Table)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	write := func(cells ...string) {
		if err := w.Write(cells); err != nil {
			t.Fatal(err)
		}
	}
	for name, rows := range c.Sheets {
		var headings []string
		for key := range rows[0] {
			headings = append(headings, key)
		}
		write(name, "")
		write(append([]string{""}, headings...)...)
		for _, row := range rows {
			cells := []string{""}
			for _, key := range headings {
				cells = append(cells, row[key])
			}
			write(cells...)
		}
	}
	w.Flush()
	return b.Bytes()
}

// differing reads the identifiers of the cases that docs/form.md lists with a mark: "judged otherwise" or "said otherwise" on purpose.
func differing(t *testing.T, mark string) map[string]bool {
	page, err := os.ReadFile("../../docs/form.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| (p\d{4}) \| `+mark).FindAllSubmatch(page, -1) {
		listed[string(m[1])] = true
	}
	return listed
}

// ReadStrict refuses the reference converter's own test workbooks exactly where the converter does, but for those that docs/form.md lists with the
// reason; and those differ.
func TestStrictVerdictsAreTheConverters(t *testing.T) {
	same, listed := 0, differing(t, "judged otherwise")
	for _, c := range cases(t) {
		problems := xlsform.ReadStrict("data.csv", c.file(t))
		switch agreed := form.HasErrors(problems) == c.Errored; {
		case agreed == listed[c.ID]:
			t.Errorf("%s: the converter refuses it: %v (%s); agreed: %v, listed: %v; %v", c.ID, c.Errored, c.Error, agreed, listed[c.ID], problems)
		case agreed:
			same++
		}
	}
	t.Logf("%d the same, %d listed as different", same, len(listed))
}
