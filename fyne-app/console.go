package main

import (
	"bytes"
	"io"
	"log"
	"os"
	"runtime"
	"slices"
)

// locale returns the system's language as the environment gives it; "" when it gives none.
func locale() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if l := os.Getenv(name); l != "" {
			return l
		}
	}
	return ""
}

// prepare keeps the toolkit from complaining about what is no fault. It must be called before the app is made.
//
// A locale that names no language ("C.UTF-8") is one that the toolkit cannot parse: it gets that of the app's first language.
// Where no Wayland runs, its library would say so. And where no desktop bus runs, the toolkit cannot be told that
// the desktop went dark, which the app does not follow anyway.
func prepare() {
	if l := locale(); !named(l) {
		for _, name := range []string{"LC_ALL", "LC_MESSAGES"} {
			os.Unsetenv(name)
		}
		os.Setenv("LANG", "es_ES.UTF-8")
	}
	if runtime.GOOS == "linux" && os.Getenv("WAYLAND_DISPLAY") == "" && os.Getenv("XDG_SESSION_TYPE") == "" {
		os.Setenv("XDG_SESSION_TYPE", "x11")
	}
	if cache, err := os.UserCacheDir(); err == nil {
		os.MkdirAll(cache, 0o700) // the toolkit complains where a new user has none yet
	}
	log.SetOutput(&quiet{to: os.Stderr})
}

// named reports whether a locale names a language.
func named(l string) bool {
	return len(l) > 1 && l != "POSIX" && l[0] != 'C'
}

// noise is what the toolkit reports that is no fault of anybody's: that there is no desktop bus, and that it saw its own file of
// preferences, which this app does not use, while it was writing it.
var noise = [][]byte{[]byte("failed to watch theme settings"), []byte("Preferences load error")}

// quiet passes on a log without the noise; a report is a line and its details.
type quiet struct {
	to   io.Writer
	skip bool
}

func (q *quiet) Write(line []byte) (int, error) {
	switch {
	case bytes.Contains(line, []byte("Fyne error:")):
		q.skip = slices.ContainsFunc(noise, func(n []byte) bool { return bytes.Contains(line, n) })
	case !bytes.Contains(line, []byte("  Cause:")) && !bytes.Contains(line, []byte("  At:")):
		q.skip = false
	}
	if q.skip {
		return len(line), nil
	}
	return q.to.Write(line)
}
