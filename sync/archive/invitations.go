package archive

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"time"

	"vereda/sync/device"
)

// hashCode is what is kept of an invitation's code: who reads the database cannot use it.
func hashCode(code string) []byte {
	sum := sha256.Sum256([]byte("vereda invitation\n" + code))
	return sum[:]
}

// Invite keeps an invitation code, in device.ParseCode's form, for a number of devices until a time.
func (a *Archive) Invite(ctx context.Context, code string, role device.Role, uses int, until time.Time) error {
	return a.write(ctx, "invite", func(t *tx) error {
		_, err := t.exec(`INSERT INTO invitations (hash, role, uses, until) VALUES ($1, $2, $3, $4)
			ON CONFLICT (hash) DO UPDATE SET role = excluded.role, uses = excluded.uses, until = excluded.until`,
			hashCode(code), string(role), uses, until.UnixMilli())
		return err
	})
}

// InviteFor is Invite for one device that replaces another: it gets what the other had, and what that one's own replaced had. The
// other should be revoked. ErrUnknownDevice when there is no such device.
func (a *Archive) InviteFor(ctx context.Context, code string, replaced device.ID, until time.Time) error {
	return a.write(ctx, "invite", func(t *tx) error {
		var role, older string
		err := t.one("SELECT role, replaces FROM devices WHERE id = $1", []any{string(replaced)}, &role, &older)
		if errors.Is(err, sql.ErrNoRows) || err == nil && role == "" {
			return ErrUnknownDevice // or revoked without ever having been here
		}
		if err != nil {
			return err
		}
		all := append([]device.ID{replaced}, readIDs(older)...)
		all = all[:min(len(all), device.MaxReplaces)]
		_, err = t.exec("INSERT INTO invitations (hash, role, uses, until, replaces) VALUES ($1, $2, 1, $3, $4)", hashCode(code), role, until.UnixMilli(), writeIDs(all))
		return err
	})
}

// Replaced returns the older devices that a code lets a device replace; none for an ordinary invitation, and for an unknown one.
func (a *Archive) Replaced(ctx context.Context, code string) (list []device.ID, err error) {
	err = a.read(ctx, "replaced", func(t *tx) error {
		var text string
		err := t.one("SELECT replaces FROM invitations WHERE hash = $1", []any{hashCode(code)}, &text)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		list = readIDs(text)
		return err
	})
	return list, err
}

// invitation is what is kept of one.
type invitation struct {
	hash  []byte
	role  device.Role
	uses  int
	until int64
}

// invitation finds a code's; each kept hash is compared in constant time.
func (t *tx) invitation(code string) (found invitation, err error) {
	err = ErrUnknownInvitation
	wanted := hashCode(code)
	failure := t.each("SELECT hash, role, uses, until FROM invitations", nil, func(scan func(...any) error) error {
		var i invitation
		if err := scan(&i.hash, &i.role, &i.uses, &i.until); err != nil {
			return err
		}
		if subtle.ConstantTimeCompare(i.hash, wanted) == 1 {
			found, err = i, nil
		}
		return nil
	})
	return found, errors.Join(failure, err)
}

// Invited returns the role that a code gives: ErrUnknownInvitation, ErrInvitationExpired or ErrInvitationUsed when it gives none.
func (a *Archive) Invited(ctx context.Context, code string) (role device.Role, err error) {
	err = a.read(ctx, "invited", func(t *tx) error {
		i, err := t.invitation(code)
		role = i.role
		if err != nil {
			return err
		}
		return a.open(i)
	})
	return role, err
}

func (a *Archive) open(i invitation) error {
	switch {
	case a.options.Now().UnixMilli() > i.until:
		return ErrInvitationExpired
	case i.uses <= 0:
		return ErrInvitationUsed
	}
	return nil
}

// Redeem uses a code up by one and enrols the device. The same device may redeem it again, at no cost: a reply may be lost.
// Errors as Invited's, and ErrRevoked.
func (a *Archive) Redeem(ctx context.Context, code string, d device.Claims) error {
	return a.write(ctx, "redeem", func(t *tx) error {
		i, err := t.invitation(code)
		if err != nil {
			return err
		}
		var before []byte
		var revoked bool
		err = t.one("SELECT invitation, revoked <> 0 FROM devices WHERE id = $1", []any{string(d.ID())}, &before, &revoked)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if revoked {
			return ErrRevoked
		}
		if subtle.ConstantTimeCompare(before, i.hash) == 1 {
			return t.enrol(d, i.hash, a.options.Now())
		}
		if err := a.open(i); err != nil {
			return err
		}
		if _, err := t.exec("UPDATE invitations SET uses = uses - 1 WHERE hash = $1", i.hash); err != nil {
			return err
		}
		return t.enrol(d, i.hash, a.options.Now())
	})
}

// Redeemed reports whether the device has redeemed the code before: it may do so again though the code is used up.
func (a *Archive) Redeemed(ctx context.Context, code string, id device.ID) (redeemed bool, err error) {
	err = a.read(ctx, "redeemed", func(t *tx) error {
		var n int
		err := t.one("SELECT count(*) FROM devices WHERE id = $1 AND invitation = $2", []any{string(id), hashCode(code)}, &n)
		redeemed = n > 0
		return err
	})
	return redeemed, err
}
