package xform

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"vereda/survey/xlsform"
)

// BenchmarkWrite writes a workbook's form of 5,000 questions in 100 groups, in two languages, each question relevant by the one before, with 50 lists of 20 choices.
func BenchmarkWrite(b *testing.B) {
	var t strings.Builder
	t.WriteString("| survey |\n| | type | name | label::Español (es) | label::Français (fr) | relevant |\n")
	for g := range 100 {
		fmt.Fprintf(&t, "| | begin group | g%d | G | G | |\n", g)
		for q := range 50 {
			relevant := ""
			if q > 0 {
				relevant = fmt.Sprintf("${q%d_%d} != 3", g, q-1)
			}
			fmt.Fprintf(&t, "| | select_one l%d | q%d_%d | ¿Cuántos %d? | Combien %d ? | %s |\n", q, g, q, q, q, relevant)
		}
		t.WriteString("| | end group | | | | |\n")
	}
	t.WriteString("| choices |\n| | list_name | name | label::Español (es) | label::Français (fr) |\n")
	for l := range 50 {
		for c := range 20 {
			fmt.Fprintf(&t, "| | l%d | %d | Uno %d | Un %d |\n", l, c, c, c)
		}
	}
	f, problems := xlsform.Read("form.md", []byte(t.String()))
	if f == nil {
		b.Fatal(problems[0])
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, f); err != nil {
			b.Fatal(err)
		}
	}
}
