package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"vereda/survey/record"
	"vereda/sync/device"
)

// keyCommands are the commands about the project's key.
type keyCommands struct {
	Rotate keyRotate `cmd:"" help:"Give the project a new key, and its devices certificates by it."`
}

// keyRotate is `vereda key rotate`.
type keyRotate struct {
	Data string `default:"${data}" placeholder:"DIR" help:"The central collector's data folder (${data})."`
	JSON bool   `help:"Print JSON."`
}

// keyRotated is the JSON of `key rotate --json`.
type keyRotated struct {
	Key          string `json:"key"`          // the new public key, hexadecimal
	Changes      int    `json:"changes"`      // of the project's key, ever
	Devices      int    `json:"devices"`      // that the old key had certified
	Revoked      int    `json:"revoked"`      // of these
	Certificates int    `json:"certificates"` // that travel already; the others are made when their devices come
}

// How long certificates of the old key count at the door, and how long the collector's own by the new one lasts.
const (
	oldKeyYears = 2
	ownYears    = 10
)

func (c *keyRotate) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	if !col.central() {
		return errors.New("this collector is a hub: the project's key is at the central collector, and is changed there with `vereda key rotate`")
	}
	done, err := col.rotate(w)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(w.out, done)
	}
	_, err = fmt.Fprintf(w.out, "The project has a new key, %s…\n%s had certificates by the old one; %d of them, revoked, get none by the new.\n"+
		"Tablets and hubs get theirs when they next exchange. Invitations made before are void: make new ones with `vereda invite`.\n"+
		"Make a backup now. Older backups hold the old key: if it was stolen, destroy them.\n", done.Key[:16], count(done.Devices, "device"), done.Revoked)
	return err
}

// rotate changes the project's key. The new one counts as soon as the identity is kept; what tells others follows.
func (c *collector) rotate(w *world) (done keyRotated, err error) {
	old, err := c.projectKey()
	if err != nil {
		return done, err
	}
	devices, done, err := c.allowed(w)
	if err != nil {
		return done, err
	}
	members, err := c.members(w)
	if err != nil {
		return done, err
	}
	fresh, err := device.NewKey(w.random)
	if err != nil {
		return done, err
	}
	now := c.keys()
	statement, err := device.SignRotation(old, fresh, device.Rotation{Project: now.Project.ID, Before: hashOfLast(now.Rotations),
		At: w.now(), Until: w.now().AddDate(oldKeyYears, 0, 0), Devices: devices})
	if err != nil {
		return done, err
	}
	own, err := c.ownCertificate(w, fresh)
	if err != nil {
		return done, err
	}
	now.Before = append([]device.Certificate{now.Certificate}, now.Before...)
	now.Project.Key, now.ProjectKey, now.Certificate, now.Rotations = fresh.Public(), fresh.Marshal(), own, append(now.Rotations, statement)
	if err := c.change(w, now); err != nil {
		return done, err
	}
	done.Key, done.Changes, done.Certificates = hex.EncodeToString(fresh.Public()), len(now.Rotations), len(members)
	return done, c.tellKeys(w, statement, fresh, members)
}

// tellKeys keeps what travels to others: the change, and the new certificates.
func (c *collector) tellKeys(w *world, statement []byte, project device.Key, members map[device.ID]device.Claims) error {
	entries := []record.Entry{{Kind: record.KindRotation, Body: statement}}
	for _, claims := range members {
		certificate, err := device.Issue(project, claims)
		if err != nil {
			return err
		}
		entries = append(entries, record.Entry{Kind: record.KindCertificate, Body: certificate})
	}
	return c.archive.Put(w, entries...)
}

func hashOfLast(statements [][]byte) string {
	if len(statements) == 0 {
		return ""
	}
	sum := sha256.Sum256(statements[len(statements)-1])
	return hex.EncodeToString(sum[:])
}

// allowed lists all devices that were ever met or enrolled, and what each may do.
func (c *collector) allowed(w *world) (all map[device.ID]device.Allowed, done keyRotated, err error) {
	list, err := c.archive.Devices(w)
	if err != nil {
		return nil, done, err
	}
	own, err := device.ParseKey(c.Key)
	if err != nil {
		return nil, done, err
	}
	all = map[device.ID]device.Allowed{}
	for _, d := range list {
		a := device.Allowed{Role: device.Role(d.Role)}
		if a.Role == device.Enumerator || !a.Role.Known() {
			a.Role = "" // as short as may be: most are
		}
		for _, older := range d.Replaces {
			a.Replaces = append(a.Replaces, device.ID(older))
		}
		all[device.ID(d.ID)] = a
		if d.Revoked {
			done.Revoked++
		}
	}
	all[own.ID()] = device.Allowed{Role: device.Collector}
	done.Devices = len(all)
	return all, done, nil
}

// members returns what the certificates say of devices in good standing that have sent batches. Others get their new certificate when
// they come to the central collector.
func (c *collector) members(w *world) (map[device.ID]device.Claims, error) {
	own, err := device.ParseKey(c.Key)
	if err != nil {
		return nil, err
	}
	found := map[device.ID]device.Claims{}
	for after := uint64(0); ; {
		list, next, err := c.archive.Batches(w, "", after, 100, 16<<20)
		if err != nil || len(list) == 0 {
			delete(found, own.ID())
			return found, err
		}
		for _, one := range list {
			b, err := c.opener().Open(bytes.NewReader(one.Raw))
			if err == nil && c.archive.Standing(w, b.Device.ID()) == nil {
				found[b.Device.ID()] = b.Device
			}
		}
		after = next
	}
}

// ownCertificate makes this collector's certificate by a new key.
func (c *collector) ownCertificate(w *world, project device.Key) (device.Certificate, error) {
	claims, _, err := c.trust.Open(c.keys().Certificate)
	if err != nil {
		return nil, err
	}
	claims.Role, claims.From, claims.Until = device.Collector, w.now(), w.now().AddDate(ownYears, 0, 0)
	return device.Issue(project, claims)
}
