package archive

import (
	"errors"
	"fmt"
)

// Error is a failure that a caller acts on. Those below are compared with errors.Is; more detail may be wrapped around them.
type Error struct{ code, text string }

func (e *Error) Error() string { return "archive: " + e.text }

// Code is the failure's name on the wire.
func (e *Error) Code() string { return e.code }

// When a database is opened.
var (
	ErrNewer   = &Error{"newer-version", "written by a newer version of this program"}
	ErrDamaged = &Error{"damaged", "the file is no database, or damaged"}
)

// When something is written.
var (
	ErrFull   = &Error{"full", "the disk is full; nothing of this was stored"}
	ErrBusy   = &Error{"busy", "another process is writing; try again"}
	ErrClosed = &Error{"closed", "the archive is closed"}
)

// About devices and invitations.
var (
	ErrRevoked           = &Error{"revoked", "the device is revoked"}
	ErrUnknownDevice     = &Error{"unknown-device", "no such device"}
	ErrUnknownInvitation = &Error{"unknown-invitation", "no such invitation"}
	ErrInvitationExpired = &Error{"invitation-expired", "the invitation has expired"}
	ErrInvitationUsed    = &Error{"invitation-used", "the invitation is used up"}
)

// About what is asked for.
var (
	ErrVersionExists = &Error{"version-exists", "this version of the form is published with another content"}
	ErrNotFound      = &Error{"not-found", "not found"}
	ErrNotTaken      = &Error{"not-taken", "an entry that this collector made cannot be stored"}
)

// The reasons that receipts and things set aside give, beside record's codes.
const (
	ReasonRevoked        = "revoked"            // refused: the device that sent it is revoked
	ReasonRole           = "role"               // refused: only a coordinator or a collector sends this
	ReasonNotYours       = "not-yours"          // refused: an enumerator's device sent a revision of another device
	ReasonForged         = "forged"             // refused: a receipt that the project did not sign
	ReasonUnknownKind    = "unknown-kind"       // quarantined: an entry of a newer version
	ReasonUnknownForm    = "unknown-form"       // quarantined until the form version comes
	ReasonUnreadable     = "unreadable"         // quarantined: no entry of its kind
	ReasonUnreadableForm = "unreadable-form"    // quarantined: a form that cannot run
	ReasonOtherContent   = "other-content"      // quarantined: a form version that is there with other bytes
	ReasonTooLarge       = "too-large"          // quarantined
	ReasonTooMany        = "too-many-revisions" // quarantined: the interview has more revisions than can be merged
)

// failed names what was under way, and makes the driver's error one of this package's where a caller acts on it.
func failed(what string, err error) error {
	if err == nil {
		return nil
	}
	if kind := kindOfFailure(err); kind != nil && !errors.Is(err, kind) {
		return fmt.Errorf("%w (%s: %v)", kind, what, err)
	}
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	return fmt.Errorf("archive: %s: %w", what, err)
}
