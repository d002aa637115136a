package transfer

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"

	"vereda/survey/record"
)

// send brings one more piece of a file; begun says that the collector has a part of it already. It returns how much is there now.
func (c *courier) send(ctx context.Context, file record.Media, offset int64, begun bool, piece []byte) (int64, error) {
	const kind = "application/offset+octet-stream"
	start := c.now()
	var response *http.Response
	var err error
	if begun {
		response, err = c.do(ctx, http.MethodPatch, pathMedia+uploadName(file.SHA256, c.key.ID()), piece,
			"Tus-Resumable", "1.0.0", "Content-Type", kind, "Upload-Offset", strconv.FormatInt(offset, 10))
	} else {
		response, err = c.do(ctx, http.MethodPost, pathMedia, piece,
			"Tus-Resumable", "1.0.0", "Content-Type", kind, "Upload-Length", strconv.FormatInt(file.Size, 10), "Upload-Metadata", uploadMetadata(file.SHA256, c.from))
	}
	if err != nil {
		return offset, err
	}
	response.Body.Close()
	c.pace = c.pace.took(len(piece), c.now().Sub(start))
	there, err := strconv.ParseInt(response.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || there < offset || there > offset+int64(len(piece)) {
		return offset, &RetryError{Err: errors.New("it does not say how much of the file is there")}
	}
	return there, nil
}

// errSpoilt says that a file cannot be sent: it is damaged or gone here, or the collector does not take it.
var errSpoilt = errors.New("transfer: the file cannot be sent")

// fileTries is how often a file is gone on with at once when the link cuts it and it got on meanwhile.
const fileTries = 5

// sendFile brings a file to its end, from where it ended the last time. content opens it at an offset; after is told how far it came with
// each piece, and may end it. Errors are errSpoilt, *RetryError, a *Problem that trying again does not mend, or after's.
func (c *courier) sendFile(ctx context.Context, m record.Media, offset int64, begun bool, content func(int64) (io.ReadCloser, error), after func(int64) error) error {
	restarted := false
	for tries := 0; ; tries++ {
		err := c.sendRest(ctx, m, offset, begun, content, after)
		var p *Problem
		var again *RetryError
		switch {
		case errors.As(err, &p) && p.Code == CodeHere:
			return nil
		case errors.As(err, &p) && p.Code == CodeTooLarge, errors.As(err, &p) && p.Code == CodeWrongHash && restarted:
			return errors.Join(errSpoilt, err)
		case errors.As(err, &p) && p.Code == CodeWrongHash:
			restarted = true
		case errors.As(err, &p) && (p.Code == CodeBegun || p.Code == CodeStale) && tries < fileTries:
		case errors.As(err, &again) && tries < fileTries && ctx.Err() == nil:
		default:
			return mediaFailed(err)
		}
		a, err := c.ask(ctx, mediaAsk{Files: []record.ID{m.SHA256}})
		if err != nil || len(a.Here) > 0 {
			return err
		}
		before := offset
		if offset, begun = a.Open[m.SHA256]; again != nil && offset <= before {
			c.pace = c.pace.failed()
			return again // the link lives, and nothing got through
		}
	}
}

// sendRest sends a file from an offset to its end.
func (c *courier) sendRest(ctx context.Context, m record.Media, offset int64, begun bool, content func(int64) (io.ReadCloser, error), after func(int64) error) error {
	from, err := content(offset)
	if err != nil {
		return errors.Join(errSpoilt, err)
	}
	defer from.Close()
	for offset < m.Size || !begun {
		if err := after(offset); err != nil {
			return err
		}
		piece := make([]byte, min(int64(c.pace.size), m.Size-offset))
		if _, err := io.ReadFull(from, piece); err != nil {
			return errors.Join(errSpoilt, err)
		}
		there, err := c.send(ctx, m, offset, begun, piece)
		if err != nil {
			return err
		}
		if there != offset+int64(len(piece)) {
			return &RetryError{Err: errors.New("a part of the file did not come")}
		}
		offset, begun = there, true
	}
	return nil
}
