package transfer

import (
	"context"
	"time"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// Archive is what the handler needs of the collector's database. Safe for concurrent use. An error that has a method
// Code() string with one of the codes that failure knows is answered by that code; any other is the collector's own trouble, and
// the client tries again later.
type Archive interface {
	// ID names this archive: cursors and receipts are of an archive, never of an address.
	ID() string
	// Receive stores a batch's entries, once each; it returns after the commit, a receipt per entry in their order.
	Receive(ctx context.Context, b *batch.Batch, via string) ([]record.Receipt, error)
	// Receipts returns the central collector's receipts for a batch that are known, as entries.
	Receipts(ctx context.Context, batch record.ID) ([]record.Entry, error)
	// Since returns entries that concern a device and come after the cursor, and the cursor behind them.
	Since(ctx context.Context, to device.Claims, cursor uint64, n, size int) ([]record.Entry, uint64, error)
	// Batches returns batches as they came, those after a place, at most n and about size bytes, one at least when there is any; and
	// the place behind them. Those that the archive to brought are passed over.
	Batches(ctx context.Context, to string, after uint64, n, size int) (list []batch.Sealed, next uint64, err error)
	// Standing returns nil for a device in good standing; code "revoked" or "unknown-device" otherwise.
	Standing(ctx context.Context, id device.ID) error
	// Met notes an exchange, and what the device's clock said.
	Met(ctx context.Context, from device.Claims, clock time.Time) error
	// Dictionary returns the dictionary with an ID, nil when there is none.
	Dictionary(id uint32) *batch.Dictionary
	// Invited returns the role that a code gives; the role also beside "invitation-used" and "invitation-expired".
	Invited(ctx context.Context, code string) (device.Role, error)
	// Replaced returns the older devices that a code lets a device replace.
	Replaced(ctx context.Context, code string) ([]device.ID, error)
	// Redeem uses a code up by one and makes the device known; for a device that redeemed it before it changes nothing.
	Redeem(ctx context.Context, code string, d device.Claims) error
}

// Collector is the handler's side: who it is.
type Collector struct {
	Project    device.Project
	ProjectKey device.Key // signs certificates and receipts: who has it is the central collector; zero: a hub
	Name       string     // what this collector is called, for people
	Sealer     batch.Sealer
	Now        func() time.Time
	Log        func(error) // told of the collector's own troubles, answered with 500 and more; nil: nobody

	Fingerprint string // of the TLS certificate that it is reached by; "" without one, on this machine: what Meet is told
	Proxied     bool   // a proxy before it may show another one: requests are not held to Fingerprint

	Files   Files  // nil: this collector takes no files
	Uploads string // folder for those that are not whole yet, on the disk of those that are

	Trust *device.Trust // whose signatures count, where the project has changed its key; nil: Project.Key's alone
	// Certificate returns the newest certificate that a hub has for a device, none where it has none; may be nil.
	Certificate func(ctx context.Context, id device.ID) (device.Certificate, error)

	// Enrol asks the central collector to answer an enrolment, whose body it gets as it came; nil: nobody can be asked. Of a hub.
	Enrol func(ctx context.Context, body []byte) (answer []byte, err error)
}
