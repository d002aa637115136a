package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
	"vereda/sync/device"
)

// writeIDs and readIDs keep a list of devices in a column.
func writeIDs(ids []device.ID) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	return strings.Join(texts, " ")
}

func readIDs(text string) (ids []device.ID) {
	for _, id := range strings.Fields(text) {
		ids = append(ids, device.ID(id))
	}
	return ids
}

// Enrol keeps a device that needs no invitation: the collector's own, or one of a coordinator on this machine.
func (a *Archive) Enrol(ctx context.Context, d device.Claims) error {
	return a.write(ctx, "enrol", func(t *tx) error { return t.enrol(d, nil, a.options.Now()) })
}

func (t *tx) enrol(d device.Claims, invitation []byte, now time.Time) error {
	_, err := t.exec(`INSERT INTO devices (id, name, role, enrolled, invitation, replaces, seen, clock, revoked) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, invitation = excluded.invitation, replaces = excluded.replaces,
		enrolled = CASE WHEN devices.enrolled = 0 THEN excluded.enrolled ELSE devices.enrolled END`,
		string(d.ID()), d.Name, string(d.Role), now.UnixMilli(), invitation, writeIDs(d.Replaces))
	return err
}

// Revoke stops what a device sends next, here and, by an entry that travels, on other collectors. What was accepted stays.
func (a *Archive) Revoke(ctx context.Context, id device.ID) error {
	body, err := json.Marshal(record.Revocation{V: 1, Device: string(id)})
	if err != nil {
		return failed("revoke", err)
	}
	r := a.understand(record.Entry{Kind: record.KindRevocation, Body: body})
	return a.write(ctx, "revoke", func(t *tx) error {
		in, err := a.own(t)
		if err != nil {
			return err
		}
		if _, err := in.insert(&r, ""); err != nil {
			return err
		}
		return in.revoke(string(id))
	})
}

// revoke marks a device, known here or not.
func (in *intake) revoke(id string) error {
	_, err := in.exec(`INSERT INTO devices (id, name, role, enrolled, seen, clock, revoked) VALUES ($1, '', '', 0, 0, 0, 1)
		ON CONFLICT (id) DO UPDATE SET revoked = 1`, id)
	return err
}

// Standing returns nil, ErrRevoked or ErrUnknownDevice.
func (a *Archive) Standing(ctx context.Context, id device.ID) error {
	return a.read(ctx, "standing", func(t *tx) error {
		var revoked bool
		err := t.one("SELECT revoked <> 0 FROM devices WHERE id = $1", []any{string(id)}, &revoked)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return ErrUnknownDevice
		case revoked:
			return ErrRevoked
		}
		return err
	})
}

// meetings remembers what Met wrote last, so that a device that exchanges many times in a row costs one write.
type meetings struct {
	mu   sync.Mutex
	last map[device.ID]meeting
}

type meeting struct {
	seen  time.Time
	ahead time.Duration
}

// Met notes an exchange: when, and what the device's clock said. Within half a minute, and with the clock as far off as
// before, it is not written again.
func (a *Archive) Met(ctx context.Context, from device.Claims, clock time.Time) error {
	id := from.ID()
	now := a.options.Now()
	m := meeting{now, clock.Sub(now).Round(time.Millisecond)}
	a.meetings.mu.Lock()
	before, met := a.meetings.last[id]
	fresh := met && now.Sub(before.seen).Abs() < 30*time.Second && (m.ahead-before.ahead).Abs() < 2*time.Second
	if !fresh {
		a.meetings.last[id] = m
	}
	a.meetings.mu.Unlock()
	if fresh {
		return nil
	}
	return a.write(ctx, "met", func(t *tx) error {
		if _, err := t.meet(from); err != nil {
			return err
		}
		_, err := t.exec("UPDATE devices SET seen = $1, clock = $2 WHERE id = $3", m.seen.UnixMilli(), m.ahead.Milliseconds(), string(id))
		if err != nil {
			return err
		}
		return t.noteClock(id, m)
	})
}

// noteClock writes down how far a clock is off: when it has moved against this collector's, and once a day.
func (t *tx) noteClock(id device.ID, m meeting) error {
	var before, ahead int64
	err := t.one("SELECT received, ahead FROM clocks WHERE device = $1 ORDER BY received DESC LIMIT 1", []any{string(id)}, &before, &ahead)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	since, moved := time.Duration(m.seen.UnixMilli()-before)*time.Millisecond, m.ahead-time.Duration(ahead)*time.Millisecond
	if err == nil && since.Abs() < 24*time.Hour && moved.Abs() < 2*time.Second {
		return nil
	}
	_, err = t.exec("INSERT INTO clocks (device, received, ahead) VALUES ($1, $2, $3) ON CONFLICT (device, received) DO UPDATE SET ahead = excluded.ahead",
		string(id), m.seen.UnixMilli(), m.ahead.Milliseconds())
	return err
}

// Clock tells how far a device's clock was ahead at its exchanges, oldest first: once a day, and whenever it had moved.
func (a *Archive) Clock(ctx context.Context, id device.ID) (list []fieldwork.Reading, err error) {
	err = a.read(ctx, "clock", func(t *tx) error {
		return t.each("SELECT received, ahead FROM clocks WHERE device = $1 ORDER BY received", []any{string(id)}, func(scan func(...any) error) error {
			var received, ahead int64
			err := scan(&received, &ahead)
			list = append(list, fieldwork.Reading{Received: time.UnixMilli(received), Ahead: time.Duration(ahead) * time.Millisecond})
			return err
		})
	})
	return list, err
}

// Devices lists the devices, revoked ones too, in the order of their names.
func (a *Archive) Devices(ctx context.Context) (list []fieldwork.Device, err error) {
	err = a.read(ctx, "devices", func(t *tx) error {
		return t.each(`SELECT d.id, d.name, d.role, d.enrolled, d.seen, d.clock, d.revoked <> 0, d.replaces,
			(SELECT count(*) FROM parts WHERE parts.device = d.id) FROM devices d ORDER BY d.name, d.id`, nil, func(scan func(...any) error) error {
			var d fieldwork.Device
			var enrolled, seen, ahead int64
			var replaces string
			if err := scan(&d.ID, &d.Name, &d.Role, &enrolled, &seen, &ahead, &d.Revoked, &replaces, &d.Interviews); err != nil {
				return err
			}
			d.Replaces = strings.Fields(replaces)
			d.Enrolled, d.Seen, d.Clock = moment(enrolled), moment(seen), time.Duration(ahead)*time.Millisecond
			list = append(list, d)
			return nil
		})
	})
	return list, err
}

// moment reads milliseconds since 1970; 0 is never.
func moment(milliseconds int64) time.Time {
	if milliseconds == 0 {
		return time.Time{}
	}
	return time.UnixMilli(milliseconds)
}
