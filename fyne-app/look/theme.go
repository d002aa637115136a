package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Object is short for what a canvas shows.
type Object = fyne.CanvasObject

// scale is the factor of the text size that was chosen in the settings: the theme in use sets it.
var scale float32 = 1

// Scaled returns a size of this package at the text size in use.
func Scaled(size float32) float32 { return size * scale }

// Theme is the app's theme: light whatever the device's mode is, dark outlines, large targets.
type Theme struct{ base fyne.Theme }

// NewTheme returns the theme for a text size: 1 is normal. The texts and tiles of this package follow the theme made last.
func NewTheme(textSize float32) Theme {
	scale = textSize
	return Theme{theme.DefaultTheme()}
}

var colors = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          Ground,
	theme.ColorNameInputBackground:     Paper,
	theme.ColorNameOverlayBackground:   Paper,
	theme.ColorNameMenuBackground:      Paper,
	theme.ColorNameHeaderBackground:    Paper,
	theme.ColorNameForeground:          Ink,
	theme.ColorNameInputBorder:         Edge,
	theme.ColorNamePlaceHolder:         Muted,
	theme.ColorNamePrimary:             Brand,
	theme.ColorNameHyperlink:           Brand,
	theme.ColorNameForegroundOnPrimary: Paper,
	theme.ColorNameButton:              BrandPale,
	theme.ColorNameDisabled:            Muted,
	theme.ColorNameDisabledButton:      Ground,
	theme.ColorNameError:               Danger,
	theme.ColorNameSuccess:             Brand,
	theme.ColorNameWarning:             Amber,
	theme.ColorNameSeparator:           Rule,
	theme.ColorNameScrollBar:           Edge,
	theme.ColorNameSelection:           color.NRGBA{0xb8, 0xdc, 0xc7, 0xff},
	theme.ColorNameFocus:               color.NRGBA{0x0b, 0x5d, 0x3b, 0x40},
	theme.ColorNameHover:               color.NRGBA{0x0b, 0x5d, 0x3b, 0x14},
	theme.ColorNamePressed:             color.NRGBA{0x0b, 0x5d, 0x3b, 0x38},
	theme.ColorNameShadow:              color.NRGBA{0, 0, 0, 0x50},
}

// Color returns the app's own colour, the light one of Fyne for what it does not name.
func (t Theme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := colors[n]; ok {
		return c
	}
	return t.base.Color(n, theme.VariantLight)
}

var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:           SizeBody,
	theme.SizeNameCaptionText:    SizeSmall,
	theme.SizeNameSubHeadingText: SizeQuestion,
	theme.SizeNameHeadingText:    SizeTitle,
	theme.SizeNameInnerPadding:   13,
	theme.SizeNameInlineIcon:     24,
}

// Size returns the app's sizes; those of text and padding follow the text size.
func (t Theme) Size(n fyne.ThemeSizeName) float32 {
	if s, ok := sizes[n]; ok {
		return s * scale
	}
	switch n {
	case theme.SizeNameInputBorder:
		return 2
	case theme.SizeNameInputRadius, theme.SizeNameButtonRadius:
		return Radius
	case theme.SizeNameScrollBarSmall:
		return 5
	case theme.SizeNameScrollBar:
		return 12
	}
	return t.base.Size(n)
}

// Font returns Fyne's own fonts, which have every letter of the five languages.
func (t Theme) Font(s fyne.TextStyle) fyne.Resource { return t.base.Font(s) }

// Icon returns Fyne's own icons.
func (t Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return t.base.Icon(n) }
