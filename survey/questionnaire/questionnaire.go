// Package questionnaire is the built-in household access survey, in five languages.
package questionnaire

import "vereda/survey/form"

// Name is the workbook's file name.
const Name = "household_access_survey.xlsx"

// Workbook returns the bytes of the workbook; do not change them.
func Workbook() []byte { panic("stub") }

// Form returns the compiled form, read once.
func Form() *form.Form { panic("stub") }
