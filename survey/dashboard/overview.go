package dashboard

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/words"
)

// overviewBody is the first page: how much came, from where and when, and what needs a look.
type overviewBody struct {
	Total, Review, Conflicts, Incomplete, Aside int
	Chart                                       chart
	Devices                                     []delivery
	Days                                        int
}

// delivery is what one device delivered.
type delivery struct {
	ID, Name           string
	Color              int
	Last               time.Time // day of the last interview, in the collector's zone
	Today, Week, Total int
	Revoked            bool
}

func (s *server) overview(w http.ResponseWriter, v *visit) {
	body, err := s.readOverview(v.Request.Context(), v.Words)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	body.Chart.say(times{v.Words, s.Zone, s.Now}, v.Words)
	s.show(w, v, http.StatusOK, "overview", body)
}

func (s *server) readOverview(ctx context.Context, say words.Words) (b overviewBody, err error) {
	for _, n := range []struct {
		to *int
		f  fieldwork.Filter
	}{{&b.Total, fieldwork.Filter{}}, {&b.Review, fieldwork.Filter{State: fieldwork.ToReview}}, {&b.Conflicts, fieldwork.Filter{Conflicts: true}}, {&b.Incomplete, fieldwork.Filter{Incomplete: true}}} {
		if *n.to, err = s.Data.Total(ctx, n.f); err != nil {
			return b, err
		}
	}
	aside, err := s.Data.Quarantine(ctx)
	if err != nil {
		return b, err
	}
	devices, err := s.calledDevices(ctx, say)
	if err != nil {
		return b, err
	}
	counts, err := s.Data.Counts(ctx)
	if err != nil {
		return b, err
	}
	today := s.Now().In(s.Zone)
	b.Aside, b.Days = len(aside), chartDays
	b.Devices = deliveries(devices, counts, today)
	b.Chart = newChart(b.Devices, counts, today)
	return b, nil
}

// deliveries sums counts by device, the largest first: the order gives the colours.
func deliveries(devices []fieldwork.Device, counts []fieldwork.Count, today time.Time) []delivery {
	by := make(map[string]*delivery)
	for _, d := range devices {
		by[d.ID] = &delivery{ID: d.ID, Name: d.Name, Revoked: d.Revoked}
	}
	day, week := today.Format(time.DateOnly), today.AddDate(0, 0, -6).Format(time.DateOnly)
	for _, c := range counts {
		d := by[c.Device]
		if d == nil {
			d = &delivery{ID: c.Device}
			by[c.Device] = d
		}
		d.add(c, day, week, today.Location())
	}
	var list []delivery
	for _, d := range by {
		if d.Name == "" {
			d.Name = d.ID
		}
		if d.Total > 0 {
			list = append(list, *d)
		}
	}
	slices.SortFunc(list, func(a, b delivery) int { return cmp.Or(b.Total-a.Total, cmp.Compare(a.ID, b.ID)) })
	for i := range list {
		list[i].Color = min(i, colors-1)
	}
	return list
}

// add counts a day's interviews. Days are compared as text: 2026-11-23.
func (d *delivery) add(c fieldwork.Count, today, week string, zone *time.Location) {
	d.Total += c.N
	if c.Day == today {
		d.Today += c.N
	}
	if c.Day >= week && c.Day <= today {
		d.Week += c.N
	}
	if at, err := time.ParseInLocation(time.DateOnly, c.Day, zone); err == nil && at.After(d.Last) {
		d.Last = at
	}
}
