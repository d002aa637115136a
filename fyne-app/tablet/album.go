package tablet

import (
	"encoding/json"
	"fmt"
	"image"
	"io"
	"mime"
	"path"
	"strings"

	"vereda/survey/photo"
	"vereda/survey/record"
	"vereda/survey/store"
)

// album keeps pictures in the store. A picture's name says its content: the same picture twice is kept once.
type album struct{ store *store.Store }

// settingPicture begins the settings that say which file a picture's name means.
const settingPicture = "picture/"

// Add copies a picture and returns the name by which answers refer to it.
func (a album) Add(name string, r io.Reader) (string, error) {
	ending := strings.ToLower(path.Ext(name))
	kind := mime.TypeByExtension(ending)
	if kind == "" {
		kind = "application/octet-stream"
	}
	m, err := a.store.PutMedia(kind, r)
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	kept := m.SHA256.String() + ending // so that the store, too, finds the picture of an answer
	return kept, a.store.SetSetting(settingPicture+kept, b)
}

// Media describes a picture.
func (a album) Media(name string) (record.Media, error) {
	var m record.Media
	b, err := a.store.Setting(settingPicture + name)
	if err != nil {
		return m, fmt.Errorf("picture %s: %w", name, err)
	}
	return m, json.Unmarshal(b, &m)
}

// Picture reads a picture and turns it upright. One that is too large to be shown is kept and sent all the same.
func (a album) Picture(name string) (image.Image, error) {
	m, err := a.Media(name)
	if err != nil {
		return nil, err
	}
	file, err := a.store.Media(m.SHA256)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, photo.MostBytes))
	if err != nil {
		return nil, err
	}
	return photo.Decode(b, 0)
}
