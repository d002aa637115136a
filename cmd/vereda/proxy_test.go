package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Where a request came from: what a stranger writes into X-Forwarded-For is not believed, what a proxy writes is.
func TestOnlyTrustedProxiesSayWhereARequestCameFrom(t *testing.T) {
	list, err := parseProxies([]string{"127.0.0.1", "10.1.0.0/16", "::1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		remote    string
		forwarded []string
		want      string
	}{
		{"203.0.113.9:5000", []string{"198.51.100.1"}, "203.0.113.9:5000"},
		{"127.0.0.1:5000", []string{"198.51.100.1"}, "198.51.100.1:0"},
		{"127.0.0.1:5000", []string{"1.2.3.4, 198.51.100.1"}, "198.51.100.1:0"},
		{"127.0.0.1:5000", []string{"1.2.3.4, 198.51.100.1, 10.1.2.3"}, "198.51.100.1:0"},
		{"127.0.0.1:5000", []string{"1.2.3.4", "198.51.100.1"}, "198.51.100.1:0"},
		{"127.0.0.1:5000", nil, "127.0.0.1:0"},
		{"127.0.0.1:5000", []string{"nonsense"}, "127.0.0.1:0"},
		{"127.0.0.1:5000", []string{"198.51.100.1, nonsense"}, "127.0.0.1:0"},
		{"[::1]:5000", []string{"2001:db8::7"}, "[2001:db8::7]:0"},
		{"[::ffff:127.0.0.1]:5000", []string{"::ffff:198.51.100.1"}, "198.51.100.1:0"},
	} {
		var got string
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		for _, f := range c.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		list.behind(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr })).ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("%s, forwarded for %q: %s, want %s", c.remote, c.forwarded, got, c.want)
		}
		if r.RemoteAddr != c.remote {
			t.Errorf("the request itself was changed: %s", r.RemoteAddr)
		}
	}
	if _, err := parseProxies([]string{"proxy.example"}); err == nil {
		t.Error("a name was taken for an address")
	}
}
