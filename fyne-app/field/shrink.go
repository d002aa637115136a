package field

import (
	"image"

	"golang.org/x/image/draw"
)

// Shrink draws a picture into the whole of another, larger or smaller.
func Shrink(to draw.Image, from image.Image) {
	draw.ApproxBiLinear.Scale(to, to.Bounds(), from, from.Bounds(), draw.Over, nil)
}
