// Package look is how the field app looks: a light theme of high contrast for use in the sun, texts that wrap, tiles and buttons
// large enough for a thumb, and the layouts of a page. It knows nothing of surveys.
//
// All of it lives on Fyne's main goroutine.
package look

import "image/color"

// The colours. Ink on Paper has a contrast of 17:1, Muted 8:1, Brand 8:1, Danger 7:1, Amber 8:1; Edge, the outline of what can
// be tapped or typed into, 5:1 (WCAG 2.2 asks for 4.5:1 and 3:1).
var (
	Ink        = color.NRGBA{0x14, 0x20, 0x1a, 0xff}
	Muted      = color.NRGBA{0x44, 0x4f, 0x49, 0xff}
	Edge       = color.NRGBA{0x66, 0x72, 0x6b, 0xff}
	Rule       = color.NRGBA{0xcf, 0xd6, 0xd1, 0xff}
	Paper      = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	Ground     = color.NRGBA{0xf3, 0xf6, 0xf3, 0xff}
	Brand      = color.NRGBA{0x0b, 0x5d, 0x3b, 0xff}
	BrandPale  = color.NRGBA{0xe1, 0xf0, 0xe7, 0xff}
	Danger     = color.NRGBA{0xa3, 0x1d, 0x17, 0xff}
	DangerPale = color.NRGBA{0xfb, 0xe9, 0xe7, 0xff}
	Amber      = color.NRGBA{0x75, 0x46, 0x00, 0xff}
	AmberPale  = color.NRGBA{0xff, 0xf3, 0xd9, 0xff}
	Clear      = color.NRGBA{}
)

// The sizes, in dp at the text size of 1.
const (
	SizeSmall    = 14
	SizeBody     = 17
	SizeQuestion = 21
	SizeTitle    = 24
	SizeFigure   = 28
	Touch        = 52 // the least height of what is tapped
	Radius       = 10
)

// Tagged is a widget that a test can find by a name that is the same in all languages, such as "next" or "choice:yes".
type Tagged interface{ Tag() string }

// Parent is a widget that shows the objects it is made of to those who walk the tree.
type Parent interface{ Parts() []Object }
