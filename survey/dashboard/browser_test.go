package dashboard

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// browser is a person at the pages.
type browser struct {
	t      testing.TB
	client *http.Client
	url    string
}

// visitor opens a browser at new pages; nobody is logged in.
func visitor(t testing.TB, o Options) *browser {
	t.Helper()
	server := httptest.NewServer(must(New(o))(t))
	t.Cleanup(server.Close)
	return another(t, server.URL)
}

// another opens another browser at the same pages.
func another(t testing.TB, address string) *browser {
	jar := must(cookiejar.New(nil))(t)
	return &browser{t, &http.Client{Jar: jar}, address}
}

// member opens a browser and logs in.
func member(t testing.TB, o Options, name string) *browser {
	t.Helper()
	b := visitor(t, o)
	b.login(name, password)
	return b
}

func (b *browser) login(name, password string) (int, string) {
	b.t.Helper()
	return b.post("/login", url.Values{"name": {name}, "password": {password}})
}

func (b *browser) get(path string) (int, string) {
	b.t.Helper()
	return b.do(must(http.NewRequest("GET", b.url+path, nil))(b.t))
}

func (b *browser) post(path string, form url.Values) (int, string) {
	b.t.Helper()
	r := must(http.NewRequest("POST", b.url+path, strings.NewReader(form.Encode())))(b.t)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func (b *browser) do(r *http.Request) (int, string) {
	b.t.Helper()
	response := must(b.client.Do(r))(b.t)
	defer response.Body.Close()
	return response.StatusCode, string(must(io.ReadAll(response.Body))(b.t))
}

// sees fails the test when the page at a path has another status or lacks a part.
func (b *browser) sees(path string, status int, parts ...string) string {
	b.t.Helper()
	got, text := b.get(path)
	if missing := lacks(text, parts...); got != status || len(missing) > 0 {
		b.t.Errorf("%s: status %d, want %d; lacks %q", path, got, status, missing)
	}
	return text
}
