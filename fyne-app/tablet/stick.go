package tablet

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"vereda/fyne-app/screen"
	"vereda/survey/store"
	"vereda/sync/stick"
)

// settingStick is the store's setting that tells what was written on a stick last: screen.StickWritten as JSON.
const settingStick = "stick-last"

// carrier writes on sticks and reads from them.
type carrier struct{ tablet *Tablet }

// Places are the folders where systems show sticks and cards. Some that are listed may hold none.
func (c carrier) Places() (all []string) {
	patterns := map[string][]string{
		"android": {"/storage/*-*"},
		"linux":   {"/media/*/*", "/run/media/*/*"},
		"darwin":  {"/Volumes/*"},
		"windows": {"D:\\", "E:\\", "F:\\", "G:\\", "H:\\", "I:\\"},
	}[runtime.GOOS]
	for _, p := range patterns {
		found, err := filepath.Glob(p)
		if err != nil {
			continue
		}
		for _, folder := range found {
			if i, err := os.Stat(folder); err == nil && i.IsDir() {
				all = append(all, folder)
			}
		}
	}
	slices.Sort(all)
	return all
}

// Last tells what was written last.
func (c carrier) Last() (w screen.StickWritten, ok bool) {
	b, err := c.tablet.store.Setting(settingStick)
	return w, err == nil && json.Unmarshal(b, &w) == nil
}

// Write writes in the background.
func (c carrier) Write(folder string, progress func(screen.StickStep), done func(screen.StickWritten, error)) {
	go func() {
		w, err := c.write(folder, progress)
		fyne.Do(func() { done(w, stickError(err)) })
	}()
}

func (c carrier) write(folder string, progress func(screen.StickStep)) (w screen.StickWritten, err error) {
	t, err := c.open(progress)
	if err != nil {
		return w, err
	}
	author := store.Author{Device: string(c.tablet.key.ID()), By: c.tablet.name(), At: time.Now()}
	if _, err := c.tablet.store.Back(author, true); err != nil && !errors.Is(err, store.ErrFull) {
		return w, err
	}
	did, err := t.Write(stick.Disk(folder))
	if err != nil {
		return w, err
	}
	w = screen.StickWritten{Interviews: did.Interviews, Photos: did.Media, Folder: folder, At: time.Now()}
	b, err := json.Marshal(w)
	if err == nil && did.Interviews > 0 {
		_ = c.tablet.store.SetSetting(settingStick, b) // it is only shown
	}
	return w, err
}

// open returns what writes and reads for this tablet.
func (c carrier) open(progress func(screen.StickStep)) (stick.Tablet, error) {
	m, ok := c.tablet.membership()
	if !ok {
		return stick.Tablet{}, &screen.StickError{Code: "alone"}
	}
	t, err := stick.NewTablet(m, c.tablet.store, store.ErrNotFound, time.Now)
	t.Renewed = c.tablet.renewAt(m)
	t.Told = func(s stick.Step) {
		fyne.Do(func() { progress(screen.StickStep{Done: s.Done, Total: s.Total}) })
	}
	return t, err
}

// Read reads in the background.
func (c carrier) Read(folder string, progress func(screen.StickStep), done func(screen.StickRead, error)) {
	go func() {
		r, err := c.read(folder, progress)
		fyne.Do(func() { done(r, stickError(err)) })
	}()
}

func (c carrier) read(folder string, progress func(screen.StickStep)) (r screen.StickRead, err error) {
	t, err := c.open(progress)
	if err != nil {
		return r, err
	}
	before, err := c.tablet.store.Journey(time.Time{})
	if err != nil {
		return r, err
	}
	a, err := t.Read(stick.Disk(folder))
	if err != nil {
		return r, err
	}
	after, err := c.tablet.store.Journey(time.Time{})
	r = screen.StickRead{Collectors: a.Collectors, News: a.Received, Damaged: len(a.Damaged), Central: max(0, after.Central-before.Central)}
	c.tablet.courier.tell(c.tablet.courier.counted(c.tablet.courier.Sync()))
	return r, err
}

// stickError says what a person can do about an error.
func stickError(err error) error {
	var folder *stick.FolderError
	if errors.As(err, &folder) {
		return &screen.StickError{Code: string(folder.Reason), Detail: folder.Err.Error()}
	}
	return err
}
