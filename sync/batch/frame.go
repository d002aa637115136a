package batch

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/zstd"
)

// The preamble is a skippable frame of the zstd format (RFC 8878, section 3.1.2), which decoders pass over:
//
//	0   4  50 2a 4d 18: magic of a skippable frame
//	4   4  09 00 00 00: length of the rest
//	8   1  version
//	9   4  length of the zstd frame that follows, little-endian
//	13  4  CRC-32C of the bytes 0 to 12 and of that frame, little-endian
//
// A zstd frame has bits that change nothing when they flip, and says its length only by being read; the preamble makes
// damage and cuts plain before anything is decompressed.
const preambleSize = 17

var magic = []byte{0x50, 0x2a, 0x4d, 0x18, 9, 0, 0, 0}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// preamble returns the bytes that stand before a frame.
func preamble(frame []byte) []byte {
	b := append(make([]byte, 0, preambleSize), magic...)
	b = append(b, version)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(frame)))
	return binary.LittleEndian.AppendUint32(b, crc32.Update(crc32.Checksum(b, castagnoli), castagnoli, frame))
}

// readFrame reads preamble and frame, and that nothing follows. Errors are *Error.
func readFrame(r io.Reader, most int64) ([]byte, error) {
	head := make([]byte, preambleSize)
	n, err := io.ReadFull(r, head)
	if known := min(n, len(magic)); !bytes.Equal(head[:known], magic[:known]) {
		return nil, &Error{Reason: NotABatch}
	}
	if n > len(magic) && head[len(magic)] > version {
		return nil, &Error{Reason: NewerVersion, Offset: int64(n)}
	}
	if err != nil {
		return nil, readError(err, int64(n))
	}
	size := int64(binary.LittleEndian.Uint32(head[9:]))
	if preambleSize+size > most {
		return nil, &Error{Reason: TooLarge, Offset: preambleSize}
	}
	var frame bytes.Buffer
	got, err := io.Copy(&frame, io.LimitReader(r, size+1))
	end := preambleSize + got
	switch {
	case err != nil:
		return nil, readError(err, end)
	case got < size:
		return nil, &Error{Reason: Truncated, Offset: end}
	case got > size:
		return nil, &Error{Reason: Corrupt, Offset: end, Err: errors.New("bytes behind the end")}
	case !bytes.Equal(preamble(frame.Bytes()), head):
		return nil, &Error{Reason: Corrupt, Offset: end, Err: errors.New("the checksum does not fit")}
	}
	return frame.Bytes(), nil
}

// readError tells an end that came too early from a reader that failed.
func readError(err error, offset int64) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return &Error{Reason: Truncated, Offset: offset}
	}
	return &Error{Reason: ReadFailed, Offset: offset, Err: err}
}

// decompressor returns a reader of the frame's content; close it. It holds a window at most, and fails some way
// beyond most bytes.
func (o Opener) decompressor(frame []byte, most int64) (d *zstd.Decoder, dictionary uint32, err error) {
	var h zstd.Header
	if err := h.Decode(frame); err != nil || h.Skippable {
		return nil, 0, &Error{Reason: Corrupt, Offset: preambleSize, Err: errors.New("no zstd frame")}
	}
	options := []zstd.DOption{
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(window),
		zstd.WithDecoderMaxMemory(uint64(max(most, window))),
	}
	if h.DictionaryID != 0 {
		known := o.dictionary(h.DictionaryID)
		if known == nil {
			return nil, 0, &Error{Reason: UnknownDictionary, Offset: preambleSize, Dictionary: h.DictionaryID}
		}
		options = append(options, zstd.WithDecoderDictRaw(known.ID, known.Bytes))
	}
	d, err = zstd.NewReader(bytes.NewReader(frame), options...)
	if err != nil {
		return nil, 0, &Error{Reason: Corrupt, Offset: preambleSize, Err: err}
	}
	return d, h.DictionaryID, nil
}

func (o Opener) dictionary(id uint32) *Dictionary {
	if o.Dictionaries == nil {
		return nil
	}
	return o.Dictionaries(id)
}
