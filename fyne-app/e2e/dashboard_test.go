//go:build e2e

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestCoordinatorLooksAtTheFieldwork logs in with a browser and reads what simulated tablets sent: the overview, a conflict, an interview with its history.
func TestCoordinatorLooksAtTheFieldwork(t *testing.T) {
	vereda, _ := build(t)
	c := startCollector(t, vereda)
	command(t, vereda, "simulate", "--server", c.address, "--data", c.data, "--devices", "3", "--interviews", "24", "--conflicts", "0.1", "--seed", "7")
	b := startBrowser(t)

	b.visit(c.address + "/?lang=es")
	b.expect("Contraseña")
	b.login("admin", "wrong password")
	b.expect("no son correctos")
	b.login("admin", c.password)
	b.expect("24")
	b.expect("conflictos")
	b.picture("dashboard-overview")

	for _, in := range []struct{ language, heading string }{{"pt", "Entrevistas"}, {"fr", "Entretiens"}, {"en", "Interviews"}, {"ht", "Entèvyou"}, {"es", "Entrevistas"}} {
		b.visit(c.address + "/interviews?lang=" + in.language)
		b.expect(in.heading)
	}
	b.visit(c.address + "/interviews?conflicts=1")
	b.click(`main tbody a[href^="/interviews/"]`)
	b.expect("A. Identificación")
	b.expect("Historia")
	b.picture("dashboard-interview")
	b.visit(c.address + "/conflicts")
	b.expect("Observaciones")
	b.visit(c.address + "/devices")
	b.expect("enum02")
	b.visit(c.address + "/downloads")
	b.expect("CSV")
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.outside) > 0 {
		t.Errorf("pages asked for something from elsewhere: %v", b.outside)
	}
}

// browser is a headless Chromium.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu      sync.Mutex
	outside []string // what pages asked for that is not of this machine
}

func startBrowser(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900), chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("Chromium is needed for this test: %v", err)
	}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	return b
}

// hear notes what pages ask for from elsewhere.
func (b *browser) hear(event any) {
	r, ok := event.(*network.EventRequestWillBeSent)
	if !ok || strings.HasPrefix(r.Request.URL, "http://127.0.0.1:") || strings.HasPrefix(r.Request.URL, "data:") {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.outside = append(b.outside, r.Request.URL)
}

// do runs actions within the test's patience.
func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("%v; the page says:\n%s", err, b.text())
	}
}

func (b *browser) visit(url string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url))
}

// login fills the form. Submitting loads another page, or the same with a sentence.
func (b *browser) login(name, password string) {
	b.t.Helper()
	b.do(chromedp.SetValue(chromedp.CSS("input[name=name]"), name), chromedp.SetValue(chromedp.CSS("input[name=password]"), password))
	b.click("main form button")
}

// click clicks and waits for the page behind.
func (b *browser) click(selector string) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		b.t.Fatalf("a click on %s: %v; the page says:\n%s", selector, err, b.text())
	}
}

func (b *browser) text() string {
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("body")))
	if err != nil {
		return err.Error()
	}
	return text
}

// expect checks that the page says something, in capitals or not.
func (b *browser) expect(s string) {
	b.t.Helper()
	if text := b.text(); !strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
		b.t.Fatalf("the page does not say %q:\n%s", s, text)
	}
}

// picture keeps a picture of the window in the folder that PICTURES names.
func (b *browser) picture(name string) {
	b.t.Helper()
	folder := os.Getenv("PICTURES")
	if folder == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}
