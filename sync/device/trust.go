package device

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
)

// Trust is whose signatures count in a project: the key that an invitation brought, and the keys that it was changed for since. Safe for
// concurrent use.
//
// It grows and never turns back: who has learnt of a change takes no other change of the same key, whoever signed it.
type Trust struct {
	mu         sync.RWMutex
	project    string
	key        ed25519.PublicKey // that counts now
	statements [][]byte          // all rotations from the first on
	rotations  []Rotation
}

// NewTrust returns the trust of a project with a key that it has or had, and the statements by which it was changed, from the first one on.
// Errors are *RotationError.
func NewTrust(project Project, statements ...[]byte) (*Trust, error) {
	t := new(Trust)
	return t, t.Begin(project, statements...)
}

// Begin makes of a zero Trust, which trusts nobody, what NewTrust returns.
func (t *Trust) Begin(project Project, statements ...[]byte) error {
	t.mu.Lock()
	t.project, t.key = project.ID, slices.Clone(project.Key)
	t.mu.Unlock()
	_, err := t.Learn(statements)
	return err
}

// Learn takes the statements of all changes of the key, from the first one on, and reports whether they told anything new. They must
// go on where those that are known already end, and name the key that is known. Errors are *RotationError, and then nothing changed.
func (t *Trust) Learn(statements [][]byte) (news bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(statements) <= len(t.statements) {
		return false, t.same(statements)
	}
	if err := t.same(statements[:len(t.statements)]); err != nil {
		return false, err
	}
	rotations, err := t.follow(statements)
	if err != nil {
		return false, err
	}
	t.rotations, t.statements = rotations, nil
	for _, s := range statements {
		t.statements = append(t.statements, bytes.Clone(s))
	}
	t.key = rotations[len(rotations)-1].To
	return true, nil
}

// same reports an error where statements are others than those that are known.
func (t *Trust) same(statements [][]byte) error {
	for i, s := range statements {
		if !bytes.Equal(s, t.statements[i]) {
			return &RotationError{Reason: WrongSignature, Err: fmt.Errorf("change %d of the project's key is known already, and was another one", i+1)}
		}
	}
	return nil
}

// follow reads a chain of statements that names the known key.
func (t *Trust) follow(statements [][]byte) ([]Rotation, error) {
	bad := func(err error) ([]Rotation, error) { return nil, &RotationError{Reason: WrongSignature, Err: err} }
	if len(statements) > MaxRotations {
		return nil, &RotationError{Reason: Malformed, Err: fmt.Errorf("more than %d changes of a key", MaxRotations)}
	}
	var rotations []Rotation
	before, known := "", false
	for i, s := range statements {
		r, err := OpenRotation(s)
		if err != nil {
			return nil, err
		}
		if r.Project != t.project || r.Before != before || i > 0 && !r.From.Equal(rotations[i-1].To) {
			return bad(fmt.Errorf("change %d does not go on from the one before", i+1))
		}
		known = known || r.From.Equal(t.key) || r.To.Equal(t.key)
		sum := sha256.Sum256(s)
		before, rotations = hex.EncodeToString(sum[:]), append(rotations, r)
	}
	if !known {
		return bad(fmt.Errorf("they change another project's key"))
	}
	return rotations, nil
}

// Key returns the project's key as it is now.
func (t *Trust) Key() ed25519.PublicKey {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.key
}

// Statements returns all changes of the key, from the first one on. They are not to be changed.
func (t *Trust) Statements() [][]byte {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.statements[:len(t.statements):len(t.statements)]
}

// FormerKeys returns the keys that the project had before, oldest first.
func (t *Trust) FormerKeys() (keys []ed25519.PublicKey) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, r := range t.rotations {
		keys = append(keys, r.From)
	}
	return keys
}

// Knows reports whether a statement is one of the changes of the project's key.
func (t *Trust) Knows(statement []byte) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return slices.ContainsFunc(t.statements, func(s []byte) bool { return bytes.Equal(s, statement) })
}

// Open checks a certificate and returns what it gives its device: one of the key that counts now as it stands, one of a former key
// what the change of that key says. current is false for the latter. Errors are *CertificateError.
func (t *Trust) Open(c Certificate) (claims Claims, current bool, err error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	claims, err = c.Open(t.key)
	if err == nil {
		return claims, true, nil
	}
	for _, r := range slices.Backward(t.rotations) {
		claims, old := c.Open(r.From)
		if old != nil {
			continue
		}
		allowed, named := r.Devices[claims.ID()]
		if !named {
			return Claims{}, false, &CertificateError{Reason: WrongSignature, Err: fmt.Errorf("a former key signed it, for a device it had not certified when it was changed")}
		}
		claims.Role, claims.Replaces = allowed.Role, allowed.Replaces
		if claims.Role == "" {
			claims.Role = Enumerator
		}
		if claims.Until.After(r.Until) {
			claims.Until = r.Until
		}
		return claims, false, nil
	}
	return Claims{}, false, err
}

// OpenReceipt is the function of that name, with the key that counts now: receipts of former keys prove nothing.
func (t *Trust) OpenReceipt(statement []byte) (Receipt, error) {
	return OpenReceipt(statement, t.Key())
}

// OpenOldReceipt takes receipts of former keys, too: to carry them, never to forget anything because of them.
func (t *Trust) OpenOldReceipt(statement []byte) (r Receipt, err error) {
	if r, err = OpenReceipt(statement, t.Key()); err == nil {
		return r, nil
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, rotation := range t.rotations {
		if old, oldErr := OpenReceipt(statement, rotation.From); oldErr == nil {
			return old, nil
		}
	}
	return r, err
}
