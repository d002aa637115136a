package dashboard

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/quality"
	"vereda/survey/record"
)

// duplicatesBody is a page of pairs that look like one household, or of what was decided.
type duplicatesBody struct {
	Forms   []choice
	Form    string
	Decided bool // what was decided is shown
	Pairs   []pairRow
	Total   int // pairs to be decided
	Left    int // interviews that are still to be compared
	Open    []clusterRow
	Back    string
	Next    string
}

// pairRow is two interviews that look like one household.
type pairRow struct {
	A, B        half
	FormTitle   string
	Probability float64
	Reasons     []reason
	Address     string // of the pair's page
	Decision    string // key of what was decided; ""
	Keep        string // label of the one that counts
	By          string
	Disputed    bool
}

// letter tells two interviews apart that have one name, as those of one household have.
func (h half) letter(l string) half {
	h.Label = l + " · " + h.Label
	return h
}

// half is one interview of a pair.
type half struct {
	fieldwork.Brief
	Label, DeviceName string
	There             bool
}

// reason is why two interviews look like one household, or do not.
type reason struct {
	Kind, Agreement string
	For             bool // it speaks for one household
	Values          string
}

// clusterRow is interviews whose decisions contradict each other.
type clusterRow struct {
	Why        string
	Interviews []half
}

// pairsPerPage is how many pairs a page shows.
const pairsPerPage = 20

func (s *server) duplicates(w http.ResponseWriter, v *visit) {
	q := v.Request.URL.Query()
	body := duplicatesBody{Form: q.Get("form"), Decided: q.Get("decided") != ""}
	if done := q.Get("done"); done == "decided" {
		v.Notice = v.Words.Say("duplicates.done")
	}
	if err := s.readDuplicates(v, &body, min(max(atoi(q.Get("page")), 0), 1_000_000)); err != nil {
		s.fail(w, v, err)
		return
	}
	s.show(w, v, http.StatusOK, "duplicates", body)
}

func (s *server) readDuplicates(v *visit, body *duplicatesBody, page int) (err error) {
	ctx := v.Request.Context()
	if s.Compare != nil {
		if body.Left, err = s.Compare(ctx); err != nil {
			return err
		}
	}
	n, err := s.names(ctx, v.Words)
	if err != nil {
		return err
	}
	body.Forms = n.formChoices(body.Form)
	decisions, err := s.Data.Decisions(ctx)
	if err != nil {
		return err
	}
	settlement := desk.Settlement(decisions)
	found, err := s.undecided(ctx, body, settlement, page)
	if err != nil {
		return err
	}
	if body.Decided {
		return s.decided(v, n, body, decisions, page)
	}
	body.page(page, body.Total)
	if err := s.listPairs(v, n, body, found); err != nil {
		return err
	}
	return s.open(v, n, body, settlement)
}

// undecided counts the pairs that nobody has decided about, and returns those of a page.
func (s *server) undecided(ctx context.Context, body *duplicatesBody, settlement quality.Settlement, page int) (found []fieldwork.Alike, err error) {
	err = s.Data.Pairs(ctx, body.Form, func(a fieldwork.Alike) bool {
		if settlement.Decided(a.A, a.B) == record.Undecided {
			if at := body.Total; at >= page*pairsPerPage && at < (page+1)*pairsPerPage {
				found = append(found, a)
			}
			body.Total++
		}
		return true
	})
	return found, err
}

// listPairs lists pairs with the reasons why they look like one household.
func (s *server) listPairs(v *visit, n nameBook, body *duplicatesBody, found []fieldwork.Alike) error {
	var both []uuid.UUID
	for _, a := range found {
		both = append(both, a.A, a.B)
	}
	halves, err := s.halves(v, n, both...)
	if err != nil {
		return err
	}
	for _, a := range found {
		var p quality.Pair
		if err := json.Unmarshal(a.Body, &p); err != nil {
			return err
		}
		body.Pairs = append(body.Pairs, pairRow{A: halves[p.A].letter("A"), B: halves[p.B].letter("B"), FormTitle: n.title(a.Form),
			Probability: p.Probability, Address: pairAddress(p.A, p.B), Reasons: s.reasons(v, p)})
	}
	return nil
}

func (b *duplicatesBody) page(page, total int) {
	at := func(page int) string {
		q := url.Values{"page": {strconv.Itoa(page)}}
		if b.Form != "" {
			q.Set("form", b.Form)
		}
		if b.Decided {
			q.Set("decided", "1")
		}
		return "/duplicates?" + q.Encode()
	}
	if page > 0 {
		b.Back = at(page - 1)
	}
	if (page+1)*pairsPerPage < total {
		b.Next = at(page + 1)
	}
}

