// Package transfer is both ends of the wire: the tablet's client and the collector's handler. See docs/sync-protocol.md.
package transfer

import (
	"context"
	"net/http"
	"time"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// Outbox is what the client needs of a tablet's store.
type Outbox interface {
	Pending(n, size int) ([]record.Entry, error)
	Settle([]record.Receipt) error
	Cursor() (uint64, error)
	Accept(entries []record.Entry, cursor uint64) error
}

// Membership is what a device keeps of its enrolment. As JSON it is the tablet's setting "membership".
type Membership struct {
	V           int                `json:"v"`
	Project     device.Project     `json:"project"`
	Address     string             `json:"address"`
	Fingerprint string             `json:"fingerprint,omitempty"`
	Key         []byte             `json:"key"` // device.Key.Marshal
	Certificate device.Certificate `json:"certificate"`
}

// Enrol makes key a member of the project that invites. name is the person's.
func Enrol(ctx context.Context, i device.Invitation, key device.Key, name string) (Membership, error) {
	panic("stub")
}

// Client exchanges with one collector. Not safe for concurrent use.
type Client struct{}

// ClientOptions are what a client needs from outside. Zero values mean: no dictionary, the real clock.
type ClientOptions struct {
	Dictionary func(entries []record.Entry) *batch.Dictionary // for the forms of these entries; nil: none
	Now        func() time.Time
	Transport  http.RoundTripper // nil: made from the membership's fingerprint
}

// NewClient returns a client.
func NewClient(m Membership, o ClientOptions) (*Client, error) { panic("stub") }

// Sync exchanges until nothing is waiting on either side. It tells progress after each round trip, and returns what it did so far also
// beside an error. An error is *RetryError (worth trying later: no link, a collector that is busy) or final (revoked, other project).
func (c *Client) Sync(ctx context.Context, o Outbox, progress func(Report)) (Report, error) {
	panic("stub")
}

// Report is what a sync did.
type Report struct {
	Sent, Refused, Waiting int // entries
	Received               int
	BytesUp, BytesDown     int64 // of bodies
	RoundTrips             int
	ClockAhead             time.Duration // of this device, against the collector
}

// Archive is what the handler needs of the collector's database.
type Archive interface {
	Receive(ctx context.Context, b *batch.Batch, via string) ([]record.Receipt, error)
	Since(ctx context.Context, to device.Claims, cursor uint64, n, size int) ([]record.Entry, uint64, error)
	Standing(ctx context.Context, id device.ID) error
	Met(ctx context.Context, id device.ID, clock time.Time) error
	Dictionary(id uint32) *batch.Dictionary
	Invited(ctx context.Context, code string) (device.Role, error)
	Redeem(ctx context.Context, code string, d device.Claims) error
}

// Collector is the handler's side: who it is.
type Collector struct {
	Project    device.Project
	ProjectKey device.Key // signs certificates
	Sealer     batch.Sealer
	Now        func() time.Time
}

// Handler serves POST /api/v1/exchange, POST /api/v1/enrol and GET /api/v1/hello.
func Handler(a Archive, c Collector) http.Handler { panic("stub") }
