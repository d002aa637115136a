// Package looktest finds the widgets of a window by their tags, and taps and types into them as a person does.
package looktest

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"vereda/fyne-app/look"
)

// Each calls f with the visible objects at and below o, until f returns false.
func Each(o look.Object, f func(look.Object) bool) bool {
	if o == nil || !o.Visible() {
		return true
	}
	if !f(o) {
		return false
	}
	for _, part := range parts(o) {
		if !Each(part, f) {
			return false
		}
	}
	return true
}

func parts(o look.Object) []look.Object {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case *container.Scroll:
		return []look.Object{o.Content}
	case look.Parent:
		return o.Parts()
	}
	return nil
}

// Find returns the visible object with a tag at or below o; nil when there is none.
func Find(o look.Object, tag string) look.Object {
	var found look.Object
	Each(o, func(o look.Object) bool {
		if t, ok := o.(look.Tagged); ok && t.Tag() == tag {
			found = o
		}
		return found == nil
	})
	return found
}

// Root returns what a person can reach in a window: a pop-up alone while one is open.
func Root(w fyne.Window) look.Object {
	if top := w.Canvas().Overlays().Top(); top != nil {
		return top
	}
	return w.Content()
}

// Tap taps what has a tag.
func Tap(t testing.TB, w fyne.Window, tag string) {
	t.Helper()
	o, ok := Find(Root(w), tag).(fyne.Tappable)
	if !ok {
		t.Fatalf("nothing to tap is called %q; there are %v", tag, Tags(w))
	}
	test.Tap(o)
}

// Type types into the box with a tag.
func Type(t testing.TB, w fyne.Window, tag, text string) {
	t.Helper()
	o, ok := Find(Root(w), tag).(fyne.Focusable)
	if !ok {
		t.Fatalf("no box is called %q; there are %v", tag, Tags(w))
	}
	w.Canvas().Focus(o)
	for _, r := range text {
		o.TypedRune(r)
	}
}

// Tags returns the tags of all that is visible.
func Tags(w fyne.Window) []string {
	var tags []string
	Each(Root(w), func(o look.Object) bool {
		if t, ok := o.(look.Tagged); ok && t.Tag() != "" {
			tags = append(tags, t.Tag())
		}
		return true
	})
	return tags
}

// Under returns the tags that begin with a prefix, without it, each once, in order.
func Under(w fyne.Window, prefix string) []string {
	var list []string
	for _, tag := range Tags(w) {
		if rest, ok := strings.CutPrefix(tag, prefix); ok && !slices.Contains(list, rest) {
			list = append(list, rest)
		}
	}
	return list
}

// Says reports whether a text is visible, whole or as a part of one.
func Says(w fyne.Window, words string) bool {
	return !Each(Root(w), func(o look.Object) bool {
		switch o := o.(type) {
		case *look.Text:
			return !strings.Contains(o.Words(), words)
		case *look.Tile:
			return !strings.Contains(o.Text(), words)
		}
		return true
	})
}

// Enabled reports whether what has a tag can be tapped.
func Enabled(w fyne.Window, tag string) bool {
	d, ok := Find(Root(w), tag).(interface{ Disabled() bool })
	return ok && !d.Disabled()
}

// Chosen reports whether the choice with a tag is chosen.
func Chosen(w fyne.Window, tag string) bool {
	c, ok := Find(Root(w), tag).(interface{ Chosen() bool })
	return ok && c.Chosen()
}

// Written returns what stands in the box with a tag.
func Written(w fyne.Window, tag string) string {
	if b, ok := Find(Root(w), tag).(interface{ Written() string }); ok {
		return b.Written()
	}
	return ""
}
