package field

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParsePosition(t *testing.T) {
	for text, want := range map[string]string{
		"4.6097, -74.0817":                  "4.6097 -74.0817",
		"4.6097 -74.0817":                   "4.6097 -74.0817",
		"4.6097;-74.0817":                   "4.6097 -74.0817",
		"+4.6097,+74.0817":                  "4.6097 74.0817",
		"4,6097 -74,0817":                   "4.6097 -74.0817",
		"4,6097; -74,0817":                  "4.6097 -74.0817",
		"-4,6097, -74,0817":                 "-4.6097 -74.0817",
		"4, -74":                            "4 -74",
		"4.6097 N, 74.0817 O":               "4.6097 -74.0817",
		"N 4.6097 W 74.0817":                "4.6097 -74.0817",
		"4.6097S 74.0817L":                  "-4.6097 74.0817",
		"4.6097° N 74.0817° W":              "4.6097 -74.0817",
		`4°36'35"N 74°04'54"W`:              "4.6097222 -74.0816667",
		`4º 36′ 35″ N, 74º 04′ 54″ O`:       "4.6097222 -74.0816667",
		`S 33°27.5' W 70°40'`:               "-33.4583333 -70.6666667",
		"4.6097 -74.0817 2600 5":            "4.6097 -74.0817 2600 5",
		"geo:4.6097,-74.0817":               "4.6097 -74.0817",
		"https://maps.example/?q=4.6,-74":   "4.6 -74",
		"https://maps.example/@4.6,-74,17z": "4.6 -74",
		"-90,180":                           "-90 180",
	} {
		v, err := ParsePosition(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := v.String(); !strings.HasPrefix(got+" ", want+" ") {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestParsePositionRefuses(t *testing.T) {
	for _, text := range []string{"4", "norte", "4.6097", "91, 10", "10, 181", "4.6, -74, 5, 3, 1", "4°99'N 74°W", "-4 S, 74 W", "4.6.1 -74", "W 74 N 4"} {
		if v, err := ParsePosition(text); err == nil {
			t.Errorf("%q: %s", text, v)
		}
	}
	if v, err := ParsePosition("  "); err != nil || !v.IsZero() {
		t.Errorf("no text: %v, %v", v, err)
	}
}

// However a position is written, it is read as what it is.
func TestEveryNotationMeansTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		latitude := float64(rapid.IntRange(-8999999, 8999999).Draw(t, "latitude")) / 1e5
		longitude := float64(rapid.IntRange(-17999999, 17999999).Draw(t, "longitude")) / 1e5
		a, b := strconv.FormatFloat(latitude, 'f', 5, 64), strconv.FormatFloat(longitude, 'f', 5, 64)
		comma := func(s string) string { return strings.ReplaceAll(s, ".", ",") }
		for _, text := range []string{a + ", " + b, a + " " + b, a + "," + b, a + ";" + b, comma(a) + " " + comma(b), comma(a) + "; " + comma(b),
			lettered2(latitude, "N", "S") + " " + lettered2(longitude, "E", "W"), "geo:" + a + "," + b} {
			v, err := ParsePosition(text)
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			gotA, gotB, _ := degrees(v)
			if math.Abs(gotA-latitude) > 1e-9 || math.Abs(gotB-longitude) > 1e-9 {
				t.Fatalf("%q: %v", text, v)
			}
		}
	})
}

func lettered2(x float64, plus, minus string) string {
	if x < 0 {
		return fmt.Sprintf("%.5f°%s", -x, minus)
	}
	return fmt.Sprintf("%.5f°%s", x, plus)
}

func FuzzParsePosition(f *testing.F) {
	for _, s := range []string{"4.6, -74", `4°36'35"N 74°04'54"W`, "4,6 -74,2", "geo:1,2", "N", "1 2 3 4", "-,-", ";"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ParsePosition(s)
		if err != nil || v.IsZero() {
			return
		}
		again, err := ParsePosition(v.String())
		if err != nil || again != v {
			t.Fatalf("%q became %q, which became %q, %v", s, v, again, err)
		}
	})
}
