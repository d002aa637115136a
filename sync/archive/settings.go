package archive

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Setting returns a setting of the collector: project, keys, secrets. nil when it is not set. It is read each time, since
// another process may have changed it.
func (a *Archive) Setting(ctx context.Context, name string) (value []byte, err error) {
	err = a.read(ctx, "setting", func(t *tx) error {
		err := t.one("SELECT value FROM settings WHERE name = $1", []any{name}, &value)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return value, err
}

// SetSetting keeps a setting.
func (a *Archive) SetSetting(ctx context.Context, name string, value []byte) error {
	return a.write(ctx, "set setting", func(t *tx) error { return t.setSetting(name, value) })
}

func (t *tx) setSetting(name string, value []byte) error {
	if value == nil {
		value = []byte{}
	}
	_, err := t.exec("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
	return err
}

// User may log in to the dashboard.
type User struct {
	Name string
	Role string // "viewer", "coordinator", "administrator"
	Hash string // of the password, as the dashboard writes it
}

// PutUser adds a user or changes one.
func (a *Archive) PutUser(ctx context.Context, u User) error {
	return a.write(ctx, "put user", func(t *tx) error {
		_, err := t.exec("INSERT INTO users (name, role, hash) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET role = excluded.role, hash = excluded.hash", u.Name, u.Role, u.Hash)
		return err
	})
}

// User returns a user by name, or ErrNotFound.
func (a *Archive) User(ctx context.Context, name string) (u User, err error) {
	err = a.read(ctx, "user", func(t *tx) error {
		err := t.one("SELECT name, role, hash FROM users WHERE name = $1", []any{name}, &u.Name, &u.Role, &u.Hash)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		return err
	})
	return u, err
}

// Users lists the users by name.
func (a *Archive) Users(ctx context.Context) (list []User, err error) {
	err = a.read(ctx, "users", func(t *tx) error {
		return t.each("SELECT name, role, hash FROM users ORDER BY name", nil, func(scan func(...any) error) error {
			var u User
			err := scan(&u.Name, &u.Role, &u.Hash)
			list = append(list, u)
			return err
		})
	})
	return list, err
}

// Note is a line of the audit log.
type Note struct {
	Seq  int64
	At   time.Time
	Who  string
	What string
}

// Note writes down who did what, now.
func (a *Archive) Note(ctx context.Context, who, what string) error {
	now := a.options.Now().UnixMilli()
	return a.write(ctx, "note", func(t *tx) error {
		_, err := t.exec("INSERT INTO audit (at, who, what) VALUES ($1, $2, $3)", now, who, what)
		return err
	})
}

// Log returns at most n notes, newest first; before pages: only notes with a lower Seq, 0 for all.
func (a *Archive) Log(ctx context.Context, before int64, n int) (list []Note, err error) {
	err = a.read(ctx, "log", func(t *tx) error {
		return t.each("SELECT seq, at, who, what FROM audit WHERE $1 = 0 OR seq < $1 ORDER BY seq DESC LIMIT $2", []any{before, n}, func(scan func(...any) error) error {
			var note Note
			var at int64
			err := scan(&note.Seq, &at, &note.Who, &note.What)
			note.At = time.UnixMilli(at)
			list = append(list, note)
			return err
		})
	})
	return list, err
}
