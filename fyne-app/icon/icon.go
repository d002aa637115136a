// Package icon is the app's icon: a footpath that winds over a hill to the sun.
package icon

import (
	_ "embed"

	"fyne.io/fyne/v2"
)

//go:generate go run ./draw vereda.png

//go:embed vereda.png
var png []byte

// Resource returns the icon.
func Resource() fyne.Resource { return fyne.NewStaticResource("vereda.png", png) }
