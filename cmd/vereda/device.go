package main

import (
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"vereda/survey/fieldwork"
	"vereda/sync/device"
)

// deviceCommands are the commands about devices.
type deviceCommands struct {
	List   deviceList   `cmd:"" help:"List the devices of the project."`
	Revoke deviceRevoke `cmd:"" help:"Stop what a device sends from now on; what was accepted stays."`

	RecoveryKey deviceRecoveryKey `cmd:"" help:"Make the key with which tablets are opened whose PIN is forgotten, and tell the tablets."`
	Recover     deviceRecover     `cmd:"" help:"Read what a tablet shows whose PIN is forgotten: prints the code that opens it."`
}

// deviceList is `vereda device list`.
type deviceList struct {
	Data string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
	JSON bool   `help:"Print JSON."`
}

func (c *deviceList) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	devices, err := col.archive.Devices(w)
	if err != nil {
		return err
	}
	if c.JSON {
		if devices == nil {
			devices = []fieldwork.Device{}
		}
		return printJSON(w.out, devices)
	}
	t := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "DEVICE\tNAME\tROLE\tINTERVIEWS\tLAST SEEN\tSTATE")
	for _, d := range devices {
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\t%s\n", d.ID, d.Name, d.Role, d.Interviews, day(d.Seen), standing(d))
	}
	return t.Flush()
}

func day(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format("2006-01-02 15:04")
}

func standing(d fieldwork.Device) string {
	if d.Revoked {
		return "revoked"
	}
	return "active"
}

// deviceRevoke is `vereda device revoke`.
type deviceRevoke struct {
	Device string `arg:"" help:"The device's ID."`
	Data   string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *deviceRevoke) Run(w *world) error {
	id, err := device.ParseID(c.Device)
	if err != nil {
		return usage{err}
	}
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	devices, err := col.archive.Devices(w)
	if err != nil {
		return err
	}
	if err := col.archive.Revoke(w, id); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w.out, "revoked %s\n", id); err != nil {
		return err
	}
	if !slices.ContainsFunc(devices, func(d fieldwork.Device) bool { return d.ID == string(id) }) {
		// One that enrolled at a hub is not known here before it is heard of.
		_, err = fmt.Fprintln(w.err, "this collector does not know the device yet: it is revoked all the same, here and at the hubs. If you did not expect that, compare the ID with the one on the tablet")
	}
	return err
}
