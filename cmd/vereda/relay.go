package main

import (
	"cmp"
	"errors"
	"fmt"

	"vereda/survey/fieldwork"
	"vereda/sync/transfer"
)

// relayCommand is `vereda relay`.
type relayCommand struct {
	Data string `default:"${data}" placeholder:"DIR" help:"The hub's data folder (${data})."`
	JSON bool   `help:"Print JSON."`
}

// relayed is the JSON of `relay --json`.
type relayed struct {
	Upstream string            `json:"upstream"` // what it is called
	Address  string            `json:"address"`
	Up       int               `json:"up"`      // batches
	Down     int               `json:"down"`    // batches
	Waiting  int               `json:"waiting"` // batches
	Stuck    []fieldwork.Stuck `json:"stuck"`   // batches that were not taken, one way or the other, ever
}

func (c *relayCommand) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	u, err := (&serveCommand{}).upstream(w, col)
	if err != nil {
		return err
	}
	if u.Address == "" {
		return errors.New("this collector has no upstream: it is the central one. A hub is made with `vereda serve --upstream LINK`")
	}
	up, err := col.newHub(w, u)
	if err != nil {
		return err
	}
	defer up.peer.Close()
	failure := up.relay.Once(w)
	s := up.relay.State()
	stuck, err := col.archive.Stuck(w)
	if err != nil {
		return errors.Join(failure, err)
	}
	if err := c.print(w, relayed{s.Name, u.Address, s.Up, s.Down, s.Waiting, stuck}); err != nil {
		return err
	}
	var later *transfer.RetryError
	if errors.As(failure, &later) {
		return outcome{exitPartly, fmt.Sprintf("%s was not reached to the end: %s", u.Address, sentence(failure))}
	}
	return failure
}

func (c *relayCommand) print(w *world, r relayed) error {
	if c.JSON {
		return printJSON(w.out, r)
	}
	_, err := fmt.Fprintf(w.out, "batches: %d up, %d down, %d waiting\n", r.Up, r.Down, r.Waiting)
	for _, s := range r.Stuck {
		if err == nil {
			_, err = fmt.Fprintf(w.out, "not taken on the way %s, %s: the batch of device %s at place %d: %s\n", s.Direction, day(s.At), cmp.Or(s.Device, "unknown"), s.Place, s.Reason)
		}
	}
	return err
}
