// Command fyne-app is the field app: it captures interviews on a tablet, with or without a network.
//
// It only puts the parts together: the tablet's store and the way to the collector (package tablet), the pages (package screen).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"vereda/fyne-app/catalogue"
	"vereda/fyne-app/icon"
	"vereda/fyne-app/screen"
	"vereda/fyne-app/tablet"
	"vereda/fyne-app/tree"
	"vereda/survey/words"
)

// errRefused ends the app after the window has said why.
var errRefused = errors.New("the app could not start")

const appID = "org.vereda.field"

// options are what the command line says.
type options struct {
	data, invite, name, language, tree string
	size                               fyne.Size
}

func main() {
	o, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "vereda:", err)
		os.Exit(2)
	}
	prepare()
	if err := run(o); err != nil {
		if !errors.Is(err, errRefused) {
			fmt.Fprintln(os.Stderr, "vereda:", err)
		}
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	var o options
	size := "571x914"
	flags := flag.NewFlagSet("vereda-field", flag.ContinueOnError)
	flags.StringVar(&o.data, "data", "", "`folder` of the store (default: the app's own)")
	flags.StringVar(&o.invite, "invite", "", "`link` of an invitation: join its project, unless this tablet belongs to one")
	flags.StringVar(&o.name, "name", "", "`name` of the person, for -invite")
	flags.StringVar(&o.language, "lang", "", "`language` of the app: es, pt, fr, en or ht (default: chosen in the app, or the system's)")
	flags.StringVar(&size, "size", size, "size of the window in dp, `WIDTHxHEIGHT`")
	flags.StringVar(&o.tree, "tree", "", "`file` to which what can be tapped and typed into is written, for tests")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	width, height, ok := strings.Cut(size, "x")
	w, err1 := strconv.ParseFloat(width, 32)
	h, err2 := strconv.ParseFloat(height, 32)
	if !ok || err1 != nil || err2 != nil || w < 200 || h < 200 {
		return o, fmt.Errorf("-size %s is no size such as 571x914", size)
	}
	o.size = fyne.NewSize(float32(w), float32(h))
	return o, nil
}

func run(o options) error {
	c, err := catalogue.Load()
	if err != nil {
		return err
	}
	a := app.NewWithID(appID)
	a.SetIcon(icon.Resource())
	w := a.NewWindow("Vereda")
	w.Resize(o.size)
	language := first(o.language, words.Match(locale()))
	t, err := open(a, o)
	if err != nil {
		return refuse(w, c.In(language), err)
	}
	if err := joinAtStart(t, o); err != nil {
		fmt.Fprintln(os.Stderr, "vereda:", err)
	}
	s := screen.New(w, t.Ports(), c, language)
	if o.language != "" {
		s.Speak(o.language)
	}
	s.Home()
	t.Start(s.ShowSync)
	a.Lifecycle().SetOnExitedForeground(s.Leave)
	a.Lifecycle().SetOnEnteredForeground(s.Return)
	w.SetCloseIntercept(func() {
		s.Flush()
		w.Close()
	})
	if o.tree != "" {
		defer tree.Follow(w, o.tree, 100*time.Millisecond)()
	}
	w.ShowAndRun()
	return t.Close()
}

// open opens the tablet's store in the folder that the command line names, or in the app's own.
func open(a fyne.App, o options) (*tablet.Tablet, error) {
	folder := first(o.data, a.Storage().RootURI().Path())
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	return tablet.Open(folder)
}

// joinAtStart follows the invitation on the command line, unless the tablet belongs to a project already, or is locked.
func joinAtStart(t *tablet.Tablet, o options) error {
	if _, member := t.Member(); member || o.invite == "" || t.Ports().Guard.Locked() {
		return nil
	}
	return t.Enrol(context.Background(), screen.Invitation{Link: o.invite, Name: o.name})
}

// refuse says in the window why the app cannot start.
func refuse(w fyne.Window, say words.Words, err error) error {
	fmt.Fprintln(os.Stderr, "vereda:", err)
	screen.Refuse(w, say, err)
	w.ShowAndRun()
	return errRefused
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
