package dashboard

import (
	"math"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/words"
)

const (
	chartDays = 14
	colors    = 8 // the last one is for all further devices
)

// The chart's measures, in units of its view box.
const (
	chartWidth, chartHeight = 720, 240
	plotLeft, plotTop       = 44, 12
	plotWidth, plotHeight   = chartWidth - plotLeft - 8, chartHeight - plotTop - 30
)

// chart is a bar per day, a piece of it per device, as SVG shapes.
type chart struct {
	Width, Height int
	Bars          []bar
	Lines         []gridLine
	Legend        []legend
	days          []time.Time
	Empty         bool // nothing came in these days
}

// bar is one day.
type bar struct {
	X, Width, Middle float64
	Pieces           []piece
	Total            int
	Top              float64 // of the whole bar
	Label            string  // below the axis; "" for none
	Title            string  // read aloud, and shown at the pointer
}

// piece is one device's part of a day.
type piece struct {
	Y, Height float64
	Color     int
}

// gridLine is a line of equal numbers.
type gridLine struct {
	Y float64
	N int
}

// legend names a colour.
type legend struct {
	Color int
	Name  string // "": all further devices
}

// newChart draws the last days. devices are in the order of colours.
func newChart(devices []delivery, counts []fieldwork.Count, today time.Time) chart {
	c := chart{Width: chartWidth, Height: chartHeight}
	color := make(map[string]int)
	for _, d := range devices {
		color[d.ID] = d.Color
	}
	perDay := make(map[string]*[colors]int)
	for _, n := range counts {
		if perDay[n.Day] == nil {
			perDay[n.Day] = new([colors]int)
		}
		perDay[n.Day][color[n.Device]] += n.N
	}
	noon := time.Date(today.Year(), today.Month(), today.Day(), 12, 0, 0, 0, today.Location())
	most := 0
	var days [chartDays][colors]int
	used := [colors]bool{}
	for i := range days {
		day := noon.AddDate(0, 0, i-chartDays+1)
		c.days = append(c.days, day)
		if n := perDay[day.Format(time.DateOnly)]; n != nil {
			days[i] = *n
		}
		total := 0
		for k, n := range days[i] {
			total += n
			used[k] = used[k] || n > 0
		}
		most = max(most, total)
	}
	c.Empty = most == 0
	c.draw(days, most)
	c.explain(devices, used)
	return c
}

func (c *chart) draw(days [chartDays][colors]int, most int) {
	step, top := scale(most)
	for n := 0; n <= top; n += step {
		c.Lines = append(c.Lines, gridLine{round(plotTop + plotHeight - float64(plotHeight)*float64(n)/float64(top)), n})
	}
	slot := float64(plotWidth) / chartDays
	for i, day := range days {
		b := bar{X: round(plotLeft + slot*(float64(i)+0.14)), Width: round(slot * 0.72), Middle: round(plotLeft + slot*(float64(i)+0.5))}
		y := float64(plotTop + plotHeight)
		for color, n := range day {
			if n > 0 {
				h := float64(plotHeight) * float64(n) / float64(top)
				y -= h
				b.Pieces = append(b.Pieces, piece{round(y), round(h), color})
				b.Total += n
			}
		}
		b.Top = round(y)
		c.Bars = append(c.Bars, b)
	}
}

// round keeps one decimal, which is finer than a screen.
func round(x float64) float64 { return math.Round(x*10) / 10 }

// scale chooses round numbers for the axis: lines 1, 2, 5, 10, 20, ... apart, five at most, and its end.
func scale(most int) (step, top int) {
	step = 1
	for i := 0; most > step*5; i++ {
		if i%3 == 1 {
			step = step / 2 * 5
		} else {
			step *= 2
		}
	}
	return step, step * max(1, (most+step-1)/step)
}

func (c *chart) explain(devices []delivery, used [colors]bool) {
	for i, d := range devices {
		switch {
		case d.Color == colors-1 && i+1 < len(devices):
			if used[colors-1] {
				c.Legend = append(c.Legend, legend{Color: colors - 1})
			}
			return
		case used[d.Color]:
			c.Legend = append(c.Legend, legend{d.Color, d.Name})
		}
	}
}

// say puts the days into words: every second one below the axis, the last one always.
func (c *chart) say(t times, w words.Words) {
	for i := range c.Bars {
		b := &c.Bars[i]
		if (len(c.Bars)-1-i)%2 == 0 {
			b.Label = t.short(c.days[i])
		}
		b.Title = w.Say("overview.chart.bar", b.Total, t.date(c.days[i]))
	}
}
