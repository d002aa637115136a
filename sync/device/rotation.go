package device

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// rotationVersion is the version of rotations that this package writes and reads.
const rotationVersion = 1

// MaxRotation bounds what OpenRotation looks at, in bytes: room for some 20,000 devices.
const MaxRotation = 1 << 20

// MaxRotations is how many times a project may change its key.
const MaxRotations = 64

// rotationPurpose is what rotations are signed for, by both keys.
const rotationPurpose = "rotation"

// Rotation is how a project changes its key: the old key names the new one, the new one agrees, and both say whom the old one had
// certified. A certificate of the old key counts from then on for the devices named here and for nobody else, and gives them what
// is said here and no more; so whoever stole the old key can certify nobody any more.
type Rotation struct {
	V       int               `json:"v"`
	Project string            `json:"project"`
	From    ed25519.PublicKey `json:"from"`
	To      ed25519.PublicKey `json:"to"`
	Before  string            `json:"before,omitempty"` // SHA-256 of the statement of the rotation before, hexadecimal; "" for the first
	At      time.Time         `json:"at"`               // whole seconds, UTC; by the central collector's clock
	Until   time.Time         `json:"until"`            // how long certificates of the old key count at the door, if they last so long
	Devices map[ID]Allowed    `json:"devices"`          // all that the old key certified, revoked ones too: what they sealed stays what it was
}

// Allowed is what a certificate of an old key gives its device.
type Allowed struct {
	Role     Role `json:"role,omitempty"` // "": enumerator
	Replaces []ID `json:"replaces,omitempty"`
}

// RotationError says why a rotation was refused.
type RotationError struct {
	Reason CertificateReason
	Err    error // may be nil
}

func (e *RotationError) Error() string {
	if e.Err == nil {
		return "device: rotation refused: " + string(e.Reason)
	}
	return fmt.Sprintf("device: rotation refused: %s: %v", e.Reason, e.Err)
}

func (e *RotationError) Unwrap() error { return e.Err }

// SignRotation makes the statement of a rotation, signed with both keys: one line of JSON without blanks,
// {"rotation":{...},"signature":"...","successor":"..."}, where both signatures, the old key's first, cover the bytes of the rotation as they
// stand there. V, From and To are filled in; times are cut to seconds, in UTC. Errors are *RotationError.
func SignRotation(from, to Key, r Rotation) ([]byte, error) {
	r.V, r.From, r.To = rotationVersion, from.Public(), to.Public()
	r.At, r.Until = r.At.UTC().Truncate(time.Second), r.Until.UTC().Truncate(time.Second)
	text, err := json.Marshal(r)
	if err != nil {
		return nil, &RotationError{Reason: Malformed, Err: err}
	}
	statement := rotationStatement(text, from.Sign(rotationPurpose, text), to.Sign(rotationPurpose, text))
	_, err = OpenRotation(statement)
	return statement, err
}

// rotationStatement writes the one form that this text and these signatures have.
func rotationStatement(text, old, successor []byte) []byte {
	b := append([]byte(`{"rotation":`), text...)
	b = append(b, `,"signature":"`...)
	b = base64.StdEncoding.AppendEncode(b, old)
	b = append(b, `","successor":"`...)
	b = base64.StdEncoding.AppendEncode(b, successor)
	return append(b, `"}`...)
}

// OpenRotation reads a statement that both of the keys named in it signed. It says nothing about whether the first of them is a
// project's: Trust does. Errors are *RotationError.
func OpenRotation(statement []byte) (Rotation, error) {
	bad := func(reason CertificateReason, err error) (Rotation, error) {
		return Rotation{}, &RotationError{reason, err}
	}
	if len(statement) > MaxRotation {
		return bad(Malformed, fmt.Errorf("%d bytes, more than %d", len(statement), MaxRotation))
	}
	var parts struct {
		Rotation  json.RawMessage `json:"rotation"`
		Signature []byte          `json:"signature"`
		Successor []byte          `json:"successor"`
	}
	if err := json.Unmarshal(statement, &parts); err != nil {
		return bad(Malformed, err)
	}
	var r Rotation
	err := json.Unmarshal(parts.Rotation, &r)
	if r.V > rotationVersion {
		return bad(NewerVersion, fmt.Errorf("version %d", r.V))
	}
	if err != nil || !bytes.Equal(rotationStatement(parts.Rotation, parts.Signature, parts.Successor), statement) {
		return bad(Malformed, err)
	}
	if err := r.check(); err != nil {
		return bad(Malformed, err)
	}
	if !Verify(r.From, rotationPurpose, parts.Rotation, parts.Signature) || !Verify(r.To, rotationPurpose, parts.Rotation, parts.Successor) {
		return bad(WrongSignature, nil)
	}
	return r, nil
}

// check holds what a rotation of this version has to say.
func (r Rotation) check() error {
	if r.V != rotationVersion || r.Project == "" || len(r.From) != ed25519.PublicKeySize || len(r.To) != ed25519.PublicKeySize || r.From.Equal(r.To) {
		return errors.New("it does not name two keys of a project")
	}
	if b, err := hex.DecodeString(r.Before); err != nil || len(b) != 0 && len(b) != sha256.Size {
		return errors.New("the rotation before is no SHA-256")
	}
	for id, a := range r.Devices {
		if parsed, err := ParseID(string(id)); err != nil || parsed != id {
			return fmt.Errorf("%.40q is no device", id)
		}
		if a.Role != "" && !a.Role.Known() || len(a.Replaces) > MaxReplaces {
			return fmt.Errorf("what %s is allowed makes no sense", id)
		}
	}
	return nil
}
