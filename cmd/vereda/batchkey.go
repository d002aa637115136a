package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"vereda/survey/desk"
)

// batchKey is `vereda batch key`.
type batchKey struct {
	Key []string `arg:"" optional:"" help:"The file with the private key that opens the files; it is made if there is none. Several: each opens them. Keep it, and a copy, away from the collector."`
	Off bool     `help:"Files are not encrypted any more."`
	saying
}

func (c *batchKey) Run(w *world) error {
	if c.Off == (len(c.Key) > 0) {
		return usage{errors.New("name the file with the private key, or --off")}
	}
	public := []string{}
	for _, name := range c.Key {
		key, err := recoveryKey(name, w.now())
		if err != nil {
			return err
		}
		public = append(public, key.Recipient().String())
	}
	value, err := json.Marshal(public)
	if err != nil {
		return err
	}
	err = c.at(w, "set "+settingStick+" "+string(value), func(_ *collector, d *desk.Desk) error { return d.Set(w, c.By, settingStick, value) })
	if err != nil {
		return err
	}
	if c.Off {
		_, err = fmt.Fprintln(w.err, "vereda: tablets write plain files again as soon as they have learnt of it, at their next sync")
		return err
	}
	for _, one := range public {
		if _, err := fmt.Fprintln(w.out, one); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(w.err, "vereda: tablets encrypt their files as soon as they have learnt of it, at their next sync; `vereda batch import` then takes --identity")
	return err
}
