package xlsform

import (
	"bytes"
	"fmt"

	"vereda/survey/form"
)

// signatures are beginnings of files that are not .xlsx workbooks.
var signatures = []struct{ start, what, hint string }{
	{"%PDF", "a PDF document", "Send the workbook itself, saved as .xlsx."},
	{"<?xml", "an XML document", "Send the .xlsx workbook that it was made from."},
	{"<h:html", "an XForm", "Send the .xlsx workbook that it was made from."},
	{"<", "a web page or XML", "Send the .xlsx workbook; a download may have brought an error page instead."},
	{"{\\rtf", "an RTF document", "Send the workbook itself, saved as .xlsx."},
	{"\x89PNG", "a picture", "Send the workbook itself, saved as .xlsx."},
	{"\xFF\xD8\xFF", "a picture", "Send the workbook itself, saved as .xlsx."},
	{"\x1F\x8B", "a gzip archive", "Unpack it first."},
	{"7z\xBC\xAF", "a 7z archive", "Unpack it first."},
	{"Rar!", "a RAR archive", "Unpack it first."},
}

// nameFile says what a file is that is no workbook.
func (r *reader) nameFile(name string, data []byte) {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), " \t\r\n")
	if len(trimmed) == 0 {
		r.refuse("empty-file", fmt.Sprintf("%s is empty.", name), "Save the workbook again as .xlsx.")
		return
	}
	for _, s := range signatures {
		if bytes.HasPrefix(trimmed, []byte(s.start)) {
			r.refuse("not-a-workbook", fmt.Sprintf("%s is %s, not an .xlsx workbook.", name, s.what), s.hint)
			return
		}
	}
	what := "no .xlsx workbook"
	if !bytes.ContainsRune(data[:min(len(data), 4096)], 0) {
		what = "plain text, not an .xlsx workbook"
	}
	r.refuse("not-a-workbook", fmt.Sprintf("%s is %s.", name, what), "Open it in a spreadsheet program and save it as .xlsx.")
}

// refuse notes a problem of the whole file.
func (r *reader) refuse(code, message, hint string) {
	r.problems = append(r.problems, form.Problem{Severity: form.Error, Code: code, Message: message, Hint: hint})
}
