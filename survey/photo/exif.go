package photo

import (
	"bytes"
	"encoding/binary"
	"image"

	"golang.org/x/image/draw"
)

// Markers of a JPEG file's segments, and the tag of Exif that says how a picture is to be turned.
const (
	markerStart    = 0xD8
	markerExif     = 0xE1
	markerScan     = 0xDA
	tagOrientation = 0x0112
)

var exifBegins = []byte("Exif\x00\x00")

// exifOf returns the segment of a JPEG that holds its Exif data, marker and length included; nil where there is none.
func exifOf(b []byte) []byte {
	if len(b) < 4 || b[0] != 0xFF || b[1] != markerStart {
		return nil
	}
	for at := 2; at+4 <= len(b) && b[at] == 0xFF && b[at+1] != markerScan; {
		end := at + 2 + int(binary.BigEndian.Uint16(b[at+2:]))
		if end < at+4 || end > len(b) { // the length counts itself
			return nil
		}
		if b[at+1] == markerExif && bytes.HasPrefix(b[at+4:end], exifBegins) {
			return b[at:end]
		}
		at = end
	}
	return nil
}

// withExif puts such a segment at the beginning of a JPEG that has none.
func withExif(b, exif []byte) []byte {
	return append(append(append(make([]byte, 0, len(b)+len(exif)), b[:2]...), exif...), b[2:]...)
}

// orientation returns how a picture is to be turned: 1 to 8, as Exif counts; 1 where nothing says it.
func orientation(b []byte) int {
	segment := exifOf(b)
	if segment == nil {
		return 1
	}
	tiff := segment[4+len(exifBegins):]
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == tagOrientation {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// upright turns and mirrors a picture as an orientation says.
func upright(from image.Image, orientation int) image.Image {
	if orientation <= 1 {
		return from
	}
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	plain := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(plain, plain.Bounds(), from, from.Bounds().Min, draw.Src)
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	to := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			at := plain.PixOffset(source(orientation, x, y, w, h))
			copy(to.Pix[to.PixOffset(x, y):], plain.Pix[at:at+4])
		}
	}
	return to
}

// source is where in a picture of w × h stands what is shown at x, y when it is upright.
func source(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}
