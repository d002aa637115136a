package field

import (
	"image"

	"golang.org/x/image/draw"
)

// Shrink draws a picture into the whole of another, larger or smaller.
func Shrink(to draw.Image, from image.Image) {
	draw.ApproxBiLinear.Scale(to, to.Bounds(), from, from.Bounds(), draw.Over, nil)
}

// Within returns a picture whose longer side has at most so many pixels: itself where it is small enough.
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
