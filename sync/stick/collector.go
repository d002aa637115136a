package stick

import (
	"context"
	"errors"
	"io"
	"time"

	"filippo.io/age"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// Archive is what is needed of a collector's database. Safe for concurrent use.
type Archive interface {
	ID() string
	Receive(ctx context.Context, b *batch.Batch, via string) ([]record.Receipt, error)
	// ReceiveAll receives batches in their order: open reads the next ones meanwhile, in several goroutines; told hears of each, in order.
	ReceiveAll(ctx context.Context, via string, n int, open func(int) (*batch.Batch, error), told func(int, *batch.Batch, []record.Receipt, error) error) error
	Since(ctx context.Context, to device.Claims, cursor uint64, n, size int) (entries []record.Entry, next uint64, err error)
	Batches(ctx context.Context, to string, after uint64, n, size int) (list []batch.Sealed, next uint64, err error)
	// Standing returns nil for a device that is not shut out, or not known yet: its certificate says enough.
	Standing(ctx context.Context, id device.ID) error
	// Places tells how far another collector's shelf was read, and how far it was brought this one's; Reached notes both.
	Places(ctx context.Context, archive string) (pulled, pushed uint64, err error)
	Reached(ctx context.Context, archive, name string, pulled, pushed uint64) error
	// Cursors tells how far other collectors' shelves were read.
	Cursors(ctx context.Context) (map[string]uint64, error)
}

// Files is what is needed of a collector's photos and other files. Safe for concurrent use.
type Files interface {
	// Missing returns those of some files that are not here.
	Missing(ctx context.Context, ids []record.ID) ([]record.ID, error)
	// Take keeps a file if it is what its hash says, else ErrSpoilt; durable on return.
	Take(ctx context.Context, id record.ID, from device.ID, content io.Reader) error
	// Cover makes, at the central collector, the receipts for what was taken.
	Cover(ctx context.Context) error
	// After lists files that are here, in the order in which they came, behind a place, and the place behind them.
	After(ctx context.Context, place uint64, n int) (files []record.Media, next uint64, err error)
	Open(ctx context.Context, id record.ID) (io.ReadCloser, error)
}

// ErrSpoilt says that a file is not what its hash says.
var ErrSpoilt = errors.New("stick: the file is not what its name says")

// Collector is a collector with its archive. Not safe for concurrent use.
type Collector struct {
	Archive    Archive
	Files      Files // nil: it takes none
	Name       string
	Central    bool // it signs receipts by the project's key, which reach the devices as entries
	Sealer     batch.Sealer
	Opener     batch.Opener    // of the project, with this archive's dictionaries
	Keys       []age.Identity  // that open what is encrypted
	Recipients []age.Recipient // the coordinators': what it carries to other collectors is encrypted to them
	Now        func() time.Time
	Told       func(Step) // nil: nobody

	// Renewed keeps what a manifest tells of a new key of the project and of this collector's certificate, and makes it count for Opener; durable on return.
	// nil: nothing is learnt, as at the centre.
	Renewed func(statements [][]byte, fresh device.Certificate) error
	// Fresh returns the certificate by the newest key for a device whose own is by a former one, none where there is none; may be nil.
	Fresh func(ctx context.Context, claims device.Claims) (device.Certificate, error)

	callers map[device.ID]*caller // whom the folder's files are of
}

// caller is a device whose files were read.
type caller struct {
	claims   device.Claims
	shown    device.Certificate // by its manifest, or by its last batch
	manifest manifest           // zero: there was none
	receipts []acknowledged
}

func (c *Collector) tell(s Step) {
	if c.Told != nil {
		c.Told(s)
	}
}

// caller returns the notes about a device.
func (c *Collector) caller(claims device.Claims) *caller {
	id := claims.ID()
	if c.callers == nil {
		c.callers = map[device.ID]*caller{}
	}
	if c.callers[id] == nil {
		c.callers[id] = &caller{claims: claims}
	}
	return c.callers[id]
}
