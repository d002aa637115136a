//go:build e2e

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
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
	b.expect("no coinciden")
	b.login("admin", c.password)
	b.expect("24")
	b.expect("conflictos")
	b.picture("dashboard-overview")

	for lang, heading := range map[string]string{"pt": "Entrevistas", "fr": "Entretiens", "en": "Interviews", "ht": "Entèvyou", "es": "Entrevistas"} {
		b.visit(c.address + "/interviews?lang=" + lang)
		b.expect(heading)
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
	if len(b.outside) > 0 {
		t.Errorf("pages asked for something from elsewhere: %v", b.outside)
	}
}

// browser is a headless Chromium.
type browser struct {
	t       *testing.T
	ctx     context.Context
	outside []string // what pages asked for that is not of this machine
}

func startBrowser(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	b := &browser{t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, func(event any) {
		if r, ok := event.(*network.EventRequestWillBeSent); ok && !strings.HasPrefix(r.Request.URL, "http://127.0.0.1:") && !strings.HasPrefix(r.Request.URL, "data:") {
			b.outside = append(b.outside, r.Request.URL)
		}
	})
	b.do(network.Enable())
	return b
}

func (b *browser) do(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if err := chromedp.Run(ctx, actions...); err != nil {
		var text string
		chromedp.Run(b.ctx, chromedp.Text("body", &text, chromedp.ByQuery))
		b.t.Fatalf("%v; the page says:\n%s", err, text)
	}
}

func (b *browser) visit(url string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url))
}

// login fills the form. Submitting loads another page, or the same with a sentence.
func (b *browser) login(name, password string) {
	b.t.Helper()
	b.do(
		chromedp.SetValue(`input[name=name]`, name, chromedp.ByQuery),
		chromedp.SetValue(`input[name=password]`, password, chromedp.ByQuery),
	)
	b.click("main form button")
}

// click clicks and waits for the page behind.
func (b *browser) click(selector string) {
	b.t.Helper()
	loaded := make(chan struct{}, 1)
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	chromedp.ListenTarget(ctx, func(event any) {
		if _, ok := event.(*page.EventLoadEventFired); ok {
			select {
			case loaded <- struct{}{}:
			default:
			}
		}
	})
	b.do(chromedp.Click(selector, chromedp.ByQuery))
	select {
	case <-loaded:
	case <-time.After(patience):
		b.t.Fatalf("nothing was loaded after a click on %s", selector)
	}
}

// expect checks that the page says something.
func (b *browser) expect(s string) {
	b.t.Helper()
	var text string
	b.do(chromedp.Text("body", &text, chromedp.ByQuery))
	if !strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
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
	var png []byte
	b.do(chromedp.CaptureScreenshot(&png))
	if err := os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
