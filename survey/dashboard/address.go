package dashboard

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
)

// listAddress is the address of the list of interviews, of what stands behind a place.
func listAddress(f fieldwork.Filter, behind fieldwork.Place) string {
	q := url.Values{}
	set := func(name, value string, when bool) {
		if when {
			q.Set(name, value)
		}
	}
	set("form", f.Form, f.Form != "")
	set("device", f.Device, f.Device != "")
	set("conflicts", "1", f.Conflicts)
	set("incomplete", "1", f.Incomplete)
	set("state", string(f.State), f.State != "")
	set("before", writePlace(behind), behind.ID != uuid.Nil)
	return (&url.URL{Path: "/interviews", RawQuery: q.Encode()}).String()
}

// writePlace writes a place in the list for an address: milliseconds since 1970, a dot, the interview's ID.
func writePlace(p fieldwork.Place) string {
	return strconv.FormatInt(p.Received.UnixMilli(), 10) + "." + p.ID.String()
}

// readPlace reads it; "" is no place. Nor is an ID alone, which old addresses have: they lead to the beginning.
func readPlace(text string) (p fieldwork.Place, ok bool) {
	if text == "" {
		return p, true
	}
	received, id, dotted := strings.Cut(text, ".")
	if !dotted {
		_, err := uuid.Parse(text)
		return p, err == nil
	}
	at, err := strconv.ParseInt(received, 10, 64)
	p.Received = time.UnixMilli(at)
	var err2 error
	p.ID, err2 = uuid.Parse(id)
	return p, err == nil && err2 == nil
}

// withQuery adds a value to the query of one of these pages' addresses.
func withQuery(to, name, value string) string {
	u, err := url.Parse(to)
	if err != nil {
		return "/"
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}
