// Package questionnaire is the built-in household access survey, in five languages. Its column personal marks names, the position of the dwelling, the photo and what
// the enumerator notes: exports can leave these out.
package questionnaire

import (
	_ "embed"
	"fmt"
	"sync"

	"vereda/survey/form"
	"vereda/survey/xlsform"
)

// Name is the workbook's file name.
const Name = "household_access_survey.xlsx"

//go:embed household_access_survey.xlsx
var workbook []byte

// Workbook returns the bytes of the workbook; do not change them.
func Workbook() []byte { return workbook }

// Form returns the compiled form, read once.
func Form() *form.Form { return read() }

// read panics only where the tests of this package fail: the workbook is part of the program.
var read = sync.OnceValue(func() *form.Form {
	f, problems := xlsform.Read(Name, workbook)
	if f == nil {
		panic(fmt.Sprintf("questionnaire: %s cannot be read: %v", Name, problems))
	}
	return f
})
