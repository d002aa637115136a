package stick

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// File is a file that came without its folder.
type File struct {
	Name string
	Open func() (io.ReadCloser, error) // may be called by several goroutines at once
}

// Loose is a folder for Take, of files that came without theirs, as those that a person chooses in a browser do: what a manifest among them lists lies
// beside it again. Nothing is written there.
type Loose struct {
	files map[string]File // by where they lie now
}

// NewLoose puts files that belong to a project, or to none, where Take looks for them. What is no manifest is taken for a batch, whatever its name.
func NewLoose(project string, files []File) (*Loose, error) {
	l := &Loose{map[string]File{}}
	beside := map[string]string{} // the folder of the manifest that lists a file
	folder := func(i int) string { return path.Join(root, project, fromFolder, strconv.Itoa(i)) }
	for i, f := range files {
		if f.Name != ManifestName {
			continue
		}
		l.files[path.Join(folder(i), ManifestName)] = f
		listed, err := listedIn(f)
		if err != nil {
			return nil, err
		}
		for _, one := range listed {
			if beside[one.File] == "" {
				beside[one.File] = folder(i)
			}
		}
	}
	for i, f := range files {
		if f.Name == ManifestName {
			continue
		}
		place := path.Join(beside[f.Name], f.Name)
		if _, twice := l.files[place]; twice || !isBatchFile(f.Name) || strings.Contains(f.Name, "/") {
			place = path.Join(folder(i), ending("0"+batchEnding, strings.HasSuffix(f.Name, encryptedEnding)))
		}
		l.files[place] = f
	}
	return l, nil
}

// listedIn returns what a manifest lists, without believing it: it says only what belongs together.
func listedIn(f File) ([]listedBatch, error) {
	file, err := f.Open()
	if err != nil {
		return nil, folderFailed(err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxManifest))
	if err != nil {
		return nil, folderFailed(err)
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	var m struct {
		Batches []listedBatch `json:"batches"`
	}
	if json.Unmarshal(first, &m) != nil {
		return nil, nil // Take says what is wrong with it
	}
	return m.Batches, nil
}

// Called returns under which name the file came that lies there; the end of the place's own name where none does.
func (l *Loose) Called(place string) string {
	if f, there := l.files[place]; there {
		return f.Name
	}
	return path.Base(place)
}

// List lists a folder.
func (l *Loose) List(name string) (files, folders []string, err error) {
	for place := range l.files {
		rest, inside := place, true
		if name != "" {
			rest, inside = strings.CutPrefix(place, name+"/")
		}
		if !inside {
			continue
		}
		if first, _, deeper := strings.Cut(rest, "/"); deeper {
			folders = append(folders, first)
		} else {
			files = append(files, first)
		}
	}
	slices.Sort(files)
	slices.Sort(folders)
	return files, slices.Compact(folders), nil
}

// Open opens a file.
func (l *Loose) Open(name string) (io.ReadCloser, error) {
	if f, there := l.files[name]; there {
		return f.Open()
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Write refuses.
func (l *Loose) Write(name string, _ func(io.Writer) error) error {
	return &fs.PathError{Op: "write", Path: name, Err: fs.ErrPermission}
}

// Remove refuses.
func (l *Loose) Remove(name string) error {
	return &fs.PathError{Op: "remove", Path: name, Err: fs.ErrPermission}
}
