package fault

// routes are who can reach whom. The collectors may form a star, a chain or a circle; in half of the rounds nobody keeps to that before all
// is healed.
type routes struct {
	shape  string
	strict bool            // only these ways are gone
	links  [][2]*collector // who relays to whom, in the order in which it is done
	doors  []*collector    // whom tablets meet when all is healed
}

// lay draws the routes.
func (w *world) lay() {
	centre, hub1, hub2 := w.centre, w.hubs[0], w.hubs[1]
	r := routes{strict: w.chance(2)}
	switch w.some(5) {
	case 0, 1:
		r.shape, r.links, r.doors = "star", [][2]*collector{{hub1, centre}, {hub2, centre}}, w.hubs
	case 2, 3: // the centre is two hops away
		r.shape, r.links, r.doors = "chain", [][2]*collector{{hub2, hub1}, {hub1, centre}}, w.hubs[1:]
	case 4:
		r.shape, r.links, r.doors = "circle", [][2]*collector{{hub1, hub2}, {hub2, hub1}, {hub1, centre}}, w.hubs[1:]
	}
	switch w.some(3) {
	case 0:
		r.doors = []*collector{centre}
	case 1:
		r.doors = w.collectors
	}
	if w.chance(2) { // what goes up a hop an exchange takes as many of them
		for i, j := 0, len(r.links)-1; i < j; i, j = i+1, j-1 {
			r.links[i], r.links[j] = r.links[j], r.links[i]
		}
	}
	w.routes = r
}

// met draws whom a tablet meets, relayed who relays to whom.
func (w *world) met() *collector {
	if w.routes.strict {
		return pick(w, w.routes.doors)
	}
	return pick(w, w.collectors)
}

func (w *world) relayed() (from, to *collector) {
	if w.routes.strict {
		l := pick(w, w.routes.links)
		return l[0], l[1]
	}
	from = pick(w, w.collectors)
	for to = from; to == from; {
		to = pick(w, w.collectors)
	}
	return from, to
}
