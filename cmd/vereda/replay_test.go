package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestReplayPlaysRecordings runs `form replay` with the forms and the acts of JavaRosa's own tests, as they were recorded. (Package replay compares the states.)
func TestReplayPlaysRecordings(t *testing.T) {
	file, err := os.Open(conformance + "form_scenarios.jsonl")
	if err != nil {
		t.Skip("left out: the conformance data are not beside the checkout")
	}
	defer file.Close()
	listed, err := os.ReadFile("../../docs/xform.md")
	if err != nil {
		t.Fatal(err)
	}
	lines, ops := bufio.NewScanner(file), map[string]int{}
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var r struct {
			ID, Form  string
			Ops       []json.RawMessage
			LoadError *string `json:"load_error"`
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(listed, []byte(r.ID)) || bytes.Contains([]byte(r.Form), []byte("jr://file")) {
			continue
		}
		got, err := playRecording(t, r.Form, r.Ops)
		if r.LoadError != nil {
			if err == nil {
				t.Errorf("%s: the form is opened; JavaRosa says %s", r.ID, *r.LoadError)
			}
			continue
		}
		if len(got) != len(r.Ops)+1 {
			t.Errorf("%s: %d lines for %d acts: %v", r.ID, len(got), len(r.Ops), err)
			continue
		}
		for n, line := range got {
			var op struct{ Op, Error string }
			if err := json.Unmarshal([]byte(line), &op); err != nil || op.Error != "" && !strings.Contains(string(r.Ops[n-1]), `"error"`) {
				t.Errorf("%s: act %d: %s %v", r.ID, n, op.Error, err)
			}
			ops[op.Op]++
		}
	}
	t.Logf("played %v", ops)
}

// playRecording runs the command and returns the lines it printed.
func playRecording(t *testing.T, form string, acts []json.RawMessage) ([]string, error) {
	t.Helper()
	dir := t.TempDir()
	formFile, events := filepath.Join(dir, "form.xml"), filepath.Join(dir, "events.jsonl")
	err := errors.Join(os.WriteFile(formFile, []byte(form), 0o600), os.WriteFile(events, append(bytes.Join(rawLines(acts), []byte("\n")), '\n'), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	var out, talk bytes.Buffer
	c := formReplay{File: formFile, Events: events}
	c.Now, c.Seed = time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC), 1
	err = c.Run(&world{out: &out, err: &talk})
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n"), err
}

func rawLines(acts []json.RawMessage) [][]byte {
	list := make([][]byte, len(acts))
	for n, act := range acts {
		list[n] = act
	}
	return list
}
