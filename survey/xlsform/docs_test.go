package xlsform

import (
	"os"
	"strings"
	"testing"

	"vereda/survey/form"
)

// docs/form.md names every type, column, parameter and setting that is read, and every one that is refused.
func TestThePageNamesEverything(t *testing.T) {
	b, err := os.ReadFile("../../docs/form.md")
	if err != nil {
		t.Fatal(err)
	}
	page := strings.ToLower(string(b))
	must := func(what, name string) {
		if !strings.Contains(page, strings.ToLower(name)) {
			t.Errorf("docs/form.md does not name the %s %s", what, name)
		}
	}
	for _, typ := range form.Types() {
		must("type", string(typ))
		for _, p := range parameters[typ] {
			must("parameter", p)
		}
	}
	for typ := range deviceTypes {
		must("type", typ)
	}
	for typ := range emptyTypes {
		must("type", strings.TrimPrefix(typ, "uri:"))
	}
	for _, c := range surveyColumns {
		must("column", c)
	}
	for c := range unsupported {
		if !strings.HasPrefix(c, "bind::") && c != "no_app_error_string" {
			must("column", c)
		}
	}
	for _, a := range form.Appearances() {
		must("appearance", strings.TrimRight(a.Word, "-:"))
	}
}
