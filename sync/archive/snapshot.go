package archive

import "context"

// Snapshot writes the database as it is at one moment into a new file, while others go on reading and writing. The file is a whole database
// without a log beside it; it is not yet durable on return. It holds the private keys that this one holds. Files of interviews are not in it: list them
// behind it with MediaAfter, and all that it names are among them.
func (a *Archive) Snapshot(ctx context.Context, file string) error {
	err := a.db.readers.on(ctx, func(c *conn) error { return c.snapshot(file) })
	return a.db.diagnose(failed("snapshot", err))
}
