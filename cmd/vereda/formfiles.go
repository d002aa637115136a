package main

import (
	"context"
	"io"
	"sync"

	"vereda/survey/record"
)

// formFiles are the files that came with the forms of a project, as rules read them. Safe for concurrent use.
type formFiles struct {
	open func(context.Context, record.ID) (io.ReadSeekCloser, error) // nil: there are none

	mu    sync.Mutex
	named map[[2]string][]record.FormFile
	read  map[[2]string]map[string][]byte // those of which all files are here
}

// name notes which files a form version has.
func (f *formFiles) name(v record.FormVersion) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.named == nil {
		f.named, f.read = map[[2]string][]record.FormFile{}, map[[2]string]map[string][]byte{}
	}
	if len(v.Files) > 0 {
		f.named[[2]string{v.Form, v.Version}] = v.Files
	}
}

// of returns the files of a form version that are here, by name; shared and only read. Those that rules do not read are left out.
func (f *formFiles) of(id, version string) map[string][]byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := [2]string{id, version}
	if files := f.read[key]; files != nil || f.open == nil || len(f.named[key]) == 0 {
		return files
	}
	files, all := map[string][]byte{}, true
	for _, file := range f.named[key] {
		switch file.Type {
		case "text/csv", "application/xml", "application/geo+json":
		default:
			continue
		}
		content, err := f.open(context.Background(), file.SHA256)
		if err != nil {
			all = false
			continue
		}
		b, err := io.ReadAll(content)
		content.Close()
		if all = all && err == nil; err == nil {
			files[file.Name] = b
		}
	}
	if all {
		f.read[key] = files
	}
	return files
}
