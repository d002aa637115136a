package record

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// What is over a limit is refused by its code, and what is just within is not.
func TestLimitsOfARevision(t *testing.T) {
	list := func(n int, item func(i int) string) string {
		items := make([]string, n)
		for i := range items {
			items[i] = item(i)
		}
		return strings.Join(items, ",")
	}
	base := `{"v":1,"interview":"019d6f3a-7c00-7abc-8def-0123456789ab","form":"f","version":"1","device":"D","n":1,"at":"2026-11-23T14:05:00.000Z"`
	for _, c := range []struct {
		what string
		most int
		rest func(n int) string
	}{
		{"answers", MaxAnswers, func(n int) string {
			return `,"set":{` + list(n, func(i int) string { return fmt.Sprintf(`"q%06d":1`, i) }) + `}`
		}},
		{"devices", MaxDevices, func(n int) string {
			return `,"after":{` + list(n, func(i int) string { return fmt.Sprintf(`"E%06d":1`, i) }) + `}`
		}},
		{"verdicts", MaxVerdicts, func(n int) string {
			return `,"verdicts":[` + list(n, func(i int) string { return fmt.Sprintf(`"%064x"`, i) }) + `]`
		}},
	} {
		if _, err := ParseRevision([]byte(base + c.rest(c.most) + "}")); err != nil {
			t.Errorf("%d %s: %v", c.most, c.what, err)
		}
		var e *RevisionError
		if _, err := ParseRevision([]byte(base + c.rest(c.most+1) + "}")); !errors.As(err, &e) || e.Code != TooMany {
			t.Errorf("%d %s: %v", c.most+1, c.what, err)
		}
	}
	var e *RevisionError
	if _, err := ParseRevision([]byte(base + `,"later":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}")); !errors.As(err, &e) {
		t.Errorf("a thousand lists in each other: %v", err)
	}
}
