package device

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// Recovery is how a tablet whose PIN is forgotten is opened again: a recovery code opens it, and the tablet keeps that code only
// encrypted to the project's coordinators. It shows what it keeps as a request; a coordinator reads the request with the project's
// recovery key and tells the code, aloud if need be. The code opens that one tablet, once.
type Recovery struct {
	V      int    `json:"v"` // 1
	Device ID     `json:"device"`
	Code   string `json:"code"` // of NewRecoveryCode
}

const (
	recoveryVersion = 1
	recoveryCodes   = 3 // each as of NewCode: 105 bits
	recoveryScheme  = "vereda://recover?r="
	maxRecovery     = 16 << 10 // bytes
)

// ErrOtherKey says that a request is for the holders of another key.
var ErrOtherKey = errors.New("device: the request was made for another recovery key")

// NewRecoveryCode returns a code that can be read aloud and is too long to guess (105 bits): three codes of NewCode.
func NewRecoveryCode(random io.Reader) (string, error) {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		code, err := NewCode(random)
		if err != nil {
			return "", err
		}
		codes[i] = code
	}
	return strings.Join(codes, " "), nil
}

// ParseRecoveryCode brings what somebody typed into the form of NewRecoveryCode, as ParseCode does with each of its parts. Errors
// are *TextError; Detail says which part is wrong.
func ParseRecoveryCode(s string) (string, error) {
	const what, part = "recovery code", codeData + codeChecks
	all, err := symbols(what, s)
	if err != nil {
		return "", err
	}
	if len(all) != recoveryCodes*part {
		return "", &TextError{What: what, Reason: WrongLength}
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		one := all[i*part : (i+1)*part]
		if _, ok := checked(one, codeChecks); !ok {
			return "", &TextError{What: what, Reason: WrongCheck, Detail: letters(one, codeGroup)}
		}
		codes[i] = letters(one, codeGroup)
	}
	return strings.Join(codes, " "), nil
}

// NewRecovery makes the recovery of a device: a new code, and what Seal makes of it for the recipient.
func NewRecovery(id ID, recipient string, random io.Reader) (code string, sealed []byte, err error) {
	if code, err = NewRecoveryCode(random); err != nil {
		return "", nil, err
	}
	sealed, err = Recovery{V: recoveryVersion, Device: id, Code: code}.Seal(recipient)
	return code, sealed, err
}

// Seal encrypts a recovery to a recipient, an age public key ("age1…"). What it returns is opaque and safe to show to anybody.
func (r Recovery) Seal(recipient string) ([]byte, error) {
	recipients, err := age.ParseRecipients(strings.NewReader(recipient))
	if err != nil {
		return nil, fmt.Errorf("device: the recovery key: %w", err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipients...)
	if err != nil {
		return nil, fmt.Errorf("device: sealing a recovery: %w", err)
	}
	_, err = w.Write(text)
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}

// RecoveryRequest writes what Seal made as one line to send, or to put in a QR code: vereda://recover?r=…
func RecoveryRequest(sealed []byte) string {
	return recoveryScheme + base64.RawURLEncoding.EncodeToString(sealed)
}

// OpenRecovery reads a request with the coordinators' keys. Blanks and line ends in it don't matter. *TextError of what is no request, ErrOtherKey
// where none of the keys fits.
func OpenRecovery(request string, keys ...age.Identity) (Recovery, error) {
	const what = "recovery request"
	if len(request) > maxRecovery {
		return Recovery{}, &TextError{What: what, Reason: WrongLength}
	}
	_, encoded, found := strings.Cut(strings.Map(visible, request), recoveryScheme)
	sealed, err := base64.RawURLEncoding.DecodeString(encoded)
	if !found || err != nil {
		return Recovery{}, &TextError{What: what, Reason: Incomplete}
	}
	text, err := openSealed(sealed, keys)
	if err != nil {
		return Recovery{}, err
	}
	var r Recovery
	if json.Unmarshal(text, &r) != nil {
		return Recovery{}, &TextError{What: what, Reason: Incomplete}
	}
	if r.V != recoveryVersion {
		return Recovery{}, &TextError{What: what, Reason: NewerLink}
	}
	if r.Device, err = ParseID(string(r.Device)); err != nil {
		return Recovery{}, err
	}
	r.Code, err = ParseRecoveryCode(r.Code)
	return r, err
}

func openSealed(sealed []byte, keys []age.Identity) ([]byte, error) {
	opened, err := age.Decrypt(bytes.NewReader(sealed), keys...)
	var other *age.NoIdentityMatchError
	if errors.As(err, &other) {
		return nil, ErrOtherKey
	}
	var text []byte
	if err == nil {
		text, err = io.ReadAll(io.LimitReader(opened, maxRecovery))
	}
	if err != nil {
		return nil, &TextError{What: "recovery request", Reason: WrongCheck, Detail: err.Error()}
	}
	return text, nil
}
