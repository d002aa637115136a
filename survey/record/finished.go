package record

// Finished returns the finished part of a history: its final revisions and all that these were written in knowledge of. What is left
// out is being written still, by whoever corrects the interview: it counts when they have finished. Where nobody has finished yet
// it is the whole history. The revisions are shared, and never change.
func (h *History) Finished() *History {
	h.sort()
	if h.allFinished() {
		return h
	}
	part := NewHistory(h.interview)
	for a, r := range h.revisions {
		if h.finished(a) {
			part.known[r.ID] = true
			part.revisions = append(part.revisions, r)
		}
	}
	if len(part.revisions) == 0 {
		return h
	}
	return part
}

func (h *History) allFinished() bool {
	for a := range h.revisions {
		if !h.finished(a) {
			return false
		}
	}
	return true
}

// finished reports whether a revision is final, or known to one that is.
func (h *History) finished(a int) bool {
	if h.revisions[a].Final {
		return true
	}
	for b, r := range h.revisions {
		if r.Final && h.order.covers(b, a) {
			return true
		}
	}
	return false
}
