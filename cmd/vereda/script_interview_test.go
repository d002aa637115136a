package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"mime"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/rogpeppe/go-internal/testscript"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// bringInterview lets a new tablet bring one finished interview with attachments to a collector's data folder: interview DIR FORM VERSION PATH=FILE...
// A file whose path ends with ? is named by the interview, and still on the way.
func bringInterview(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: interview DIR FORM VERSION PATH=FILE...")
	}
	w := &world{Context: context.Background(), out: io.Discard, err: io.Discard, now: time.Now, random: rand.Reader}
	col, err := openCollector(w, ts.MkAbs(args[0]))
	ts.Check(err)
	defer col.archive.Close()
	project, err := col.projectKey()
	ts.Check(err)
	key, err := device.NewKey(rand.Reader)
	ts.Check(err)
	certificate, err := device.Issue(project, device.Claims{Project: col.Project.ID, Device: key.Public(), Name: "Ana", Role: device.Enumerator, From: w.now(), Until: w.now().AddDate(1, 0, 0)})
	ts.Check(err)
	body := record.Body{V: 1, Interview: uuid.MustParse("019d6f3a-7c00-7abc-8def-0123456789ab"), Form: args[1], Version: args[2], Device: string(key.ID()), N: 1, At: w.now(), Final: true,
		Set: record.Answers{}, Media: map[string]record.Media{}}
	for _, one := range args[3:] {
		path, file, _ := strings.Cut(one, "=")
		content, err := os.ReadFile(ts.MkAbs(file))
		ts.Check(err)
		path, waits := strings.CutSuffix(path, "?")
		m := record.Media{SHA256: record.Entry{Body: content}.ID(), Size: int64(len(content)), Type: mime.TypeByExtension(filepath.Ext(file))}
		if !waits {
			_, err = col.archive.PutMedia(w, m.Type, bytes.NewReader(content))
			ts.Check(err)
		}
		name := m.FileName()
		body.Media[name] = m
		body.Set[record.Path(path)], err = record.New(record.File, name)
		ts.Check(err)
	}
	r, err := record.Seal(body)
	ts.Check(err)
	var sealed bytes.Buffer
	_, err = batch.Sealer{Project: col.Project.ID, Key: key, Certificate: certificate}.Seal(&sealed, []record.Entry{r.Entry()}, nil)
	ts.Check(err)
	b, err := col.opener().Open(&sealed)
	ts.Check(err)
	receipts, err := col.archive.Receive(w, b, "file")
	ts.Check(err)
	if receipts[0].Status != record.Stored {
		ts.Fatalf("%v", receipts)
	}
}
