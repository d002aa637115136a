package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"vereda/survey/record"
)

// fetch brings down a file from an offset on, in pieces that it hands to take; take may end it. It returns nil when the file's end was
// reached.
func (c *courier) fetch(ctx context.Context, file record.Media, offset int64, take func(offset int64, piece []byte) error) error {
	for offset < file.Size || file.Size == 0 {
		last := min(offset+int64(c.pace.size), file.Size) - 1
		headers := []string{"Range", fmt.Sprintf("bytes=%d-%d", offset, last)}
		if file.Size == 0 {
			headers = nil
		}
		start := c.now()
		response, err := c.do(ctx, http.MethodGet, pathMedia+file.SHA256.String(), nil, headers...)
		if err != nil {
			return mediaFailed(err)
		}
		n, err := c.take(response, offset, last+1, take)
		offset += n
		if err != nil {
			return err
		}
		c.pace = c.pace.took(int(n), c.now().Sub(start))
		if file.Size == 0 {
			return nil
		}
	}
	return nil
}

// take reads the body of an answer that brings the bytes from offset to end.
func (c *courier) take(response *http.Response, offset, end int64, take func(int64, []byte) error) (n int64, err error) {
	defer response.Body.Close()
	if offset > 0 && response.StatusCode != http.StatusPartialContent {
		return 0, &RetryError{Err: errors.New("it sends a file from its beginning")}
	}
	buffer := make([]byte, 64<<10)
	for offset+n < end {
		got, err := io.ReadFull(response.Body, buffer[:min(int64(len(buffer)), end-offset-n)])
		c.down += int64(got)
		if got > 0 {
			if err := take(offset+n, buffer[:got]); err != nil {
				return n, err
			}
			n += int64(got)
		}
		if err != nil {
			return n, &RetryError{Err: fmt.Errorf("a file was cut: %w", err)}
		}
	}
	return n, nil
}
