// Package xlsform turns an XLSForm workbook into a form, or into a list of problems with sheet, row and column.
package xlsform

import "vereda/survey/form"

// Read reads a workbook. name is its file name, for messages. A form is returned when no problem is an Error;
// warnings come beside it. It never panics, whatever the bytes.
func Read(name string, workbook []byte) (*form.Form, []form.Problem) { panic("stub") }
