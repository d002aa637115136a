package transfer

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// Every problem that a collector answers with stands in the tables of docs/sync-protocol.md and docs/media.md with its status, and nothing else does; and
// what the page says a client does about it is what it does.
func TestProblemsAreWhatThePagesSay(t *testing.T) {
	type row struct {
		status int
		client string
	}
	told := map[string]row{}
	for _, page := range []string{"sync-protocol.md", "media.md"} {
		text, err := os.ReadFile("../../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, found := strings.Cut(string(text), "| status | code | when | the client |\n|---|---|---|---|\n")
		if !found {
			t.Fatalf("%s has no table of problems", page)
		}
		for line := range strings.Lines(rest) {
			cells := strings.Split(strings.Trim(strings.ReplaceAll(line, "| |", "| - |"), "| \n"), " | ")
			if len(cells) != 4 {
				break
			}
			statuses, codes := strings.Split(cells[0], ", "), strings.Split(cells[1], ", ")
			for i, code := range codes {
				name, quoted := strings.CutPrefix(code, "`")
				if !quoted {
					continue // of tus
				}
				status, err := strconv.Atoi(statuses[min(i, len(statuses)-1)])
				if err != nil {
					t.Fatal(line, err)
				}
				if name = strings.TrimSuffix(name, "`"); told[name].status == 0 { // the first page says what a client of exchanges does
					told[name] = row{status, cells[3]}
				}
			}
		}
	}
	for code, f := range failure {
		p := problem(code, "")
		switch r, there := told[code]; {
		case !there:
			t.Errorf("%s stands in no table", code)
		case r.status != f.status:
			t.Errorf("%s travels with %d, and the page says %d", code, f.status, r.status)
		case strings.Contains(r.client, "Retry-After") != (p.After > 0) && r.client != "waits":
			t.Errorf("%s says to wait %v, and the page: %s", code, p.After, r.client)
		case !p.worthRetrying() && !strings.Contains(r.client, "person") && !strings.Contains(r.client, "asks for a new one"):
			t.Errorf("%s is final, and the page says: %s", code, r.client)
		case p.worthRetrying() && strings.HasPrefix(r.client, "tells a person") && code != CodeAskCentral:
			t.Errorf("%s is tried again, and the page says: %s", code, r.client)
		}
		delete(told, code)
	}
	for code := range told {
		t.Errorf("the page tells of %s, which nobody answers", code)
	}
}
