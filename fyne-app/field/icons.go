package field

import "fyne.io/fyne/v2"

const (
	svgHead  = `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">`
	starPath = `<path d="M12 2l3.1 6.6 7 .9-5.1 5 1.2 7.1L12 18.3 5.8 21.6 7 14.5 1.9 9.5l7-.9z" `
)

// The icons that Fyne does not have.
var (
	starFull  = fyne.NewStaticResource("star.svg", []byte(svgHead+starPath+`fill="#000000"/></svg>`))
	starEmpty = fyne.NewStaticResource("star-empty.svg", []byte(svgHead+starPath+`fill="none" stroke="#000000" stroke-width="1.5"/></svg>`))
	pin       = fyne.NewStaticResource("pin.svg", []byte(svgHead+`<path d="M12 2C8 2 5 5 5 9c0 5 7 13 7 13s7-8 7-13c0-4-3-7-7-7zm0 4.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z" fill="#000000"/></svg>`))
)
