package xlsform_test

import (
	"fmt"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/questionnaire"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

// generated makes a workbook of n questions in two languages, every tenth with relevance, every fifth a calculate, in groups of 25.
func generated(n int) []byte {
	var b strings.Builder
	b.WriteString("| survey | | | | | | | |\n| | type | name | label::English (en) | label::Español (es) | relevant | constraint | calculation |\n")
	for q := range n {
		if q%25 == 0 {
			if q > 0 {
				b.WriteString("| | end group | | | | | | |\n")
			}
			fmt.Fprintf(&b, "| | begin group | g%d | Group %d | Grupo %d | | | |\n", q/25, q/25, q/25)
		}
		relevant, constraint, calculation, typ := "", "", "", "integer"
		switch {
		case q%10 == 9:
			relevant = fmt.Sprintf("${q%d} > 3 and ${q%d} != ''", q-1, q-2)
		case q%5 == 3 && q > 5:
			typ, calculation = "calculate", fmt.Sprintf("if(${q%d} > 0, ${q%d} + 1, 0)", q-1, q-2)
		case q%7 == 1:
			typ = "select_one yn"
		default:
			constraint = ". >= 0 and . <= 120"
		}
		fmt.Fprintf(&b, "| | %s | q%d | What is number %d? | ¿Cuál es el número %d? | %s | %s | %s |\n", typ, q, q, q, relevant, constraint, calculation)
	}
	b.WriteString("| | end group | | | | | | |\n| choices | | | |\n| | list_name | name | label::English (en) | label::Español (es) |\n| | yn | 1 | Yes | Sí |\n| | yn | 0 | No | No |\n")
	return xlsformtest.Workbook(b.String())
}

func BenchmarkRead(b *testing.B) {
	for _, c := range []struct {
		name     string
		workbook []byte
	}{{"300 questions", generated(300)}, {"5000 questions", generated(5000)}, {"household access survey", questionnaire.Workbook()}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if f, problems := xlsform.Read("form.xlsx", c.workbook); f == nil || form.HasErrors(problems) {
					b.Fatal(problems)
				}
			}
		})
	}
}
