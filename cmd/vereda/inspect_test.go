package main

import (
	"strings"
	"testing"
)

// A batch file of anybody's is looked at, and names in it are anybody's too.
func TestInspectPrintsNothingThatControlsATerminal(t *testing.T) {
	var out strings.Builder
	printInspected(&out, inspected{File: "f", Name: "Eva\x1b[2J", Project: "p\rq", Role: "x\ny"})
	if strings.ContainsAny(out.String(), "\x1b\r") || !strings.Contains(out.String(), "x\ufffdy") {
		t.Errorf("%q", out.String())
	}
}
