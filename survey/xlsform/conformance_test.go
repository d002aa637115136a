package xlsform_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

// conformance is where the reference converter's own test workbooks lie, beside the checkout.
const conformance = "../../../shared/data/conformance"

// whatWeRefuse are the codes of errors that say: XLSForm has this, Vereda does not run it.
var whatWeRefuse = []string{"unsupported-column", "unsupported-sheet", "unsupported-appearance", "unsupported-select"}

// onPurpose are workbooks that the converter takes and Vereda does not, because they cannot work as they stand.
var onPurpose = map[string]string{
	"p0101": "a default that is no whole number", "p0909": "a default that is no whole number",
	"p0958": "a choice filter that reads a column the list has not", "p0959": "a choice filter that reads a column the list has not",
	"p0130": "quotes that open in a cell and do not close", "p1094": "$( for ${",
	"p0105": "nothing is asked", "p0114": "nothing is asked",
}

// openRow is a row of a table without a bar at its end; the converter's tests have some.
var openRow = regexp.MustCompile(`(?m)^(\s*\|.*[^|\s])\s*$`)

// Of the converter's own test workbooks, Vereda refuses those that use what it does not run, and says so; no others.
func TestWorkbooksOfTheReferenceConverter(t *testing.T) {
	file, err := os.Open(filepath.Join(conformance, "xlsform_cases.jsonl"))
	if err != nil {
		t.Skipf("the conformance data is left out: %v", err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<26)
	taken, refused := 0, 0
	for lines.Scan() {
		var c struct {
			ID      string `json:"id"`
			Tables  string `json:"md"`
			Errored bool   `json:"errored"`
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if c.Errored || !strings.Contains(c.Tables, "| survey") || onPurpose[c.ID] != "" {
			continue
		}
		f, problems := xlsform.Read("data.xlsx", xlsformtest.Workbook(openRow.ReplaceAllString(c.Tables, "$1 |")))
		if f != nil {
			taken++
			continue
		}
		refused++
		named := func(p form.Problem) bool {
			return slices.Contains(whatWeRefuse, p.Code)
		}
		if !slices.ContainsFunc(problems, named) {
			t.Errorf("%s is refused: %v", c.ID, problems)
		}
	}
	t.Logf("%d taken, %d refused by name", taken, refused)
	if taken < 300 {
		t.Errorf("only %d are taken", taken)
	}
}
