package screen

import (
	"strconv"
	"time"
)

// Guard keeps the interviews of this tablet encrypted under a PIN. What takes done works in the background, and calls progress (the part that is done, of 1)
// and done on the main goroutine. A wrong PIN, and one that comes too early after wrong ones, is *store.PINError.
type Guard interface {
	Protected() bool     // there is a PIN
	Locked() bool        // there is one, and nobody has given it yet: nothing can be read
	Wait() time.Duration // until the next PIN is tried
	Lock()
	Unlock(pin string, done func(error))
	Protect(pin string, progress func(part float64), done func(error))
	Unprotect(pin string, progress func(part float64), done func(error))
	Check(pin string, done func(error)) // whether it is the PIN, before another one is chosen
	ChangePIN(old, pin string, done func(error))

	Recoverable() bool               // the coordinators of this project can help who forgets the PIN
	Request() (link string, ok bool) // what a coordinator needs for that
	Mistyped(code string) error      // *CodeError of a code that cannot be right, before a PIN is chosen for it
	Recover(code, pin string, done func(error))
}

// CodeError says that a recovery code was mistyped: Part is where, "" where it is too short or too long.
type CodeError struct{ Part string }

func (e *CodeError) Error() string { return "mistyped: " + e.Part }

// settingLockAfter is after how many minutes in the background the tablet locks itself.
const settingLockAfter = "lock-after"

// lockAfters are the minutes that one can choose; the second one holds before anybody chooses.
var lockAfters = []int{1, 5, 15, 60}

func (a *App) lockAfter() int {
	if chosen, err := a.tablet.Memory.Setting(settingLockAfter); err == nil {
		if minutes, err := strconv.Atoi(string(chosen)); err == nil && minutes > 0 {
			return minutes
		}
	}
	return lockAfters[1]
}

// away is when the app went to the background, and how to stop what was to happen then.
type away struct {
	since time.Time
	stay  func()
}

// Leave makes durable what is being typed, and locks the tablet if it stays in the background for long. The app calls it when it goes there.
func (a *App) Leave() {
	a.Flush()
	if !a.tablet.Guard.Protected() || a.tablet.Guard.Locked() {
		return
	}
	a.Return()
	if !a.tablet.Guard.Locked() {
		patience := time.Duration(a.lockAfter()) * time.Minute
		a.away = away{a.tablet.Clock.Now().Round(0), a.tablet.Clock.After(patience, a.lock)}
	}
}

// Return locks the tablet when it was long in the background: an app that sleeps hears no alarm. The app calls it when it comes back.
func (a *App) Return() {
	if a.away.since.IsZero() {
		return
	}
	gone := a.tablet.Clock.Now().Round(0).Sub(a.away.since) // by the clock on the wall: the other one stands still while a tablet sleeps
	a.away.stay()
	a.away = away{}
	if gone < 0 || gone >= time.Duration(a.lockAfter())*time.Minute {
		a.lock()
	}
}

// lock forgets the key and everything that is shown. It waits for a PIN that is being made or taken away, and for answers that could not be kept.
func (a *App) lock() {
	a.away = away{}
	if p, ok := a.page.(*pinPage); ok && p.working || !a.tablet.Guard.Protected() || a.tablet.Guard.Locked() {
		return
	}
	for overlays := a.window.Canvas().Overlays(); overlays.Top() != nil; {
		overlays.Remove(overlays.Top())
	}
	a.Flush()
	if p, ok := a.page.(*interviewPage); ok && len(p.c.unkept) > 0 {
		return // on a full disk answers are nowhere but here
	}
	a.tablet.Guard.Lock()
	a.page = nil // what it holds is not to be touched again
	a.Home()
}
