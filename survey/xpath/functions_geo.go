package xpath

import (
	"math"
	"strconv"
	"strings"
)

// Places: a point is "latitude longitude altitude accuracy", a trace or shape points with semicolons between them.
var geoFunctions = []function{
	{name: "area", min: 1, max: 1, result: kindNumber, eval: area},
	{name: "enclosed-area", min: 1, max: 1, result: kindNumber, eval: area},
	{name: "distance", min: 1, max: -1, result: kindNumber, eval: distanceAlong},
	{name: "geofence", min: 2, max: 2, result: kindBool, eval: geofence},
}

// earthRadius is the radius at the equator in metres, as ODK's engines reckon.
const earthRadius = 6378100.0

type place struct{ lat, lon float64 } // degrees

// places reads points from the texts of an argument; ok is false when one of them cannot be read.
func places(v Value) (out []place, ok bool) {
	texts := []string{v.String()}
	if v.kind == kindNodes {
		texts = texts[:0]
		for _, n := range v.nodes {
			texts = append(texts, n.StringValue())
		}
	}
	for _, t := range texts {
		for _, point := range strings.Split(strings.TrimRight(strings.TrimSpace(t), "; "), ";") {
			p, good := parsePlace(point)
			if !good {
				return nil, false
			}
			out = append(out, p)
		}
	}
	return out, len(out) > 0
}

func parsePlace(s string) (place, bool) {
	words := strings.Fields(s)
	if len(words) < 2 {
		return place{}, false
	}
	lat, err1 := strconv.ParseFloat(words[0], 64)
	lon, err2 := strconv.ParseFloat(words[1], 64)
	good := err1 == nil && err2 == nil && math.Abs(lat) <= 90 && math.Abs(lon) <= 180
	return place{lat, lon}, good
}

// area is the surface in square metres inside a line, closed if it is not; of what cannot be read it is 0.
func area(f *frame, c *call) Value {
	line, ok := places(c.args[0].value(f))
	if !ok {
		return numberValue(0)
	}
	sum := 0.0
	for i, p := range line {
		q := line[(i+1)%len(line)]
		sum += radians(q.lon-p.lon) * (2 + math.Sin(radians(p.lat)) + math.Sin(radians(q.lat)))
	}
	return numberValue(cents(math.Abs(sum * earthRadius * earthRadius / 2)))
}

// distanceAlong is the length of a line in metres; points may also come as several arguments.
func distanceAlong(f *frame, c *call) Value {
	var line []place
	for _, a := range c.args {
		points, ok := places(a.value(f))
		if !ok {
			return numberValue(math.NaN())
		}
		line = append(line, points...)
	}
	sum := 0.0
	for i := 1; i < len(line); i++ {
		sum += between(line[i-1], line[i])
	}
	return numberValue(cents(sum))
}

// between is the great-circle distance by the haversine formula.
func between(p, q place) float64 {
	dLat, dLon := radians(q.lat-p.lat), radians(q.lon-p.lon)
	a := math.Pow(math.Sin(dLat/2), 2) + math.Pow(math.Sin(dLon/2), 2)*math.Cos(radians(p.lat))*math.Cos(radians(q.lat))
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(a)))
}

func radians(deg float64) float64 { return deg * math.Pi / 180 }

func cents(n float64) float64 { return math.Round(n*100) / 100 }

// geofence reports whether a point lies inside a shape: by counting the sides that a ray from it crosses.
// A question without answer is inside of nothing.
func geofence(f *frame, c *call) Value {
	where, fence := c.args[0].value(f), c.args[1].value(f)
	if where.kind == kindNodes && where.String() == "" || fence.kind == kindNodes && fence.String() == "" {
		return boolValue(false)
	}
	point, ok := places(where)
	if !ok {
		f.fail(c.at, "geofence(): the first argument is no point")
		return boolValue(false)
	}
	shape, ok := places(fence)
	if !ok {
		f.fail(c.at, "geofence(): the second argument is no shape")
		return boolValue(false)
	}
	if len(shape) < 4 || shape[0] != shape[len(shape)-1] {
		return boolValue(false)
	}
	p, inside := point[0], false
	for i := 1; i < len(shape); i++ {
		a, b := shape[i-1], shape[i]
		if (a.lon > p.lon) != (b.lon > p.lon) && p.lat < (b.lat-a.lat)*(p.lon-a.lon)/(b.lon-a.lon)+a.lat {
			inside = !inside
		}
	}
	return boolValue(inside)
}
