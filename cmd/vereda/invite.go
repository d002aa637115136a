package main

import (
	"context"
	"errors"
	"fmt"

	"vereda/sync/archive"
	"vereda/sync/device"
)

// inviteCommand is `vereda invite`.
type inviteCommand struct {
	Data    string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
	Devices int    `default:"1" help:"How many devices may use it."`
	Days    int    `default:"7" help:"How long it is good for."`
	Role    string `default:"enumerator" enum:"enumerator,coordinator,collector" help:"What they may do: enumerator, coordinator, or collector for a hub."`
	For     string `placeholder:"DEVICE" help:"For one tablet that replaces this device: it gets what that one had sent, drafts too."`
	JSON    bool   `help:"Print JSON."`
	QR      bool   `name:"qr" help:"Print a QR code, too, for a dark terminal."`
	Out     string `placeholder:"FILE" help:"Write the invitation into a file to hand over: a picture of its QR code when it ends with .png, else a text, such as norte.vereda."`

	Address     string `placeholder:"URL" help:"How the devices reach a collector, if not this one: that of a hub."`
	Fingerprint string `placeholder:"SHA256" help:"With --address: of that collector's TLS certificate."`
}

// invited is the JSON of `invite --json`.
type invited struct {
	Link    string `json:"link"`
	Code    string `json:"code"`
	Address string `json:"address"`
	Check   string `json:"check,omitempty"`
}

// checkLetters are those to read aloud beside the code; none where an authority vouches for the collector.
func checkLetters(i device.Invitation) string {
	if i.Fingerprint == "" {
		return ""
	}
	return i.Check()
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
	i, err := c.make(w, col)
	if err != nil {
		return err
	}
	if c.Out != "" {
		if err := writeInvitation(c.Out, col.Project.Name, i, w.now().AddDate(0, 0, c.Days)); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(w.out, invited{i.Link(), i.Code, i.Address, checkLetters(i)})
	}
	if c.QR {
		if err := printQR(w.out, i.Link()); err != nil {
			return err
		}
	}
	check := checkLetters(i)
	if check != "" {
		check = ", check letters " + check
	}
	_, err = fmt.Fprintf(w.out, "%s\ncode %s at %s%s, for %s, %s\n", i.Link(), i.Code, i.Address, check, count(c.Devices, "device"), count(c.Days, "day"))
	return err
}

// make makes the invitation that the flags describe.
func (c *inviteCommand) make(w *world, col *collector) (i device.Invitation, err error) {
	switch {
	case c.For == "":
		i, err = col.invite(w, device.Role(c.Role), c.Devices, c.Days)
	case c.Devices != 1:
		return i, usage{errors.New("--for is for one device: leave --devices out")}
	default:
		i, err = col.inviteFor(w, c.For, c.Days)
	}
	if c.Address != "" {
		i.Address, i.Fingerprint = c.Address, c.Fingerprint
	}
	return i, err
}

// invite makes an invitation to this collector.
func (c *collector) invite(w *world, role device.Role, devices, days int) (device.Invitation, error) {
	i, err := c.invitation(w)
	if err != nil {
		return i, err
	}
	return i, c.archive.Invite(w, i.Code, role, devices, w.now().AddDate(0, 0, days))
}

// inviteFor makes an invitation for a device that replaces another.
func (c *collector) inviteFor(w *world, replaced string, days int) (device.Invitation, error) {
	id, err := device.ParseID(replaced)
	if err != nil {
		return device.Invitation{}, usage{err}
	}
	i, err := c.invitation(w)
	if err != nil {
		return i, err
	}
	err = c.archive.InviteFor(w, i.Code, id, w.now().AddDate(0, 0, days))
	if errors.Is(err, archive.ErrUnknownDevice) {
		err = fmt.Errorf("%w here: `vereda device list` tells which there are", err)
	}
	return i, err
}

// invitation returns one that nobody knows of yet.
func (c *collector) invitation(w *world) (device.Invitation, error) {
	address, err := c.setting(w, "address")
	if err != nil {
		return device.Invitation{}, err
	}
	fingerprint, err := c.setting(w, "fingerprint")
	if err != nil {
		return device.Invitation{}, err
	}
	if !c.central() {
		return device.Invitation{}, fmt.Errorf("this collector is a hub: invitations are made at the central collector. For devices that are to join here, "+
			"run `vereda invite --address %s%s` there", address, fingerprintFlag(fingerprint))
	}
	code, err := device.NewCode(w.random)
	return device.Invitation{V: 1, Address: address, Fingerprint: fingerprint, Project: c.trust.Key(), Code: code}, err
}

func fingerprintFlag(fingerprint string) string {
	if fingerprint == "" {
		return ""
	}
	return " --fingerprint " + fingerprint
}

// setting returns a setting as text, "" when it was never set.
func (c *collector) setting(ctx context.Context, name string) (string, error) {
	b, err := c.archive.Setting(ctx, name)
	return string(b), err
}
