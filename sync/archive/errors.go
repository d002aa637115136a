package archive

import (
	"errors"
	"fmt"
)

// coded is an error with a code, by which the wire tells it to the other end.
type coded struct{ code, text string }

func (e *coded) Error() string { return e.text }

// Code returns one of the codes of docs/sync-protocol.md.
func (e *coded) Code() string { return e.code }

// When a database is opened.
var (
	ErrNewer   = errors.New("archive: written by a newer version of this program")
	ErrDamaged = errors.New("archive: the file is no database, or damaged")
)

// When something is written.
var (
	ErrFull   = error(&coded{"full", "archive: the disk is full; nothing of this was stored"})
	ErrBusy   = error(&coded{"busy", "archive: another process is writing; try again"})
	ErrClosed = errors.New("archive: closed")
)

// About devices and invitations.
var (
	ErrRevoked           = error(&coded{"revoked", "archive: the device is revoked"})
	ErrUnknownDevice     = error(&coded{"unknown-device", "archive: no such device"})
	ErrUnknownInvitation = error(&coded{"unknown-invitation", "archive: no such invitation"})
	ErrInvitationExpired = error(&coded{"invitation-expired", "archive: the invitation has expired"})
	ErrInvitationUsed    = error(&coded{"invitation-used", "archive: the invitation is used up"})
)

// About what is asked for.
var (
	ErrVersionExists = errors.New("archive: this version of the form is published with another content")
	ErrNotFound      = errors.New("archive: not found")
)

// The reasons that receipts and things set aside give, beside record's codes.
const (
	ReasonRevoked        = "revoked"         // refused: the device that sent it is revoked
	ReasonRole           = "role"            // refused: only a coordinator or a collector sends this
	ReasonUnknownKind    = "unknown-kind"    // quarantined: an entry of a newer version
	ReasonUnknownForm    = "unknown-form"    // quarantined until the form version comes
	ReasonUnreadable     = "unreadable"      // quarantined: no entry of its kind
	ReasonUnreadableForm = "unreadable-form" // quarantined: a form that cannot run
	ReasonOtherContent   = "other-content"   // quarantined: a form version that is there with other bytes
	ReasonTooLarge       = "too-large"       // quarantined
)

// failed names what was under way, and makes the driver's error one of this package's where a caller acts on it.
func failed(what string, err error) error {
	if err == nil {
		return nil
	}
	if kind := kindOfFailure(err); kind != nil && !errors.Is(err, kind) {
		return fmt.Errorf("%w (%s: %v)", kind, what, err)
	}
	return fmt.Errorf("archive: %s: %w", what, err)
}
