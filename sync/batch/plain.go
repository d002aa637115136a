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
	text, err := readAtMost(d, limits.Expanded)
	if err == nil && bytes.HasPrefix(text, columnsMagic) {
		text, err = expand(text, limits.Expanded)
	}
	var e *Error
	if err != nil && !errors.As(err, &e) {
		e = &Error{Reason: Corrupt, Err: err}
	}
	if e != nil {
		e.Offset = preambleSize
		return nil, e
	}
	plain, err := (*Dictionary)(nil).compress(text)
	if err != nil {
		return nil, err
	}
	return append(preamble(plain), plain...), nil
}

// expand makes lines of columns, most bytes at most.
func expand(columns []byte, most int64) ([]byte, error) {
	lines, err := fromColumns(columns)
	if err != nil {
		return nil, err
	}
	return readAtMost(lines, most)
}

func readAtMost(r io.Reader, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(text)) > most || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return nil, &Error{Reason: TooLarge}
	}
	return text, err
}
