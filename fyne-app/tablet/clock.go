package tablet

import (
	"time"

	"fyne.io/fyne/v2"
)

// clock is the real one.
type clock struct{}

// Now returns the time in the device's zone.
func (clock) Now() time.Time { return time.Now() }

// After calls f on the main goroutine.
func (clock) After(d time.Duration, f func()) (stop func()) {
	stopped := false // read and written on the main goroutine only
	t := time.AfterFunc(d, func() {
		fyne.Do(func() {
			if !stopped {
				f()
			}
		})
	})
	return func() {
		stopped = true
		t.Stop()
	}
}
