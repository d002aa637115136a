package stick

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"

	"vereda/sync/batch"
)

// lock encrypts what is written to it to the recipients; to none: it lets it pass.
func lock(w io.Writer, to []age.Recipient, write func(io.Writer) error) error {
	if len(to) == 0 {
		return write(w)
	}
	locked, err := age.Encrypt(w, to...)
	if err != nil {
		return fmt.Errorf("stick: encrypting: %w", err)
	}
	return errors.Join(write(locked), locked.Close())
}

// LockedError says that a file is encrypted, and that none of the keys that are here opens it.
type LockedError struct{ NoKey bool } // none was given

func (e *LockedError) Error() string {
	if e.NoKey {
		return "stick: the file is encrypted, and there is no key"
	}
	return "stick: the file is encrypted to other keys"
}

// unlock opens an encrypted file.
func unlock(r io.Reader, keys []age.Identity) (io.Reader, error) {
	if len(keys) == 0 {
		return nil, &LockedError{NoKey: true}
	}
	opened, err := age.Decrypt(r, keys...)
	var other *age.NoIdentityMatchError
	switch {
	case errors.As(err, &other):
		return nil, &LockedError{}
	case err != nil:
		return nil, &batch.Error{Reason: batch.Corrupt, Err: err}
	}
	return opened, nil
}

// ParseRecipients reads age public keys ("age1…"); no keys: what is written is not encrypted.
func ParseRecipients(keys []string) (to []age.Recipient, err error) {
	for _, key := range keys {
		r, err := age.ParseX25519Recipient(strings.TrimSpace(key))
		if err != nil {
			return nil, fmt.Errorf("stick: the public key %q: %w", key, err)
		}
		to = append(to, r)
	}
	return to, nil
}
