package respondent_test

import (
	"errors"
	"math/rand"
	"os"
	"path/filepath"
	"testing"

	"vereda/survey/interview"
	"vereda/survey/respondent"
	"vereda/survey/xlsform"
)

// TestRealFormsAreInterviewed runs the workbooks that can be read already: no form may bring a session down, and what it asks can be answered
// or is named.
func TestRealFormsAreInterviewed(t *testing.T) {
	folder := "../../../shared/data/conformance/forms"
	files, err := filepath.Glob(filepath.Join(folder, "*.xls*"))
	if err != nil || len(files) == 0 {
		t.Skip("the folder of real forms beside the checkout is missing: they were left out")
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			workbook, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f, problems := xlsform.Read(filepath.Base(name), workbook)
			if f == nil {
				t.Skipf("not read yet: %d problems, the first %+v", len(problems), problems[0])
			}
			random := rand.New(rand.NewSource(3))
			s, err := interview.Start(f, env(random))
			if err != nil {
				t.Fatal(err)
			}
			err = respondent.Respond(s, random, nil)
			var stuck *respondent.StuckError
			switch {
			case errors.As(err, &stuck):
				t.Logf("a question that chance found no answer to: %v", err)
			case err != nil:
				t.Fatal(err)
			}
			answers, _ := s.Answers(false)
			if _, err := interview.Resume(f, env(random), answers); err != nil {
				t.Fatal(err)
			}
		})
	}
}
