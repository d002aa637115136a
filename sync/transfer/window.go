package transfer

import "time"

// A window decides how much may be under way of what is written in large pieces: given to the system here, and not acknowledged by the far
// end. It is what the link carries in one round trip, and little more. TCP alone fills the queue of the modem besides, which holds many seconds of a
// slow link; at a break all of that is lost, and costs again.
//
// It measures spans of a round trip or more: the speed, and by Little's law (bytes under way = speed × round trip) how long bytes were under way.
// The window is the highest speed of late times the shortest round trip of late, so steady delays of the link itself do not make it small, and its own queue does not make it
// large: now and then it goes with half, and the queue drains. It begins as BBR does (draft-ietf-ccwg-bbr), growing fast until the speed grows no more.
// Times are given to it: it has no clock. Not safe for concurrent use.
type window struct {
	size  int64 // bytes
	spans int   // so many were measured
	flat  int   // since so many the speed has not grown

	rates [windowSpans]float64       // bytes a second of the last spans
	trips [windowSpans]time.Duration // their round trips

	begun  bool
	began  time.Duration // when the span began that is being measured
	from   int64         // acknowledged when it began
	end    int64         // it is over when so much is acknowledged
	last   time.Duration // when it was looked at last
	area   float64       // bytes under way, times seconds, so far
	filled bool          // the window held the writer back meanwhile
}

const (
	// windowSpans is how many spans count; in one of them it goes with half.
	windowSpans = 8
	// spanPackets is how long a span is at least: acknowledgements come for two packets at once, which spoils what is measured over few.
	spanPackets = 12
	// firstWindow is a little more than TCP itself begins with.
	firstWindow = 16 << 10
	// fastLink is from which speed on TCP is left alone, in bytes a second: it knows better there, and a queue is soon empty.
	fastLink = 32 << 10
	// windowGain is how many round trips are under way, with windowSlack on top: the window grows as long as the link carries more.
	windowGain, windowSlack = 1.1, 50 * time.Millisecond
	// searchGain is the gain while the speed grows; when it has not grown by a quarter for two spans, it is what the link carries.
	searchGain, growth, flatSpans = 2.5, 1.25, 2
)

func newWindow() *window { return &window{size: firstWindow} }

// rest follows a pause, or a new connection: what was learnt before still counts.
func (w *window) rest() { w.begun = false }

// full reports whether one more packet has to wait. On a fast link none has to.
func (w *window) full(t transit) bool {
	full := t.written > t.acked && t.written+int64(t.segment)-t.acked > w.size
	w.filled = w.filled || full
	fastest, _ := w.best()
	return full && fastest < fastLink
}

// see follows how the connection stands at a moment.
func (w *window) see(now time.Duration, t transit) {
	w.area += float64(t.written-t.acked) * (now - w.last).Seconds()
	w.last = now
	if w.begun && t.acked < w.end {
		return
	}
	if took := now - w.began; w.begun && took > 0 && w.filled {
		bytes := float64(t.acked - w.from)
		w.learn(bytes/took.Seconds(), time.Duration(w.area/bytes*float64(time.Second)), t)
	}
	w.begun, w.began, w.from, w.end, w.area, w.filled = true, now, t.acked, max(t.written, t.acked+spanPackets*int64(t.segment))+1, 0, false
}

// learn follows a span in which as much as possible was under way, with its speed and how long bytes were under way.
func (w *window) learn(rate float64, trip time.Duration, t transit) {
	if w.spans == 0 {
		trip = min(trip, t.shortest*5/4) // it began with more than slow links carry
	}
	before, _ := w.best()
	w.rates[w.spans%windowSpans], w.trips[w.spans%windowSpans] = rate, trip
	w.spans++
	if w.flat++; rate > growth*before {
		w.flat = 0
	}
	gain := windowGain
	if w.flat < flatSpans {
		gain = searchGain
	}
	fastest, shortest := w.best()
	segment := int64(t.segment)
	packets := int64(fastest*(gain*shortest.Seconds()+windowSlack.Seconds()))/segment + 1
	if w.spans%windowSpans == 0 {
		packets = max(packets/2, 1)
	}
	w.size = packets * segment
}

// best returns the highest speed and the shortest round trip of the last spans.
func (w *window) best() (rate float64, trip time.Duration) {
	for i := range min(w.spans, windowSpans) {
		rate = max(rate, w.rates[i])
		if trip == 0 || w.trips[i] < trip {
			trip = w.trips[i]
		}
	}
	return rate, trip
}
