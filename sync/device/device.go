// Package device is identity: keys, certificates signed by the project, IDs that can be read aloud, invitations.
// docs/identity.md is its specification.
//
// Trust has one root, the project's key. A project key signs certificates; a certificate binds a device's key to a
// person, a role and a span of time; whoever knows the project's public key can check a certificate, and with it anything
// the device has signed, without asking anybody. A new device learns the project's public key from an invitation.
//
// What comes from outside (certificates, links, codes, IDs) is answered with a typed error when it is damaged, never with
// a panic. All values may be used by several goroutines at once as long as nobody changes the bytes in them.
package device

import "crypto/ed25519"

// Role says what a certificate allows.
type Role string

// The roles.
const (
	Enumerator  Role = "enumerator"
	Coordinator Role = "coordinator"
	Collector   Role = "collector"
)

// Known reports whether r is one of the roles of this version.
func (r Role) Known() bool {
	return r == Enumerator || r == Coordinator || r == Collector
}

// Project is what everybody in a project knows.
type Project struct {
	ID   string            `json:"id"` // UUID
	Name string            `json:"name"`
	Key  ed25519.PublicKey `json:"key"`
}
