package main

import (
	"context"
	"errors"
	"fmt"

	"vereda/sync/device"
)

// inviteCommand is `vereda invite`.
type inviteCommand struct {
	Data    string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
	Devices int    `default:"1" help:"How many devices may use it."`
	Days    int    `default:"7" help:"How long it is good for."`
	Role    string `default:"enumerator" enum:"enumerator,coordinator" help:"What they may do: enumerator or coordinator."`
	JSON    bool   `help:"Print JSON."`
}

// invited is the JSON of `invite --json`.
type invited struct {
	Link    string `json:"link"`
	Code    string `json:"code"`
	Address string `json:"address"`
}

func (c *inviteCommand) Run(w *world) error {
	if c.Devices < 1 || c.Days < 1 {
		return usage{errors.New("--devices and --days take numbers from 1")}
	}
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	i, err := col.invite(w, device.Role(c.Role), c.Devices, c.Days)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(w.out, invited{i.Link(), i.Code, i.Address})
	}
	_, err = fmt.Fprintf(w.out, "%s\ncode %s at %s, for %s, %s\n", i.Link(), i.Code, i.Address, count(c.Devices, "device"), count(c.Days, "day"))
	return err
}

// invite makes an invitation to this collector.
func (c *collector) invite(w *world, role device.Role, devices, days int) (device.Invitation, error) {
	address, err := c.setting(w, "address")
	if err != nil {
		return device.Invitation{}, err
	}
	fingerprint, err := c.setting(w, "fingerprint")
	if err != nil {
		return device.Invitation{}, err
	}
	code, err := device.NewCode(w.random)
	if err != nil {
		return device.Invitation{}, err
	}
	if err := c.archive.Invite(w, code, role, devices, w.now().AddDate(0, 0, days)); err != nil {
		return device.Invitation{}, err
	}
	return device.Invitation{V: 1, Address: address, Fingerprint: fingerprint, Project: c.Project.Key, Code: code}, nil
}

// setting returns a setting as text, "" when it was never set.
func (c *collector) setting(ctx context.Context, name string) (string, error) {
	b, err := c.archive.Setting(ctx, name)
	return string(b), err
}
