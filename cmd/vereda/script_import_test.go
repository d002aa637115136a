package main

import (
	"archive/zip"
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
)

// hiddenAsked is a batch, or a list of what lies on a stick, that the page offers an answer to.
var hiddenAsked = regexp.MustCompile(`name="(batch|list)" value="([^"]+)"`)

// uploadTo imports files on the dashboard of the script's collector, as its administrator, and unpacks the answers into a folder: upload DIR FILE…; of
// a folder all files in it.
func uploadTo(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: upload DIR FILE...")
	}
	jar, err := cookiejar.New(nil)
	ts.Check(err)
	client, address := &http.Client{Jar: jar}, ts.Getenv("ADDRESS")
	post := func(path, kind string, body io.Reader) []byte {
		r, err := http.NewRequest("POST", address+path, body)
		ts.Check(err)
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Origin", address)
		answer, err := client.Do(r)
		ts.Check(err)
		defer answer.Body.Close()
		b, err := io.ReadAll(answer.Body)
		ts.Check(err)
		if answer.StatusCode != http.StatusOK {
			ts.Fatalf("%s: %s", path, answer.Status)
		}
		return b
	}
	form := func(v url.Values) (string, io.Reader) {
		return "application/x-www-form-urlencoded", bytes.NewBufferString(v.Encode())
	}
	kind, body := form(url.Values{"name": {"admin"}, "password": {ts.Getenv("PASSWORD")}})
	post("/login", kind, body)
	var upload bytes.Buffer
	w := multipart.NewWriter(&upload)
	for _, name := range within(ts, args[1:]) {
		b, err := os.ReadFile(name)
		ts.Check(err)
		part, err := w.CreateFormFile("batch", filepath.Base(name))
		ts.Check(err)
		part.Write(b)
	}
	ts.Check(w.Close())
	answers := url.Values{}
	for _, m := range hiddenAsked.FindAllSubmatch(post("/import", w.FormDataContentType(), &upload), -1) {
		answers.Add(string(m[1]), string(m[2]))
	}
	kind, body = form(answers)
	unpack(ts, post("/import/answers", kind, body), ts.MkAbs(args[0]))
}

// within returns the paths of files, and of those in folders.
func within(ts *testscript.TestScript, names []string) (all []string) {
	for _, name := range names {
		path := ts.MkAbs(name)
		inside, err := os.ReadDir(path)
		if err != nil {
			all = append(all, path)
		}
		for _, f := range inside {
			all = append(all, filepath.Join(path, f.Name()))
		}
	}
	return all
}

func unpack(ts *testscript.TestScript, packed []byte, dir string) {
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	ts.Check(err)
	ts.Check(os.CopyFS(dir, z))
}
