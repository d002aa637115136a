package quality

import "fmt"

// reasons says what was compared, in the order of Kinds.
func (w *weights) reasons(e *evidence, a, b *Household) []Reason {
	var out []Reason
	add := func(r Reason) {
		if r.Agreement != Unknown {
			out = append(out, r)
		}
	}
	add(Reason{Kind: EA, Agreement: e.ea, A: a.EA, B: b.EA, Weight: w.ea[e.relation][e.ea]})
	add(Reason{Kind: Number, Agreement: e.number, A: a.Number, B: b.Number, Weight: w.number[e.relation][e.ea][e.number]})
	add(Reason{Kind: Place, Agreement: e.place, A: metres(a.Position), B: metres(b.Position), Metres: e.metres, Weight: w.place[e.relation][e.place]})
	if e.phone != Unknown {
		add(Reason{Kind: Phone, Agreement: e.phone, A: a.Phones[e.phoneA], B: b.Phones[e.phoneB], Weight: w.phone[e.phone]})
	}
	add(Reason{Kind: Head, Agreement: e.head, A: head(a), B: head(b), Weight: w.head[e.context()][e.head]})
	add(Reason{Kind: Members, Agreement: e.members, Matched: e.matched, Of: e.of, Weight: w.members[e.membersContext()][min(e.matched, 3)][e.members]})
	add(Reason{Kind: Address, Agreement: e.address, A: a.Address, B: b.Address, Weight: w.address[e.address]})
	if a.By != "" && b.By != "" {
		who := Differ
		if a.By == b.By {
			who = Same
		}
		add(Reason{Kind: Enumerator, Agreement: who, A: a.By, B: b.By})
	}
	if !a.At.IsZero() && !b.At.IsZero() {
		add(Reason{Kind: Time, Agreement: Apart, Between: a.At.Sub(b.At).Abs()})
	}
	return out
}

// head is the first member that has a name.
func head(h *Household) string {
	for _, m := range h.Members {
		if len(words(m.Name)) > 0 {
			return m.Name
		}
	}
	return ""
}

// metres is a position's accuracy as text.
func metres(p Position) string {
	if p.Accuracy <= 0 {
		return ""
	}
	return fmt.Sprintf("%.0f", p.Accuracy)
}
