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

// hiddenBatch is a batch that the page offers an answer to.
var hiddenBatch = regexp.MustCompile(`name="batch" value="([0-9a-f]{64})"`)

// uploadTo imports files on the dashboard of the script's collector, as its administrator, and unpacks the answers into a folder: upload DIR FILE…
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
	for _, name := range args[1:] {
		b, err := os.ReadFile(ts.MkAbs(name))
		ts.Check(err)
		part, err := w.CreateFormFile("batch", filepath.Base(name))
		ts.Check(err)
		part.Write(b)
	}
	ts.Check(w.Close())
	answers := url.Values{}
	for _, m := range hiddenBatch.FindAllSubmatch(post("/import", w.FormDataContentType(), &upload), -1) {
		answers.Add("batch", string(m[1]))
	}
	kind, body = form(answers)
	unpack(ts, post("/import/answers", kind, body), ts.MkAbs(args[0]))
}

func unpack(ts *testscript.TestScript, packed []byte, dir string) {
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	ts.Check(err)
	ts.Check(os.CopyFS(dir, z))
}
