package record

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of single values.
const (
	maxDecimal  = 400 // digits: all that a float64 in plain digits needs
	maxFileName = 255 // bytes: what file systems take
)

// canonicalText returns the canonical text of a value that is neither a text nor empty.
func canonicalText(kind Kind, s string) (string, error) {
	switch kind {
	case Integer:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return "", fmt.Errorf("%q is no whole number", s)
		}
		return strconv.FormatInt(n, 10), nil
	case Decimal:
		return canonicalDecimal(s)
	case Choices:
		return canonicalChoices(s)
	case Date:
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return "", fmt.Errorf("%q is no date like 2026-11-23", s)
		}
		return s, nil
	case Time:
		return canonicalTime(s)
	case DateTime:
		date, clock, ok := strings.Cut(s, "T")
		if _, err := time.Parse(time.DateOnly, date); err != nil || !ok {
			return "", fmt.Errorf("%q is no date and time like 2026-11-23T14:05:00.000-05:00", s)
		}
		clock, err := canonicalTime(clock)
		return date + "T" + clock, err
	case Geopoint:
		return canonicalPoint(s)
	case Geotrace, Geoshape:
		return canonicalTrace(s)
	case File:
		return canonicalFile(s)
	case Instance:
		return "", fmt.Errorf("a repeat instance has no text, not %q", s)
	}
	return "", fmt.Errorf("there is no %v", kind)
}

// canonicalDecimal writes a number in plain digits, without superfluous zeros: "+04.50" is "4.5", "1e3" is "1000".
// The digits never go through a float.
func canonicalDecimal(s string) (string, error) {
	bad := fmt.Errorf("%.40q is no decimal number", s)
	mantissa, exponent, hasExponent := cutAny(s, "eE")
	exp := 0
	if hasExponent {
		n, err := strconv.Atoi(exponent)
		if err != nil || n > maxDecimal || n < -maxDecimal {
			return "", bad
		}
		exp = n
	}
	sign := ""
	if mantissa != "" && (mantissa[0] == '-' || mantissa[0] == '+') {
		if mantissa[0] == '-' {
			sign = "-"
		}
		mantissa = mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if digits == "" || len(digits) > maxDecimal || strings.Trim(digits, "0123456789") != "" {
		return "", bad
	}
	point := len(whole) + exp // where the point stands in digits
	if point < 0 {
		digits, point = strings.Repeat("0", -point)+digits, 0
	}
	if point > len(digits) {
		digits += strings.Repeat("0", point-len(digits))
	}
	whole = strings.TrimLeft(digits[:point], "0")
	fraction = strings.TrimRight(digits[point:], "0")
	switch {
	case whole == "" && fraction == "":
		return "0", nil
	case len(whole)+len(fraction) > maxDecimal:
		return "", bad
	case whole == "":
		whole = "0"
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return sign + whole + fraction, nil
}

func cutAny(s, chars string) (before, after string, found bool) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

func canonicalChoices(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("choices are no valid UTF-8")
	}
	names := strings.Fields(s)
	seen := make(map[string]bool, len(names))
	kept := names[:0]
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			kept = append(kept, name)
		}
	}
	return strings.Join(kept, " "), nil
}

// canonicalTime writes a time of day with milliseconds; the zone as given, Z for UTC, none where none is given.
func canonicalTime(s string) (string, error) {
	for _, layout := range []string{"15:04:05Z07:00", "15:04:05Z0700", "15:04Z07:00", "15:04:05Z07", "15:04:05", "15:04"} {
		t, err := time.Parse(layout, s) // a fraction of a second is taken wherever seconds are
		if err != nil {
			continue
		}
		if strings.Contains(layout, "Z") {
			return t.Format("15:04:05.000Z07:00"), nil
		}
		return t.Format("15:04:05.000"), nil
	}
	return "", fmt.Errorf("%q is no time like 14:05:00.000-05:00", s)
}

// canonicalPoint writes latitude, longitude, altitude and accuracy. The last two are left out where they are not given: not to know how exact a
// position is is not to know it exactly.
func canonicalPoint(s string) (string, error) {
	parts := strings.Fields(s)
	if len(parts) < 2 || len(parts) > 4 {
		return "", fmt.Errorf("%.80q is no position: latitude, longitude, altitude, accuracy", s)
	}
	limits := [4]struct {
		name   string
		lo, hi float64
	}{{"latitude", -90, 90}, {"longitude", -180, 180}, {"altitude", -12000, 100000}, {"accuracy", 0, 1e8}}
	for i, part := range parts {
		text, err := canonicalDecimal(part)
		if err != nil {
			return "", err
		}
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(f) || f < limits[i].lo || f > limits[i].hi {
			return "", fmt.Errorf("%s %.40s is not between %v and %v", limits[i].name, part, limits[i].lo, limits[i].hi)
		}
		parts[i] = text
	}
	return strings.Join(parts, " "), nil
}

// canonicalTrace writes the points of a line or area. Whether they are enough to make one is a question of what is asked, not of what was written.
func canonicalTrace(s string) (string, error) {
	points := strings.Split(strings.TrimRight(s, "; \t"), ";")
	for i, p := range points {
		text, err := canonicalPoint(p)
		if err != nil {
			return "", err
		}
		points[i] = text
	}
	return strings.Join(points, ";"), nil
}

func canonicalFile(s string) (string, error) {
	bad := func(r rune) bool { return r == '/' || r == '\\' || unicode.IsControl(r) }
	if len(s) > maxFileName || !utf8.ValidString(s) || strings.ContainsFunc(s, bad) || s == "." || s == ".." {
		return "", fmt.Errorf("%.80q is no name of a file", s)
	}
	return s, nil
}
