package batch

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
)

// Plain returns a batch compressed without a dictionary, for who does not have the one it is compressed against. The content, and with it ID and
// signature, stays the same. Errors are *Error.
func (o Opener) Plain(raw []byte) ([]byte, error) {
	limits := o.Limits.orDefault()
	frame, err := readFrame(bytes.NewReader(raw), limits.Compressed)
	if err != nil {
		return nil, err
	}
	d, _, err := o.decompressor(frame, limits.Expanded)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	text, err := io.ReadAll(io.LimitReader(d, limits.Expanded+1))
	if err == nil && bytes.HasPrefix(text, columnsMagic) {
		text, err = expand(text, limits.Expanded)
	}
	if err == nil && int64(len(text)) > limits.Expanded || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return nil, &Error{Reason: TooLarge, Offset: preambleSize}
	}
	if err != nil {
		return nil, &Error{Reason: Corrupt, Offset: preambleSize, Err: err}
	}
	plain, err := (*Dictionary)(nil).compress(text)
	if err != nil {
		return nil, err
	}
	return append(preamble(plain), plain...), nil
}

// expand makes lines of columns: most+1 bytes at most.
func expand(columns []byte, most int64) ([]byte, error) {
	lines, err := fromColumns(columns)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(lines, most+1))
}
