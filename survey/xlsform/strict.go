package xlsform

import "vereda/survey/form"

// ReadStrict reads a form as Read does and returns what the reference converter (pyxform 4.5.0) would say of it: an Error where it refuses the
// form, a Warning for everything else that Vereda has to say, even where Vereda itself cannot run it. It never panics, whatever the bytes.
func ReadStrict(name string, workbook []byte) []form.Problem {
	_, problems := read(name, workbook, true)
	return problems
}

// oursAlone are the codes of problems that keep a form from running here and that the reference converter does not see: it hands expressions on as they
// are, and knows more types, columns and sheets.
var oursAlone = map[string]bool{
	"unsupported-column": true, "unsupported-sheet": true, "unsupported-appearance": true, "unsupported-select": true, "only-files": true, "unknown-path": true, "unknown-column": true, "cycle": true, "bad-expression": true, "unknown-function": true, "arguments": true,
	"bad-default": true, "too-many-readings": true, "sheet-name": true, "repeat-count": true, "no-list-name": true, "no-list-column": true, "rank-with-blank": true, "rank-other": true, "no-repeat": true, "empty-repeat": true, "quoted-reference": true,
}

// theirsToo are the codes of problems that Vereda finds a way around and the reference converter refuses.
var theirsToo = map[string]bool{
	"entity": true, "unused-reference": true, "file-list": true, "reserved-name": true, "repeat-name": true, "guidance-alone": true, "other-filter": true,
	"duplicate-choice": true, "duplicate-name": true, "ambiguous-reference": true, "table-list": true, "dialect-type": true, "background-geopoint": true,
}

// verdict gives problems the severity that the reference converter gives them.
func verdict(problems []form.Problem) {
	for n := range problems {
		switch p := &problems[n]; {
		case oursAlone[p.Code]:
			p.Severity = form.Warning
		case theirsToo[p.Code]:
			p.Severity = form.Error
		}
	}
}
