package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"

	"vereda/survey/replay"
)

// formReplay is `vereda form replay`.
type formReplay struct {
	File    string `arg:"" help:"The form: a workbook (.xlsx) or an XForm (.xml)."`
	Events  string `required:"" placeholder:"E.jsonl" help:"Acts, one JSON object a line; - reads standard input."`
	Changes bool   `help:"Tell after each act only what became different, not the whole state."`
	AtOnce  bool   `help:"Make counted instances and drop choices at once, as the field app does, even where the acts walk."`
	sessionFlags
}

// Run prints a line for the interview as it begins and one for each act. An act that was not possible is told in its line, and is a finding.
func (c *formReplay) Run(w *world) error {
	f, _, err := readForm(w, c.File)
	if err != nil {
		return err
	}
	acts, err := readActs(w, c.Events)
	if err != nil {
		return err
	}
	env, err := c.env(w, f, c.File)
	if err != nil {
		return err
	}
	env.Walked = !c.AtOnce && replay.Walks(acts)
	player, outcome, err := replay.Start(f, env, c.Changes)
	if err != nil {
		return err
	}
	out := json.NewEncoder(w.out)
	out.SetEscapeHTML(false)
	if err := out.Encode(outcome); err != nil {
		return err
	}
	unwell, impossible := outcome.Error, 0
	for _, act := range acts {
		outcome := player.Do(act)
		if outcome.Error != "" {
			impossible++
		}
		if err := out.Encode(outcome); err != nil {
			return err
		}
	}
	switch {
	case impossible > 0:
		return findings("%s not possible", count(impossible, "act"))
	case unwell != "":
		return findings("ODK Collect does not open this form: %s", unwell)
	}
	return nil
}

// readActs reads acts, one a line; empty lines do not count.
func readActs(w *world, name string) ([]replay.Act, error) {
	b, err := readFile(w, name)
	if err != nil {
		return nil, err
	}
	var acts []replay.Act
	lines := bufio.NewScanner(bytes.NewReader(b))
	lines.Buffer(nil, maxFile)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		act, err := replay.ReadAct(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, n, err)
		}
		acts = append(acts, act)
	}
	return acts, lines.Err()
}
