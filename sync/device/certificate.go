package device

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"time"
)

// claimsVersion is the version of certificates that this package writes and reads.
const claimsVersion = 1

// certificatePurpose is what certificates are signed for.
const certificatePurpose = "certificate"

// maxCertificate bounds what Open looks at, in bytes. Names of people are shorter.
const maxCertificate = 4096

// Claims is what a certificate says.
type Claims struct {
	V       int               `json:"v"`
	Project string            `json:"project"`
	Device  ed25519.PublicKey `json:"device"`
	Name    string            `json:"name"` // of the person
	Role    Role              `json:"role"`
	From    time.Time         `json:"from"`
	Until   time.Time         `json:"until"`

	Replaces []ID `json:"replaces,omitempty"` // older devices of the same person, whose work this one takes over; at most MaxReplaces
}

// MaxReplaces is how many devices one may replace: more would not fit into a certificate.
const MaxReplaces = 32

// ID returns the device's ID.
func (c Claims) ID() ID { return IDOf(c.Device) }

// Certificate is signed claims, as bytes that travel: one line of JSON without blanks,
// {"claims":{...},"signature":"..."}, where the signature covers the bytes of the claims as they stand there.
type Certificate []byte

// CertificateReason says what is wrong with a certificate.
type CertificateReason string

// The reasons.
const (
	Malformed      CertificateReason = "malformed"
	NewerVersion   CertificateReason = "newer-version"
	WrongSignature CertificateReason = "wrong-signature" // damaged, or another project's
)

// CertificateError says why a certificate was refused.
type CertificateError struct {
	Reason CertificateReason
	Err    error // may be nil
}

func (e *CertificateError) Error() string {
	if e.Err == nil {
		return "device: certificate refused: " + string(e.Reason)
	}
	return fmt.Sprintf("device: certificate refused: %s: %v", e.Reason, e.Err)
}

func (e *CertificateError) Unwrap() error { return e.Err }

// Issue signs claims with the project's key. V is filled in; times are cut to seconds, in UTC. It fails for a device key
// of the wrong length, an unknown role, or claims too long to be read again.
func Issue(project Key, c Claims) (Certificate, error) {
	if len(c.Device) != ed25519.PublicKeySize {
		return nil, &CertificateError{Reason: Malformed, Err: fmt.Errorf("a device key of %d bytes", len(c.Device))}
	}
	if !c.Role.Known() {
		return nil, &CertificateError{Reason: Malformed, Err: fmt.Errorf("unknown role %q", c.Role)}
	}
	if len(c.Replaces) > MaxReplaces {
		return nil, &CertificateError{Reason: Malformed, Err: fmt.Errorf("it replaces %d devices, more than %d", len(c.Replaces), MaxReplaces)}
	}
	c.V = claimsVersion
	c.From = c.From.UTC().Truncate(time.Second)
	c.Until = c.Until.UTC().Truncate(time.Second)
	claims, err := json.Marshal(c)
	if err != nil {
		return nil, &CertificateError{Reason: Malformed, Err: err}
	}
	cert := Certificate(signedClaims.seal(claims, project.Sign(certificatePurpose, claims)))
	if len(cert) > maxCertificate {
		return nil, &CertificateError{Reason: Malformed, Err: fmt.Errorf("%d bytes, more than %d", len(cert), maxCertificate)}
	}
	return cert, nil
}

// Open checks a certificate against the project's key and returns its claims. Errors are *CertificateError. Expiry is not
// checked here, since a tablet's clock may be wrong: the caller compares Until with a clock it trusts.
func (c Certificate) Open(project ed25519.PublicKey) (Claims, error) {
	if len(c) > maxCertificate {
		return Claims{}, &CertificateError{Reason: Malformed, Err: fmt.Errorf("%d bytes, more than %d", len(c), maxCertificate)}
	}
	text, reason, err := signedClaims.open(c, claimsVersion, project, certificatePurpose)
	if reason != "" {
		return Claims{}, &CertificateError{Reason: reason, Err: err}
	}
	return readClaims(text)
}

// readClaims reads claims that the project signed.
func readClaims(b []byte) (Claims, error) {
	var claims Claims
	if err := json.Unmarshal(b, &claims); err != nil {
		return Claims{}, &CertificateError{Reason: Malformed, Err: err}
	}
	if claims.V != claimsVersion || len(claims.Device) != ed25519.PublicKeySize || len(claims.Replaces) > MaxReplaces {
		return Claims{}, &CertificateError{Reason: Malformed}
	}
	return claims, nil
}

// Unverified returns what a certificate says without checking who signed it: to show, never to trust.
func (c Certificate) Unverified() (Claims, error) {
	var parts struct {
		Claims json.RawMessage `json:"claims"`
	}
	if len(c) > maxCertificate {
		return Claims{}, &CertificateError{Reason: Malformed}
	}
	if err := json.Unmarshal(c, &parts); err != nil {
		return Claims{}, &CertificateError{Reason: Malformed, Err: err}
	}
	return readClaims(parts.Claims)
}
