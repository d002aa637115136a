// Package photo makes photos smaller, as a form asks for it, and reads them the right way up. Cameras write the pixels as the sensor has them and
// say in the Exif data how the picture is to be turned; Go's decoders do not look there.
package photo

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// MostPixels is how large a picture is read at all: it is in memory whole, and a small file may say that it is huge.
const MostPixels = 60_000_000

// MostBytes is how large the file of such a picture is at most.
const MostBytes = 64 << 20

// quality is that of a JPEG that was made smaller: no difference can be seen.
const quality = 90

// ErrLarge says that a picture has more than MostPixels.
var ErrLarge = errors.New("the picture is too large to be shown")

// Decode reads a picture and turns it as its Exif data say; its longer side has at most so many pixels, with 0 as many as it has.
func Decode(b []byte, most int) (image.Image, error) {
	size, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if !fits(size) {
		return nil, ErrLarge
	}
	shown, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return upright(Within(shown, most), orientation(b)), nil
}

// fits reports whether a picture may be read.
func fits(size image.Config) bool {
	return size.Width > 0 && size.Height > 0 && size.Width <= MostPixels/size.Height
}

// Reduce returns a photo whose longer side has at most so many pixels, in the format that it has, with its Exif data as they were: so it is turned as before, and
// knows when and where it was taken. A photo that is small enough, or that cannot be read, is returned as it is, as is any for most 0.
func Reduce(b []byte, most int) []byte {
	size, format, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || most <= 0 || max(size.Width, size.Height) <= most || !fits(size) {
		return b
	}
	whole, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return b
	}
	var out bytes.Buffer
	switch format {
	case "jpeg":
		err = jpeg.Encode(&out, Within(whole, most), &jpeg.Options{Quality: quality})
	case "png":
		err = png.Encode(&out, Within(whole, most))
	default:
		return b
	}
	if err != nil {
		return b
	}
	if format == "jpeg" {
		return withExif(out.Bytes(), exifOf(b))
	}
	return out.Bytes()
}

// Within returns a picture whose longer side has at most so many pixels: itself where it is small enough, or most is 0.
func Within(from image.Image, most int) image.Image {
	b := from.Bounds()
	longer := max(b.Dx(), b.Dy())
	if most <= 0 || longer <= most {
		return from
	}
	to := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()*most/longer), max(1, b.Dy()*most/longer)))
	draw.CatmullRom.Scale(to, to.Bounds(), from, b, draw.Src, nil)
	return to
}
