package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"vereda/survey/record"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// Files is what a relay needs of this collector's files. Safe for concurrent use.
type Files interface {
	MediaAfter(ctx context.Context, to string, after uint64, n int) (list []record.Media, next uint64, err error)
	MediaPlaces(ctx context.Context, archive string) (pulled, pushed uint64, err error)
	ReachedMedia(ctx context.Context, archive string, pulled, pushed uint64) error
	// Offered notes what the upstream has; ToFetch what of that is not here, NotOffered what is not there any more.
	Offered(ctx context.Context, archive string, files []record.Media, pulled, pushed uint64) error
	ToFetch(ctx context.Context, archive string, forms bool, n int) ([]record.Media, error)
	NotOffered(ctx context.Context, archive string, id record.ID) error
	OpenMedia(ctx context.Context, id record.ID) (io.ReadSeekCloser, error)
	ReceiveMedia(ctx context.Context, id record.ID, path string, from device.ID, origin string) error
	UploadFolder() (string, error)
}

// Carrier carries files to and from the upstream.
type Carrier interface {
	Stand(ctx context.Context, files []record.Media) (transfer.MediaAnswer, error)
	News(ctx context.Context, after uint64) (transfer.MediaAnswer, error)
	Send(ctx context.Context, m record.Media, stands transfer.MediaAnswer, content func(offset int64) (io.ReadCloser, error)) (bool, error)
	Fetch(ctx context.Context, m record.Media, offset int64, take func(offset int64, piece []byte) error) (bool, error)
}

// carriage carries files after the batches: what forms need comes first, then what this collector's people sent goes up, and the rest comes
// down.
type carriage struct {
	files    Files
	carrier  Carrier
	upstream string

	folder         string // of what is not whole yet
	pulled, pushed uint64
}

// carry brings files both ways until neither side has one that the other lacks.
func (c *carriage) carry(ctx context.Context) (err error) {
	if c.folder, err = c.files.UploadFolder(); err != nil {
		return err
	}
	release, err := c.alone(ctx)
	if err != nil {
		return err
	}
	defer release()
	if c.pulled, c.pushed, err = c.files.MediaPlaces(ctx, c.upstream); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{c.news, c.fetchForms, c.push, c.fetchAll} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// alone waits until no other program of this collector carries files: two that write into one would spoil it, even after its hash was checked, and two that
// send the same take the link twice. A program that was killed holds nothing.
func (c *carriage) alone(ctx context.Context) (release func(), err error) {
	lock := flock.New(filepath.Join(c.folder, ".carrying"))
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return nil, err
	}
	return func() { _ = lock.Close() }, nil
}

// news learns what the upstream has.
func (c *carriage) news(ctx context.Context) error {
	for {
		a, err := c.carrier.News(ctx, c.pulled)
		if err != nil || len(a.News) == 0 && a.Cursor == c.pulled {
			return err
		}
		if err := c.files.Offered(ctx, c.upstream, a.News, a.Cursor, c.pushed); err != nil {
			return err
		}
		c.pulled = a.Cursor
		if len(a.News) == 0 {
			return nil
		}
	}
}

// push brings up what came here behind the place that was reached, by what the upstream lacks of it.
func (c *carriage) push(ctx context.Context) error {
	for {
		list, next, err := c.files.MediaAfter(ctx, c.upstream, c.pushed, transfer.MostAsked)
		if err != nil {
			return err
		}
		if err := c.pushSome(ctx, list); err != nil {
			return err
		}
		if next != c.pushed {
			c.pushed = next
			if err := c.files.ReachedMedia(ctx, c.upstream, c.pulled, c.pushed); err != nil {
				return err
			}
		}
		if len(list) < transfer.MostAsked {
			return nil
		}
	}
}

func (c *carriage) pushSome(ctx context.Context, list []record.Media) error {
	if len(list) == 0 {
		return nil
	}
	stands, err := c.carrier.Stand(ctx, list)
	if err != nil {
		return err
	}
	here := map[record.ID]bool{}
	for _, id := range stands.Here {
		here[id] = true
	}
	for _, m := range list {
		if here[m.SHA256] {
			continue
		}
		content := func(offset int64) (io.ReadCloser, error) {
			f, err := c.files.OpenMedia(ctx, m.SHA256)
			if err == nil {
				_, err = f.Seek(offset, io.SeekStart)
			}
			return f, err
		}
		if _, err := c.carrier.Send(ctx, m, stands, content); err != nil { // one that is damaged here comes again from whoever has it
			return err
		}
	}
	return nil
}

func (c *carriage) fetchForms(ctx context.Context) error { return c.fetch(ctx, true) }
func (c *carriage) fetchAll(ctx context.Context) error   { return c.fetch(ctx, false) }

// fetch brings down what the upstream has and is not here; each file is tried once.
func (c *carriage) fetch(ctx context.Context, forms bool) error {
	tried := map[record.ID]bool{}
	for {
		list, err := c.files.ToFetch(ctx, c.upstream, forms, transfer.MostAsked+len(tried))
		if err != nil {
			return err
		}
		fresh := 0
		for _, m := range list {
			if tried[m.SHA256] {
				continue
			}
			tried[m.SHA256] = true
			fresh++
			if err := c.fetchOne(ctx, m); err != nil {
				return err
			}
		}
		if fresh == 0 {
			return nil
		}
	}
}

// fetchOne brings down one file, from where it ended the last time.
func (c *carriage) fetchOne(ctx context.Context, m record.Media) error {
	begun := filepath.Join(c.folder, "fetch-"+m.SHA256.String())
	there, err := c.fetchRest(ctx, m, begun)
	if err != nil {
		return fmt.Errorf("relay: file %s: %w", m.SHA256, err)
	}
	if !there {
		return errors.Join(c.files.NotOffered(ctx, c.upstream, m.SHA256), os.Remove(begun))
	}
	err = c.files.ReceiveMedia(ctx, m.SHA256, begun, "", c.upstream)
	var coded interface{ Code() string }
	if errors.As(err, &coded) && coded.Code() == transfer.CodeWrongHash {
		return nil // it lies aside, and is fetched again the next time
	}
	return err
}

// fetchRest brings down what is missing of a file; false when the upstream does not have it any more.
func (c *carriage) fetchRest(ctx context.Context, m record.Media, path string) (there bool, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return false, err
	}
	offset, err := f.Seek(0, io.SeekEnd)
	if err == nil && offset > m.Size {
		offset, err = 0, f.Truncate(0)
	}
	if err != nil {
		return false, errors.Join(err, f.Close())
	}
	there = true
	if offset < m.Size {
		there, err = c.carrier.Fetch(ctx, m, offset, func(_ int64, piece []byte) error {
			_, err := f.Write(piece)
			return err
		})
	}
	return there, errors.Join(err, f.Close())
}
