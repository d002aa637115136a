package field

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"

	"vereda/survey/record"
)

var (
	errNoPosition = errors.New("field: not a position")
	errOffEarth   = errors.New("field: latitude beyond 90 or longitude beyond 180 degrees")
)

var (
	commaPair  = regexp.MustCompile(`^([-+]?\d+),(\d+)\s*[,;\s]\s*([-+]?\d+),(\d+)$`)
	inLink     = regexp.MustCompile(`(?:@|[?&](?:q|ll|mlat)=|geo:)([-+]?\d+(?:\.\d+)?)(?:,|&mlon=|%2C)\s*([-+]?\d+(?:\.\d+)?)`)
	coordinate = regexp.MustCompile(`^([NSEWOL])?\s*([-+]?)(\d+(?:\.\d+)?)(?:\s+(\d+(?:\.\d+)?))?(?:\s+(\d+(?:\.\d+)?))?\s*([NSEWOL])?$`)
	lettered   = regexp.MustCompile(`^(.*?[NS])[\s,;]*(.+)$|^([NS][^EWOL]*?)[\s,;]*([EWOL].*)$`)
)

// ParsePosition reads a position as people write and paste it: decimal degrees with point or comma ("4.6097, -74.0817", "4,6097 -74,0817"),
// degrees, minutes and seconds (4°36'35"N 74°04'54"O), the link of a map, ODK's own "4.6097 -74.0817 2600 5". Latitude stands first. W and O
// are west, E and L east, in the languages of the app. The empty text is no answer.
func ParsePosition(s string) (record.Value, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return record.Value{}, nil
	}
	if m := inLink.FindStringSubmatch(s); m != nil {
		return place(m[1], m[2], "0", "0")
	}
	if m := commaPair.FindStringSubmatch(s); m != nil {
		return place(m[1]+"."+m[2], m[3]+"."+m[4], "0", "0")
	}
	if v, err := record.New(record.Geopoint, s); err == nil && len(strings.Fields(s)) == 4 {
		return v, nil
	}
	first, second, ok := halves(s)
	if !ok {
		return record.Value{}, errNoPosition
	}
	latitude, ok1 := angle(first, "N", "S")
	longitude, ok2 := angle(second, "EL", "WO")
	if !ok1 || !ok2 {
		return record.Value{}, errNoPosition
	}
	return place(latitude, longitude, "0", "0")
}

func place(latitude, longitude, altitude, accuracy string) (record.Value, error) {
	a, err1 := strconv.ParseFloat(latitude, 64)
	b, err2 := strconv.ParseFloat(longitude, 64)
	if err1 != nil || err2 != nil {
		return record.Value{}, errNoPosition
	}
	if math.Abs(a) > 90 || math.Abs(b) > 180 {
		return record.Value{}, errOffEarth
	}
	latitude, longitude = strings.TrimPrefix(latitude, "+"), strings.TrimPrefix(longitude, "+")
	return record.New(record.Geopoint, strings.Join([]string{latitude, longitude, altitude, accuracy}, " "))
}

// halves cuts a text where the longitude begins.
func halves(s string) (first, second string, ok bool) {
	s = strings.ToUpper(s)
	for _, mark := range []string{"°", "º", "'", "’", "′", `"`, "”", "″", "˝"} {
		s = strings.ReplaceAll(s, mark, " ")
	}
	s = strings.TrimSpace(s)
	if m := lettered.FindStringSubmatch(s); m != nil {
		if m[1] != "" && strings.TrimSpace(m[1]) != "N" && strings.TrimSpace(m[1]) != "S" {
			return m[1], m[2], true
		}
		if m[3] != "" {
			return m[3], m[4], true
		}
		if i := strings.IndexAny(s, "EWOL"); i > 0 {
			return strings.Trim(s[:i], " ,;"), s[i:], true
		}
	}
	for _, separator := range []string{";", ","} {
		if a, b, found := strings.Cut(s, separator); found {
			return a, b, !strings.Contains(b, separator)
		}
	}
	parts := strings.Fields(s)
	if len(parts) != 2 {
		return "", "", false
	}
	return parts[0], parts[1], true
}

// angle reads one coordinate in degrees, or degrees and minutes, or with seconds too, as decimal degrees. plus and minus are its letters.
func angle(s, plus, minus string) (string, bool) {
	m := coordinate.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil || m[1] != "" && m[6] != "" {
		return "", false
	}
	letter := m[1] + m[6]
	if letter != "" && (!strings.Contains(plus+minus, letter) || m[2] != "") {
		return "", false
	}
	negative := m[2] == "-" || letter != "" && strings.Contains(minus, letter)
	text := m[3]
	if m[4] != "" {
		degrees, _ := strconv.ParseFloat(m[3], 64)
		minutes, _ := strconv.ParseFloat(m[4], 64)
		seconds, _ := strconv.ParseFloat(m[5], 64)
		if minutes >= 60 || seconds >= 60 {
			return "", false
		}
		text = strconv.FormatFloat(math.Round((degrees+minutes/60+seconds/3600)*1e7)/1e7, 'f', -1, 64)
	}
	if negative {
		text = "-" + text
	}
	return text, true
}
