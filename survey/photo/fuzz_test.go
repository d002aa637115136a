package photo

import (
	"encoding/binary"
	"testing"
)

// FuzzOrientation: whatever a file holds, it is turned in one of the eight ways, and what is made of it is the file itself or smaller in pixels.
func FuzzOrientation(f *testing.F) {
	whole := jpegOf(f, quarters(32, 16), exifThat(binary.LittleEndian, 6))
	for _, b := range [][]byte{whole, whole[:60], {0xFF, 0xD8, 0xFF, 0xE1, 0, 0}, {0xFF, 0xD8, 0xFF, 0xE1, 0, 1, 0xFF}, []byte("GIF89a\xd0\x07\x00\x00\x00\x00\x00"), nil} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if o := orientation(b); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
		if exif := exifOf(b); len(exif) > len(b) {
			t.Errorf("%d bytes of Exif data in %d", len(exif), len(b))
		}
		Reduce(b, 8)
	})
}
