package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"vereda/survey/dashboard"
	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/sync/archive"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/stick"
)

// dashboard makes the coordinator's pages over this collector.
func (c *collector) dashboard(w *world, secure bool, up *hub) (http.Handler, error) {
	log := slog.New(slog.NewTextHandler(w.err, nil))
	var relay func() fieldwork.Relay
	if up != nil {
		relay = up.state
	}
	at, err := c.desk(w)
	if err != nil {
		return nil, err
	}
	finder := c.finder()
	go keepCompared(w, finder)
	return dashboard.New(dashboard.Options{
		Desk:    at,
		Compare: func(ctx context.Context) (int, error) { return finder.Soon(ctx, mostComparing) },
		Invite:  func(ctx context.Context, i dashboard.Invitation) (dashboard.Invited, error) { return c.invited(w, i) },
		Clock:   c.clock,
		Relay:   relay,
		Project: c.Project.Name,
		Data:    c.archive,
		Files:   c.archive,
		Users:   accounts{c.archive},
		Forms:   func(ctx context.Context) ([]*form.Form, error) { return c.forms.all(ctx, c.archive) },
		Revoke:  c.revoke,
		Import: func(ctx context.Context, files []dashboard.Upload) ([]dashboard.Imported, error) {
			return c.receive(ctx, w, files)
		},
		Answers: func(ctx context.Context, batches []string, lists [][]byte, out io.Writer) error {
			return c.answers(ctx, w, batches, lists, out)
		},
		Audit:  func(ctx context.Context, a dashboard.Act) { c.note(ctx, log, a) },
		Secure: secure,
		Now:    w.now,
		Random: w.random,
		Log:    log,
	})
}

// mostComparing is how long a page waits for the search for duplicates.
const mostComparing = time.Second

// keepCompared looks for duplicates while nobody looks at the pages, and gives the memory back that it takes when nothing has come for a while.
func keepCompared(ctx context.Context, f *desk.Finder) {
	const every, idle = 5 * time.Second, 120
	tick := time.NewTicker(every)
	defer tick.Stop()
	for quiet := 0; ; quiet++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		did, err := f.Fresh(ctx)
		if err != nil || did {
			quiet = 0 // an error comes again to whoever opens the page
		}
		if quiet%idle == idle-1 {
			f.Rest()
		}
	}
}

// invited makes the invitation that a page asks for.
func (c *collector) invited(w *world, asked dashboard.Invitation) (dashboard.Invited, error) {
	if !c.central() {
		return dashboard.Invited{}, &dashboard.Refusal{Code: "hub", Err: errors.New("this collector is a hub")}
	}
	var i device.Invitation
	var err error
	if asked.For != "" {
		i, err = c.inviteFor(w, asked.For, asked.Days)
	} else {
		i, err = c.invite(w, device.Role(asked.Role), asked.Devices, asked.Days)
	}
	if errors.Is(err, archive.ErrUnknownDevice) {
		err = fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return dashboard.Invited{Link: i.Link(), Code: i.Code, Address: i.Address, Check: checkLetters(i)}, err
}

// clock tells how far a device's clock was ahead.
func (c *collector) clock(ctx context.Context, id string) ([]fieldwork.Reading, error) {
	d, err := device.ParseID(id)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return c.archive.Clock(ctx, d)
}

// revoke stops a device.
func (c *collector) revoke(ctx context.Context, id string) error {
	d, err := device.ParseID(id)
	if err != nil {
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return c.archive.Revoke(ctx, d)
}

// codes are the dashboard's words for why a batch is refused.
var codes = map[batch.Reason]string{
	batch.NotABatch: "not-a-batch", batch.Truncated: "damaged", batch.Corrupt: "damaged", batch.BadSignature: "damaged",
	batch.TooLarge: "damaged", batch.BadCertificate: "foreign", batch.OtherProject: "foreign",
	batch.NewerVersion: "newer", batch.UnknownDictionary: "newer",
}

// receive takes uploaded files as if they lay on a stick.
func (c *collector) receive(ctx context.Context, w *world, uploads []dashboard.Upload) (done []dashboard.Imported, err error) {
	s, err := c.stick(w, nil) // the key of encrypted files does not belong on a collector
	if err != nil {
		return nil, err
	}
	files := make([]stick.File, len(uploads))
	for i, u := range uploads {
		files[i] = stick.File(u)
	}
	folder, err := stick.NewLoose(s.Sealer.Project, files)
	if err != nil {
		return nil, err
	}
	t, err := s.Take(ctx, folder)
	for _, one := range t.Batches {
		done = append(done, imported(folder.Called(one.File), one))
	}
	for _, one := range t.Damaged {
		done = append(done, dashboard.Imported{File: folder.Called(one.File), Refusal: &dashboard.Refusal{Code: refusalCode(one.Err), Err: one.Err}})
	}
	return done, err
}

// imported says what became of a batch file.
func imported(name string, t stick.Took) dashboard.Imported {
	n := t.Statuses
	one := dashboard.Imported{File: name, Batch: t.Batch.String(), Stored: n[record.Stored], Known: n[record.Known], Aside: n[record.Quarantined],
		Refused: n[record.Refused], Device: t.Device.Role != device.Collector}
	if one.Refused > 0 && len(n) == 1 && t.Reason == archive.ReasonRevoked {
		one.Refusal = &dashboard.Refusal{Code: "revoked", Err: fmt.Errorf("device %s is revoked", t.Device.ID())}
	}
	return one
}

// refusalCode is the dashboard's word for why a file was not taken.
func refusalCode(err error) string {
	var refused *batch.Error
	var list *stick.ManifestError
	switch {
	case errors.As(err, &refused) && codes[refused.Reason] != "":
		return codes[refused.Reason]
	case errors.As(err, new(*stick.LockedError)):
		return "encrypted"
	case errors.As(err, new(*stick.MissingError)):
		return "missing"
	case errors.As(err, &list) && list.Newer:
		return "newer"
	case errors.As(err, &list):
		return "list"
	}
	return "damaged"
}

// tally counts receipts by status.
func tally(receipts []record.Receipt) map[record.Status]int {
	n := map[record.Status]int{}
	for _, r := range receipts {
		n[r.Status]++
	}
	return n
}

// note writes an act into the audit log.
func (c *collector) note(ctx context.Context, log *slog.Logger, a dashboard.Act) {
	err := c.archive.Note(ctx, a.By, strings.TrimSpace(a.What+" "+a.About+" "+a.Address))
	if err != nil {
		log.Error("the audit log could not be written", "act", a.What, "by", a.By, "error", err)
	}
}

// accounts are the dashboard's users in the archive.
type accounts struct{ archive *archive.Archive }

// User finds a user by name.
func (a accounts) User(ctx context.Context, name string) (dashboard.User, error) {
	u, err := a.archive.User(ctx, name)
	if errors.Is(err, archive.ErrNotFound) {
		err = dashboard.ErrNoUser
	}
	return dashboard.User{Name: u.Name, Hash: u.Hash, Role: dashboard.Role(u.Role)}, err
}

// SetHash gives a user a new password's hash.
func (a accounts) SetHash(ctx context.Context, name, hash string) error {
	u, err := a.archive.User(ctx, name)
	if err != nil {
		return err
	}
	u.Hash = hash
	return a.archive.PutUser(ctx, u)
}
