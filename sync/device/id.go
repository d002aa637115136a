package device

import (
	"crypto/ed25519"
	"crypto/sha256"
)

// ID names a device: four groups of five characters, "XK3M7-9QRTA-…", made from its public key. The first 18 characters
// are the first 90 bits of the key's SHA-256, the last two are check characters: any two wrong characters, and any two
// swapped, are found by ParseID.
type ID string

const (
	idData   = 18 // symbols
	idChecks = 2
	idGroup  = 5
)

// IDOf returns the ID of a public key.
func IDOf(public ed25519.PublicKey) ID {
	sum := sha256.Sum256(public)
	return ID(letters(withChecks(toSymbols(sum[:], idData), idChecks), idGroup))
}

// ParseID reads an ID as people write it (any case, with or without hyphens and blanks, O for 0, I and L for 1) and checks
// it. Errors are *TextError.
func ParseID(s string) (ID, error) {
	const what = "device ID"
	all, err := symbols(what, s)
	if err != nil {
		return "", err
	}
	if len(all) != idData+idChecks {
		return "", &TextError{What: what, Reason: WrongLength}
	}
	if _, ok := checked(all, idChecks); !ok {
		return "", &TextError{What: what, Reason: WrongCheck}
	}
	return ID(letters(all, idGroup)), nil
}

// Short returns the first group, enough to tell the devices of a team apart on a screen.
func (id ID) Short() string {
	if len(id) < idGroup {
		return string(id)
	}
	return string(id[:idGroup])
}
