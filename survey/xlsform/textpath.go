package xlsform

import (
	"regexp"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// instanceHead begins a path into a list that stands in a text: "instance('towns')".
var instanceHead = regexp.MustCompile(`instance\(\s*(?:'([\w.-]+)'|"([\w.-]+)")\s*\)`)

// pathStep is a step of such a path.
var pathStep = regexp.MustCompile(`^/[A-Za-z_][\w.-]*`)

// cutPath finds the first path into a list of the form that stands in a text, and what its value is shown by: the reference converter shows such values
// as it does those of ${name}. expr is nil when there is none.
func (r *reader) cutPath(text string, i *form.Item) (before string, expr *xpath.Expr, after string) {
	for _, m := range instanceHead.FindAllStringSubmatchIndex(text, -1) {
		id := ""
		for g := 2; g < 6; g += 2 {
			if m[g] >= 0 {
				id = text[m[g]:m[g+1]]
			}
		}
		if r.form.Lists[id] == nil && r.form.External[id] == "" {
			continue
		}
		end := pathEnd(text, m[1])
		if end == m[1] {
			continue
		}
		e := r.replace(text[m[0]:end], i, false)
		if parsed, err := xpath.Parse(e.text); e.bad == "" && err == nil {
			return text[:m[0]], parsed, text[end:]
		}
	}
	return text, nil, ""
}

// pathEnd returns where the steps and predicates end that begin at a byte of a text.
func pathEnd(text string, at int) int {
	for {
		step := pathStep.FindString(text[at:])
		if step == "" {
			return at
		}
		at += len(step)
		for strings.HasPrefix(text[at:], "[") {
			end := predicateEnd(text, at)
			if end < 0 {
				return at
			}
			at = end
		}
	}
}

// predicateEnd returns where the predicate ends that begins at a byte of a text; -1 when it does not.
func predicateEnd(text string, at int) int {
	var quote byte
	depth := 0
	for n := at; n < len(text); n++ {
		switch c := text[n]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '[':
			depth++
		case c == ']':
			if depth--; depth == 0 {
				return n + 1
			}
		}
	}
	return -1
}