func pairAddress(a, b uuid.UUID) string {
	return "/duplicates/pair?" + url.Values{"a": {a.String()}, "b": {b.String()}}.Encode()
}

// halves reads interviews of pairs.
func (s *server) halves(v *visit, n nameBook, interviews ...uuid.UUID) (map[uuid.UUID]half, error) {
	briefs, err := s.Data.Briefs(v.Request.Context(), interviews...)
	all := map[uuid.UUID]half{}
	for _, id := range interviews {
		b, there := briefs[id]
		b.ID = id
		all[id] = half{b, label(fieldwork.Interview{ID: id, Name: b.Name}), n.device(b.Device), there}
	}
	return all, err
}

// decided lists what was decided, the last first, and the decisions that are disputed before all others.
func (s *server) decided(v *visit, n nameBook, body *duplicatesBody, decisions []fieldwork.Decision, page int) error {
	list := slices.DeleteFunc(slices.Clone(decisions), func(d fieldwork.Decision) bool { return d.Decision == record.Undecided && !d.Disputed })
	slices.SortStableFunc(list, func(a, b fieldwork.Decision) int {
		if a.Disputed != b.Disputed {
			if a.Disputed {
				return -1
			}
			return 1
		}
		return b.Received.Compare(a.Received)
	})
	body.page(page, len(list))
	list = list[min(page*pairsPerPage, len(list)):min((page+1)*pairsPerPage, len(list))]
	var both []uuid.UUID
	for _, d := range list {
		both = append(both, d.A, d.B)
	}
	halves, err := s.halves(v, n, both...)
	if err != nil {
		return err
	}
	for _, d := range list {
		row := pairRow{A: halves[d.A].letter("A"), B: halves[d.B].letter("B"), FormTitle: n.title(halves[d.A].Form), Address: pairAddress(d.A, d.B), By: d.By, Disputed: d.Disputed}
		row.Decision, row.Keep = decisionKey(d), row.keep(d.Keep)
		body.Pairs = append(body.Pairs, row)
	}
	return nil
}

// keep is what the interview is called that counts; "" when none alone does.
func (p pairRow) keep(id uuid.UUID) string {
	switch id {
	case p.A.ID:
		return p.A.Label
	case p.B.ID:
		return p.B.Label
	}
	return ""
}

// decisionKey is the key of what a decision says.
func decisionKey(d fieldwork.Decision) string {
	switch {
	case d.Disputed:
		return "duplicates.disputed"
	case d.Decision == record.Same && d.Keep == uuid.Nil:
		return "duplicates.joined"
	case d.Decision == record.Same:
		return "duplicates.kept"
	case d.Decision == record.Different:
		return "duplicates.different"
	}
	return "duplicates.undecided"
}

// open lists the interviews whose decisions do not fit together.
func (s *server) open(v *visit, n nameBook, body *duplicatesBody, settlement quality.Settlement) error {
	for _, c := range settlement.Clusters {
		if c.Open == quality.Settled {
			continue
		}
		halves, err := s.halves(v, n, c.Interviews...)
		if err != nil {
			return err
		}
		row := clusterRow{Why: v.Words.Say("duplicates.open." + string(c.Open))}
		for _, id := range c.Interviews {
			row.Interviews = append(row.Interviews, halves[id])
		}
		body.Open = append(body.Open, row)
	}
	return nil
}

// reasons puts what was compared into words.
func (s *server) reasons(v *visit, p quality.Pair) []reason {
	t := times{v.Words, s.Zone, s.Now}
	var list []reason
	for _, r := range p.Reasons {
		one := reason{Kind: named(v.Words, "kind.same.", string(r.Kind)), Agreement: named(v.Words, "agreement.", r.Agreement.String()), For: r.Weight > 0}
		switch {
		case r.Kind == quality.Place:
			one.Values = v.Words.Say("duplicates.metres", int(r.Metres+.5))
		case r.Kind == quality.Members && r.Of > 0:
			one.Values = v.Words.Say("duplicates.members", r.Matched, r.Of)
		case r.Kind == quality.Time:
			one.Agreement, one.Values = "", t.duration(r.Between)
		case r.A == r.B:
			one.Values = r.A
		case r.A != "" || r.B != "":
			one.Values = r.A + " / " + r.B
		}
		list = append(list, one)
	}
	return list
}
