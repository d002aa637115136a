package photo

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"pgregory.net/rapid"
)

// quarters is a picture whose left upper quarter is red, the right upper one green, and the lower ones blue and white: however it is turned, one sees it.
func quarters(w, h int) image.Image {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			p.Set(x, y, [2][2]color.RGBA{{{255, 0, 0, 255}, {0, 200, 0, 255}}, {{0, 0, 255, 255}, {255, 255, 255, 255}}}[2*y/h][2*x/w])
		}
	}
	return p
}

// corners names the colours of the four quarters, as one reads.
func corners(p image.Image) string {
	b := p.Bounds()
	said := ""
	for _, at := range [][2]int{{1, 1}, {3, 1}, {1, 3}, {3, 3}} {
		r, g, blue, _ := p.At(b.Min.X+at[0]*b.Dx()/4, b.Min.Y+at[1]*b.Dy()/4).RGBA()
		switch {
		case r > 0xC000 && g > 0xC000:
			said += "w"
		case r > 0xC000:
			said += "r"
		case g > 0x8000:
			said += "g"
		case blue > 0xC000:
			said += "b"
		default:
			said += "?"
		}
	}
	return said
}

func jpegOf(t testing.TB, p image.Image, exif []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	return withExif(b.Bytes(), exif)
}

// exifThat says an orientation behind a tag that does not matter.
func exifThat(order binary.AppendByteOrder, orientation uint16) []byte {
	tiff := []byte("MM\x00\x2a")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		tiff = []byte("II\x2a\x00")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, entry := range [][2]uint16{{0x0100, 7}, {tagOrientation, orientation}} {
		tiff = order.AppendUint16(tiff, entry[0])
		tiff = order.AppendUint16(tiff, 3) // a short
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, entry[1])
		tiff = order.AppendUint16(tiff, 0)
	}
	data := append([]byte("Exif\x00\x00"), tiff...)
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, markerExif}, uint16(len(data)+2)), data...)
}

// TestAPhotoIsShownUpright turns a picture by each of the eight orientations, in both byte orders.
func TestAPhotoIsShownUpright(t *testing.T) {
	for orientation, want := range map[uint16]string{0: "rgbw", 1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb", 9: "rgbw"} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			shown, err := Decode(jpegOf(t, quarters(80, 40), exifThat(order, orientation)), 0)
			if err != nil {
				t.Fatal(err)
			}
			if got := corners(shown); got != want {
				t.Errorf("orientation %d shows %s, not %s", orientation, got, want)
			}
			if lies := shown.Bounds().Dx() > shown.Bounds().Dy(); lies != (orientation < 5 || orientation > 8) {
				t.Errorf("orientation %d gives %v", orientation, shown.Bounds())
			}
		}
	}
}

// TestAPhotoIsReduced makes photos smaller on their longer side, and leaves them turned as they were.
func TestAPhotoIsReduced(t *testing.T) {
	turned := exifThat(binary.LittleEndian, 6)
	small := Reduce(jpegOf(t, quarters(1600, 1200), turned), 1024)
	if !bytes.Equal(exifOf(small), turned) {
		t.Error("the Exif data are not as they were")
	}
	shown, err := Decode(small, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := shown.Bounds().Size(); got != image.Pt(768, 1024) || corners(shown) != "brwg" {
		t.Errorf("%v %s", got, corners(shown))
	}

	var drawn bytes.Buffer
	if err := png.Encode(&drawn, quarters(30, 3000)); err != nil {
		t.Fatal(err)
	}
	if size, format, err := image.DecodeConfig(bytes.NewReader(Reduce(drawn.Bytes(), 50))); err != nil || format != "png" || size.Width != 1 || size.Height != 50 {
		t.Errorf("%v %s %v", size, format, err)
	}
}

// TestAPhotoThatFitsIsLeftAsItIs: the bytes themselves, also of what nobody can read.
func TestAPhotoThatFitsIsLeftAsItIs(t *testing.T) {
	photo := jpegOf(t, quarters(400, 300), exifThat(binary.BigEndian, 8))
	var moving bytes.Buffer
	if err := gif.Encode(&moving, quarters(400, 300), nil); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		photo []byte
		most  int
	}{{photo, 0}, {photo, -1}, {photo, 400}, {photo[:len(photo)/2], 100}, {[]byte("no picture"), 100}, {nil, 100}, {moving.Bytes(), 100}, {[]byte("GIF89a\xd0\x07\x00\x00\x00\x00\x00"), 100}} {
		if got := Reduce(test.photo, test.most); !bytes.Equal(got, test.photo) {
			t.Errorf("%d bytes became %d at %d", len(test.photo), len(got), test.most)
		}
	}
}

// TestDamagedExifIsNoMatter: whatever stands there, something is shown or refused, and never more than the picture is.
func TestDamagedExifIsNoMatter(t *testing.T) {
	whole := jpegOf(t, quarters(32, 16), exifThat(binary.LittleEndian, 6))
	rapid.Check(t, func(t *rapid.T) {
		b := bytes.Clone(whole)
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			b[rapid.IntRange(0, 60).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		b = b[:rapid.IntRange(0, len(b)).Draw(t, "length")]
		if o := orientation(b); o < 1 || o > 8 {
			t.Fatalf("orientation %d", o)
		}
		Reduce(b, 8)
	})
}
