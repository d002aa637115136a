package xlsform_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/xlsform"
)

// What a message of the reference converter names: the row, the sheet, the column, and words of the workbook.
var (
	namedRow    = regexp.MustCompile(`\[row : (\d+)\]`)
	namedSheet  = regexp.MustCompile(`[Oo]n the '([^']+)' sheet|provided for sheet: '([^']+)'`)
	namedColumn = regexp.MustCompile(`the '([^']+)' value`)
	quotedWord  = regexp.MustCompile(`'([^']*)'`)
	anyWord     = regexp.MustCompile(`[\pL\d_][\pL\d_.-]*`)
)

// subject is what a message is about.
type subject struct {
	row, sheet, column string
	names              []string // words of the workbook, in lower case
}

// ownWords are words of XLSForm itself that messages explain rules with.
var ownWords = []string{"survey", "choices", "settings", "entities", "external_choices", "name", "label", "type", "true", "false", "data",
	"list_name", "save_to", "entity_id", "create_if", "update_if", "parameters", "calculation", "range", "start", "end", "step", "group", "repeat",
	"row", "value", "yes", "no", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}

// about reads what a message of the converter is about: words that it quotes or that hold a mark, and that stand in a cell of the workbook.
func about(message, cells string) subject {
	first := func(re *regexp.Regexp) string {
		for _, found := range re.FindStringSubmatch(message) {
			if found != "" && found[0] != '[' && !strings.Contains(found, " ") {
				return strings.ToLower(found)
			}
		}
		return ""
	}
	s := subject{row: "", sheet: first(namedSheet), column: first(namedColumn)}
	if m := namedRow.FindStringSubmatch(message); m != nil {
		s.row = m[1]
	}
	there := map[string]bool{}
	for _, w := range anyWord.FindAllString(strings.ToLower(cells), -1) {
		there[w] = true
	}
	quoted := map[string]bool{}
	for _, m := range quotedWord.FindAllStringSubmatch(message, -1) {
		for _, w := range anyWord.FindAllString(strings.ToLower(m[1]), -1) {
			quoted[w] = true
		}
	}
	for _, w := range anyWord.FindAllString(strings.ToLower(message), -1) {
		if there[w] && (quoted[w] || strings.ContainsAny(w, "_-")) && !slices.Contains(ownWords, w) && !slices.Contains(s.names, w) {
			s.names = append(s.names, w)
		}
	}
	return s
}

// missing tells what of a subject no problem of at least that severity names; "" when one is about the same.
func (s subject) missing(problems []form.Problem, severity form.Severity) string {
	best := "anything"
	for _, p := range problems {
		if p.Severity < severity {
			continue
		}
		text := strings.ToLower(p.String())
		lacks := ""
		switch {
		case s.sheet != "" && !strings.Contains(strings.ToLower(p.Cell.Sheet+" "+p.Message), s.sheet):
			lacks = "sheet " + s.sheet
		case s.row != "" && !strings.Contains(text, "row "+s.row):
			lacks = "row " + s.row
		case s.column != "" && !strings.Contains(strings.ReplaceAll(text, " ", "_"), strings.ReplaceAll(s.column, " ", "_")):
			lacks = "column " + s.column
		}
		for _, name := range s.names {
			if lacks == "" && !strings.Contains(text, name) {
				lacks = name
			}
		}
		if lacks == "" {
			return ""
		}
		best = lacks
	}
	return best
}

// cases reads the converter's own test workbooks.
func cases(t *testing.T) []converterCase {
	file, err := os.Open(filepath.Join(conformance, "xlsform_cases.jsonl"))
	if err != nil {
		t.Skipf("the conformance data is left out: %v", err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<26)
	var list []converterCase
	for lines.Scan() {
		var c converterCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		list = append(list, c)
	}
	return list
}

// What strict mode refuses, it refuses for what the reference converter refuses it for: an error of the same row, sheet and column that
// names the questions, lists and parameters that the converter's message names. Those that docs/form.md lists are said otherwise on purpose.
func TestStrictMessagesAreAboutTheSame(t *testing.T) {
	same, listed := 0, differing(t, "said otherwise")
	for _, c := range cases(t) {
		if !c.Errored {
			continue
		}
		message := c.Error
		if message == "" {
			message = strings.Join(c.Contains, " ")
		}
		workbook := c.file(t)
		problems := xlsform.ReadStrict("data.csv", workbook)
		switch lacks := about(message, string(workbook)).missing(problems, form.Error); {
		case (lacks == "") == listed[c.ID]:
			t.Errorf("%s: the converter says %q; of it we do not name %q (listed: %v): %v", c.ID, message, lacks, listed[c.ID], problems)
		case lacks == "":
			same++
		}
	}
	t.Logf("%d about the same, %d listed as said otherwise", same, len(listed))
}

// What the converter warns of, strict mode warns of.
func TestStrictWarningsAreAboutTheSame(t *testing.T) {
	same := 0
	for _, c := range cases(t) {
		workbook := c.file(t)
		for _, warning := range c.Warnings {
			for line := range strings.Lines(warning) {
				problems := xlsform.ReadStrict("data.csv", workbook)
				if lacks := about(line, string(workbook)).missing(problems, form.Warning); lacks != "" {
					t.Errorf("%s: the converter warns %q; of it we do not name %q: %v", c.ID, line, lacks, problems)
				} else {
					same++
				}
			}
		}
	}
	t.Logf("%d warnings about the same", same)
}
