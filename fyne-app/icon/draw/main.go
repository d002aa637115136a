// Command draw draws the app's icon into the PNG file it is given.
package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
)

const (
	side = 512 // pixels
	fine = 4   // samples in each direction in a pixel
)

var (
	green = color.NRGBA{0x0b, 0x5d, 0x3b, 0xff}
	hill  = color.NRGBA{0x2f, 0x8a, 0x5c, 0xff}
	white = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	sun   = color.NRGBA{0xff, 0xc8, 0x4a, 0xff}
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: draw FILE.png")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func write(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := png.Encode(f, draw()); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// draw returns the icon, each pixel the mean of its samples.
func draw() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			img.SetNRGBA(x, y, mean(x, y))
		}
	}
	return img
}

func mean(x, y int) color.NRGBA {
	var r, g, b, a int
	for i := range fine * fine {
		u := (float64(x) + (float64(i%fine)+0.5)/fine) / side
		v := (float64(y) + (float64(i/fine)+0.5)/fine) / side
		c := at(u, v)
		r, g, b, a = r+int(c.R)*int(c.A), g+int(c.G)*int(c.A), b+int(c.B)*int(c.A), a+int(c.A)
	}
	if a == 0 {
		return color.NRGBA{}
	}
	return color.NRGBA{uint8(r / a), uint8(g / a), uint8(b / a), uint8(a / (fine * fine))}
}

// at returns the colour at a place; both coordinates go from 0 to 1, from the upper left corner.
func at(u, v float64) color.NRGBA {
	switch {
	case !inSquare(u, v):
		return color.NRGBA{}
	case onPath(u, v):
		return white
	case v > ground(u):
		return hill
	case math.Hypot(u-0.73, v-0.27) < 0.1:
		return sun
	}
	return green
}

// inSquare is a square with round corners.
func inSquare(u, v float64) bool {
	const corner = 0.2
	du, dv := math.Max(math.Abs(u-0.5)-(0.5-corner), 0), math.Max(math.Abs(v-0.5)-(0.5-corner), 0)
	return math.Hypot(du, dv) <= corner
}

// ground is the height of the hill.
func ground(u float64) float64 { return 0.5 - 0.12*math.Cos((u-0.42)*4.2) }

// onPath is the footpath: it winds, and grows narrower with the distance.
func onPath(u, v float64) bool {
	if v < ground(u) || v < 0.39 {
		return false
	}
	near := (v - 0.38) / 0.62
	middle := 0.42 + 0.16*math.Sin(near*5.4)*math.Sqrt(near)
	return math.Abs(u-middle) < 0.022+0.13*near*near
}
