package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// textOf returns a page without one of its parts, all on one line.
func textOf(t *testing.T, page, without string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../docs", page))
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(b), "\n## "+without+"\n")
	_, after, _ := strings.Cut(rest, "\n## ")
	return strings.Join(strings.Fields(before+" "+after), " ")
}

// holds fails the test where a rule does not stand on the page, or a test of it is not there.
func holds(t *testing.T, page, text, rule, tests string) {
	t.Helper()
	if !strings.Contains(text, rule) {
		t.Errorf("%s does not say: %s", page, rule)
	}
	if len(quotes(tests)) == 0 {
		t.Errorf("%s: no test shows: %s", page, rule)
	}
	for _, name := range quotes(tests) {
		if !exists(t, name) {
			t.Errorf("%s: there is no test %s: %s", page, name, rule)
		}
	}
}

// Every MUST of the pages that say how things travel is in one line of the page's table, with tests that exist.
func TestEveryMustIsTested(t *testing.T) {
	const part = "What holds the MUSTs"
	for _, page := range []string{"sync-protocol.md", "batch-format.md", "identity.md", "stick.md", "media.md"} {
		text := strings.Replace(textOf(t, page, part), "MUST and MAY are meant", "", 1)
		told := 0
		for _, r := range tables(t, page, part) {
			holds(t, page, text, r[1], r[2])
			told += strings.Count(r[1], "MUST")
		}
		if said := strings.Count(text, "MUST"); said != told {
			t.Errorf("%s says MUST %d times, and its table %d times", page, said, told)
		}
	}
	for _, r := range tables(t, "threat-model.md", "Damage") {
		holds(t, "threat-model.md", textOf(t, "threat-model.md", ""), r[0], r[1])
	}
	const merge = "What holds this page"
	for _, r := range tables(t, "merge.md", merge) {
		holds(t, "merge.md", textOf(t, "merge.md", merge), r[0], r[1])
	}
}
