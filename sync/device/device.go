// Package device is identity: keys, certificates signed by the project, IDs that can be read aloud, invitations.
package device

import (
	"crypto/ed25519"
	"io"
	"time"
)

// ID names a device: a readable text with check characters made from its public key, "XK3M7-9QRTA-..." .
type ID string

// Key is a device's (or project's) private key.
type Key struct{}

// NewKey makes a key. ParseKey reads what Key.Marshal wrote.
func NewKey(random io.Reader) (Key, error) { panic("stub") }
func ParseKey(b []byte) (Key, error)       { panic("stub") }
func (k Key) Marshal() []byte              { panic("stub") }
func (k Key) Public() ed25519.PublicKey    { panic("stub") }
func (k Key) ID() ID                       { panic("stub") }

// Sign signs message for one purpose ("batch", "certificate", "exchange"): a signature for one is none for another.
func (k Key) Sign(purpose string, message []byte) []byte { panic("stub") }

// Verify checks a signature made by Key.Sign.
func Verify(public ed25519.PublicKey, purpose string, message, signature []byte) bool { panic("stub") }

// ParseID reads an ID as people write it (any case, with or without hyphens) and checks it.
func ParseID(s string) (ID, error) { panic("stub") }

// IDOf returns the ID of a public key.
func IDOf(public ed25519.PublicKey) ID { panic("stub") }

// Role says what a certificate allows.
type Role string

// The roles.
const (
	Enumerator  Role = "enumerator"
	Coordinator Role = "coordinator"
	Collector   Role = "collector"
)

// Project is what everybody in a project knows.
type Project struct {
	ID   string            `json:"id"` // UUID
	Name string            `json:"name"`
	Key  ed25519.PublicKey `json:"key"`
}

// Claims is what a certificate says.
type Claims struct {
	V       int               `json:"v"`
	Project string            `json:"project"`
	Device  ed25519.PublicKey `json:"device"`
	Name    string            `json:"name"` // of the person
	Role    Role              `json:"role"`
	From    time.Time         `json:"from"`
	Until   time.Time         `json:"until"`
}

// ID returns the device's ID.
func (c Claims) ID() ID { return IDOf(c.Device) }

// Certificate is signed claims, as bytes that travel.
type Certificate []byte

// Issue signs claims with the project's key.
func Issue(project Key, c Claims) (Certificate, error) { panic("stub") }

// Open checks a certificate against the project's key and returns its claims. Errors are *CertificateError. Expiry is not checked here, since a
// tablet's clock may be wrong: the caller compares Until with a clock it trusts.
func (c Certificate) Open(project ed25519.PublicKey) (Claims, error) { panic("stub") }

// Invitation lets a device into a project.
type Invitation struct {
	V           int               `json:"v"`
	Address     string            `json:"address"`               // https://192.168.1.5:8443
	Fingerprint string            `json:"fingerprint,omitempty"` // SHA-256 of the TLS certificate, hexadecimal; "" for a publicly trusted one or loopback
	Project     ed25519.PublicKey `json:"project"`
	Code        string            `json:"code"` // "K7M4-P2QX"
}

// Link writes an invitation as one line to copy or put in a QR code: vereda://join?...  ParseLink reads it.
func (i Invitation) Link() string            { panic("stub") }
func ParseLink(s string) (Invitation, error) { panic("stub") }

// NewCode returns a code that can be read aloud, with a check character. ParseCode brings what somebody typed into its form.
func NewCode(random io.Reader) (string, error) { panic("stub") }
func ParseCode(s string) (string, error)       { panic("stub") }
