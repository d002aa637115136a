package transfer

import (
	"context"
	"errors"
	"io"

	"vereda/survey/record"
)

// Album is what the client needs of a tablet's files. Each verb that changes something is durable on return.
type Album interface {
	// PendingMedia returns files of revisions that the centre does not have whole, nor an archive, the smallest first; at most n.
	PendingMedia(archive string, n int) ([]record.Media, error)
	// PhotosLeft returns how many files the centre does not have, and their bytes.
	PhotosLeft() (n int, bytes int64, err error)
	// MediaFrom opens a file at an offset.
	MediaFrom(id record.ID, offset int64) (io.ReadCloser, error)
	// MediaAt notes that an archive has files whole, which is not the centre's.
	MediaAt(archive string, ids []record.ID) error
	// AwaitedMedia returns files of forms that are not here whole, the smallest first; Fetched how much of one is.
	AwaitedMedia(n int) ([]record.Media, error)
	Fetched(id record.ID) (int64, error)
	// Fetch keeps a piece of such a file that begins where Fetched ends. The last one is checked by the file's hash: when that is wrong all is thrown
	// away, and the error has a method WrongHash.
	Fetch(m record.Media, offset int64, piece []byte) error
}

// mediaTries is how often a file is begun again within one Sync when the link cuts it and it got on meanwhile.
const mediaTries = 5

// errAnswersFirst says that answers are waiting again.
var errAnswersFirst = errors.New("transfer: answers go first")

// media brings down what forms need, and then up what answers refer to, if that is allowed on this link. It reports whether answers are
// waiting meanwhile: those go first.
func (c *Client) media(ctx context.Context, r *run, progress func()) (again bool, err error) {
	if c.album == nil {
		return false, nil
	}
	if c.files == nil {
		c.files = newCourier(c.credentials, c.sealer.Key, c.now, c.wire)
	}
	before, down := c.files.up.Load(), c.files.down
	err = c.fetchAwaited(ctx, r, progress)
	if err == nil && c.photos() {
		err = c.sendPending(ctx, r, progress)
	}
	r.BytesUp += c.files.up.Load() - before
	r.BytesDown += c.files.down - down
	if err := c.countPhotos(r); err != nil {
		return false, err
	}
	if errors.Is(err, errAnswersFirst) {
		return true, nil
	}
	return false, err
}

// countPhotos learns what is left.
func (c *Client) countPhotos(r *run) (err error) {
	r.Photos, r.PhotoBytes, err = c.album.PhotosLeft()
	return err
}

// fetchAwaited brings down what forms need.
func (c *Client) fetchAwaited(ctx context.Context, r *run, progress func()) error {
	for {
		files, err := c.album.AwaitedMedia(mostAsked)
		if err != nil || len(files) == 0 {
			return err
		}
		a, err := c.files.ask(ctx, mediaAsk{Files: idsOf(files)})
		if err != nil {
			return err
		}
		got := 0
		for _, m := range files {
			if len(without([]record.Media{m}, a.Here)) > 0 {
				continue // this collector does not have it either
			}
			if err := c.fetchOne(ctx, r, m, progress); err != nil {
				return err
			}
			got++
		}
		if got == 0 || len(files) < mostAsked {
			return nil
		}
	}
}

// fetchOne brings down one file, from where it ended the last time.
func (c *Client) fetchOne(ctx context.Context, r *run, m record.Media, progress func()) error {
	for tries := 0; ; tries++ {
		offset, err := c.album.Fetched(m.SHA256)
		if err != nil {
			return err
		}
		moved := false
		err = c.files.fetch(ctx, m, offset, func(offset int64, piece []byte) error {
			moved = true
			return c.album.Fetch(m, offset, piece)
		})
		var spoilt interface{ WrongHash() }
		var again *RetryError
		switch {
		case err == nil && m.Size == 0:
			err = c.album.Fetch(m, 0, nil)
			fallthrough
		case err == nil:
			r.Fetched++
			progress()
			return err
		case errors.As(err, &spoilt) && tries == 0: // it was spoilt on the way; once more from the beginning
		case errors.As(err, &spoilt): // or it is spoilt there: perhaps another collector has it whole
			r.PhotosBroken++
			return nil
		case errors.As(err, &again) && moved && tries < mediaTries && ctx.Err() == nil:
		default:
			return err
		}
	}
}

// sendPending sends what answers refer to, the smallest first.
func (c *Client) sendPending(ctx context.Context, r *run, progress func()) error {
	tried := map[record.ID]bool{}
	for {
		files, err := c.untried(tried)
		if err != nil || len(files) == 0 {
			return err
		}
		a, err := c.stands(ctx, r, files)
		if err != nil {
			return err
		}
		var sent []record.Media
		for _, m := range without(files, a.Here) {
			if err = c.sendOne(ctx, r, m, a.Open, progress); err != nil {
				break
			}
			sent = append(sent, m)
		}
		if len(sent) > 0 && (err == nil || errors.Is(err, errAnswersFirst)) {
			if _, err := c.stands(ctx, r, sent); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

// untried returns files that wait and were not tried in this Sync, and notes them.
func (c *Client) untried(tried map[record.ID]bool) ([]record.Media, error) {
	all, err := c.album.PendingMedia(c.archive, mostAsked+len(tried))
	var files []record.Media
	for _, m := range all {
		if !tried[m.SHA256] && len(files) < mostAsked {
			files, tried[m.SHA256] = append(files, m), true
		}
	}
	return files, err
}

// stands learns how the collector stands with files, and tells the album.
func (c *Client) stands(ctx context.Context, r *run, files []record.Media) (MediaAnswer, error) {
	a, err := c.files.ask(ctx, mediaAsk{Files: idsOf(files)})
	if err != nil || len(a.Here) == 0 {
		return a, err
	}
	if a.Central {
		return a, r.outbox.Covered(record.Coverage{Archive: a.Archive, Device: string(c.sealer.Key.ID()), Media: a.Here, At: c.now()})
	}
	return a, c.album.MediaAt(a.Archive, a.Here)
}

// sendOne sends one file, from where it ended the last time. A file that cannot be read any more, and one that the collector does not
// take, does not stand in the way of others.
func (c *Client) sendOne(ctx context.Context, r *run, m record.Media, open map[record.ID]int64, progress func()) error {
	after := func(int64) error {
		if err := c.countPhotos(r); err != nil {
			return err
		}
		progress()
		waiting, err := r.outbox.Waiting(c.archive)
		if err == nil && waiting > 0 {
			err = errAnswersFirst
		}
		return err
	}
	offset, begun := open[m.SHA256]
	err := c.files.sendFile(ctx, m, offset, begun, func(offset int64) (io.ReadCloser, error) { return c.album.MediaFrom(m.SHA256, offset) }, after)
	switch {
	case errors.Is(err, errSpoilt):
		r.PhotosBroken++
		return nil
	case err == nil:
		r.PhotosSent++
	}
	return err
}
