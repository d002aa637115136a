package archive

import (
	"context"
	"errors"
	"os"
)

// files reads every file that should be here.
func (v *verifier) files(ctx context.Context) error {
	ids, err := v.ids("SELECT id FROM files ORDER BY id")
	if err != nil {
		return err
	}
	for _, id := range ids {
		got, _, err := hashFile(v.archive.mediaPath(id))
		switch {
		case errors.Is(err, os.ErrNotExist):
			v.found("it is gone from the folder media; whoever has it sends it again", "file", id[:])
		case err != nil:
			v.found(err.Error(), "file", id[:])
		case got != id:
			v.found("it is damaged", "file", id[:])
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}
