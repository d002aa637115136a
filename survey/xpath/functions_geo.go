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
	{name: "intersects", min: 1, max: 1, result: kindBool, eval: intersects},
}

// earthRadius is the radius at the equator in metres, as ODK's engines reckon; degree the length of a degree there.
const (
	earthRadius = 6378100.0
	degree      = 2 * earthRadius * math.Pi / 360
)

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

// lineOf reads the points of an argument. A question without answer has none, and a length and an area of 0, as in JavaRosa.
func lineOf(v Value) (points []place, ok bool) {
	if v.kind == kindNodes && len(v.nodes) < 2 && trimSpace(v.String()) == "" {
		return nil, true
	}
	return places(v)
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

// area is the surface in square metres inside a line, closed if it is not, in the plane that JavaRosa reckons in: metres north and east of the first point, a degree
// of longitude being as long as at the latitude of each point. Of what cannot be read, and of less than three points, it is 0.
func area(f *frame, c *call) Value {
	line, ok := lineOf(c.args[0].value(f))
	if !ok || len(line) == 0 {
		return numberValue(0)
	}
	sum, x, y := 0.0, 0.0, 0.0 // twice the area; the point before
	for _, p := range line[1:] {
		north := (p.lat - line[0].lat) * degree
		east := (p.lon - line[0].lon) * degree * math.Cos(radians(p.lat))
		sum += y*east - x*north
		x, y = east, north
	}
	return numberValue(math.Abs(sum) / 2)
}

// distanceAlong is the length of a line in metres; points may also come as several arguments.
func distanceAlong(f *frame, c *call) Value {
	var line []place
	for _, a := range c.args {
		points, ok := lineOf(a.value(f))
		if !ok {
			return numberValue(math.NaN())
		}
		line = append(line, points...)
	}
	sum := 0.0
	for i := 1; i < len(line); i++ {
		sum += between(line[i-1], line[i])
	}
	return numberValue(sum)
}

// between is the great-circle distance by the haversine formula.
func between(p, q place) float64 {
	dLat, dLon := radians(q.lat-p.lat), radians(q.lon-p.lon)
	a := math.Pow(math.Sin(dLat/2), 2) + math.Pow(math.Sin(dLon/2), 2)*math.Cos(radians(p.lat))*math.Cos(radians(q.lat))
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(a)))
}

func radians(deg float64) float64 { return deg * math.Pi / 180 }

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

// intersects reports whether a line or shape crosses or touches itself, other than where it closes.
func intersects(f *frame, c *call) Value {
	v := c.args[0].value(f)
	if trimSpace(v.String()) == "" {
		return boolValue(false)
	}
	read, ok := places(v)
	if !ok {
		f.fail(c.at, "intersects(): the argument is no trace or shape")
		return boolValue(false)
	}
	line := read[:1]
	for _, p := range read[1:] {
		if p != line[len(line)-1] {
			line = append(line, p)
		}
	}
	last := len(line) - 1
	for i := 0; i < last; i++ {
		if f.tired(last - i) {
			return boolValue(false)
		}
		for j := i + 1; j < last; j++ {
			closes := i == 0 && j == last-1 && line[0] == line[last]
			switch {
			case j == i+1 && turnsBack(line[i], line[j], line[j+1]), closes && turnsBack(line[last-1], line[0], line[1]):
				return boolValue(true)
			case j > i+1 && !closes && meet(line[i], line[i+1], line[j], line[j+1]):
				return boolValue(true)
			}
		}
	}
	return boolValue(false)
}

// side is above 0 when c lies left of the way from a to b, below 0 on the right, 0 on the line.
func side(a, b, c place) float64 { return (b.lon-a.lon)*(c.lat-a.lat) - (b.lat-a.lat)*(c.lon-a.lon) }

// turnsBack reports whether the way a, b, c goes back at b over itself.
func turnsBack(a, b, c place) bool {
	return side(a, b, c) == 0 && (a.lon-b.lon)*(c.lon-b.lon)+(a.lat-b.lat)*(c.lat-b.lat) > 0
}

// meet reports whether the segments ab and cd have a point in common.
func meet(a, b, c, d place) bool {
	s1, s2, s3, s4 := side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
	if (s1 > 0) != (s2 > 0) && (s3 > 0) != (s4 > 0) && s1 != 0 && s2 != 0 && s3 != 0 && s4 != 0 {
		return true
	}
	return s1 == 0 && within(a, b, c) || s2 == 0 && within(a, b, d) || s3 == 0 && within(c, d, a) || s4 == 0 && within(c, d, b)
}

// within reports whether p, which lies on the line through a and b, lies between them.
func within(a, b, p place) bool {
	return math.Min(a.lat, b.lat) <= p.lat && p.lat <= math.Max(a.lat, b.lat) && math.Min(a.lon, b.lon) <= p.lon && p.lon <= math.Max(a.lon, b.lon)
}
