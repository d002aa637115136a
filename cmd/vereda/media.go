package main

import (
	"context"

	"vereda/survey/record"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// takeFiles lets what the wire's handler knows of a collector take files.
func (c *collector) takeFiles(t transfer.Collector) (transfer.Collector, error) {
	uploads, err := c.archive.UploadFolder()
	t.Files, t.Uploads = c.archive, uploads
	return t, err
}

// acknowledgeMedia makes the entry with the central collector's receipt for files; none on a hub.
func (c *collector) acknowledgeMedia(archive string, from device.ID, files []record.ID) (record.Entry, error) {
	key, err := c.projectKey()
	if err != nil || key.IsZero() {
		return record.Entry{}, err
	}
	statement, err := device.SignReceipt(key, transfer.CoverFiles(archive, from, files))
	return record.Entry{Kind: record.KindReceipt, Body: statement}, err
}

// tend does what nobody waits for: it merges what came, and tells devices of their files that came by others.
func (c *collector) tend(ctx context.Context) {
	c.archive.Settle(ctx)     // an error comes again to whoever reads, who can do something about it
	c.archive.CoverMedia(ctx) // and here, to the next round
}
