package number_test

import (
	"math"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vereda/survey/xlsform/number"
)

func TestFormatsThatShowDays(t *testing.T) {
	for _, c := range []struct {
		format int
		code   string
		want   bool
	}{
		{0, "", false}, {14, "", true}, {22, "", true}, {47, "", true}, {49, "", false}, {10, "", false},
		{164, "yyyy-mm-dd", true}, {164, "[$-409]d mmm yy", true}, {164, "[h]:mm", true}, {164, "General", false},
		{164, `0.0 "days"`, false}, {164, `0\d`, false}, {164, "[Red]0.00", false}, {164, "#,##0_d", false}, {14, "0.00", false},
	} {
		if got := number.IsDate(c.format, c.code); got != c.want {
			t.Errorf("%d %q: %v, want %v", c.format, c.code, got, c.want)
		}
	}
}

func TestDays(t *testing.T) {
	for _, c := range []struct {
		days     float64
		from1904 bool
		want     string
	}{
		{1, false, "1900-01-01"}, {59, false, "1900-02-28"}, {61, false, "1900-03-01"}, {46349, false, "2026-11-23"}, {44887, true, "2026-11-23"},
		{0.25, false, "06:00:00"}, {46349.5, false, "2026-11-23T12:00:00"}, {-1, false, "-1"}, {1e9, false, "1000000000"}, {0, true, "1904-01-01"},
		{math.NaN(), false, "NaN"}, {2958465, false, "9999-12-31"},
	} {
		if got := number.Day(c.days, c.from1904); got != c.want {
			t.Errorf("%v: %s, want %s", c.days, got, c.want)
		}
	}
}

// A number says the same when it is read again; a day is the day after the one before.
func TestNumbersComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64().Draw(t, "number")
		if back, err := strconv.ParseFloat(number.Text(v), 64); err != nil || back != v {
			t.Fatalf("%v is written %s", v, number.Text(v))
		}
		day := float64(rapid.IntRange(61, 2958464).Draw(t, "day"))
		one, err1 := time.Parse(time.DateOnly, number.Day(day, false))
		two, err2 := time.Parse(time.DateOnly, number.Day(day+1, false))
		if err1 != nil || err2 != nil || two.Sub(one) != 24*time.Hour {
			t.Fatalf("%v is followed by %v", one, two)
		}
	})
}
