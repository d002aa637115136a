package form

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"vereda/survey/record"
	"vereda/survey/xpath"
)

// Use says what a form needs a file for.
type Use string

// The uses of files.
const (
	UseData  Use = "data"  // choices and tables that expressions read: .csv, .xml, .geojson
	UseImage Use = "image" // a picture shown with a question or a choice
	UseAudio Use = "audio" // a sound played with a question or a choice
	UseVideo Use = "video" // a film shown with a question or a choice
	UseOther Use = "file"  // a document that a question has as its default
)

// File is a file that comes with a form, beside its workbook.
type File struct {
	Name     string // without folders: "towns.csv"
	Use      Use
	Required bool // the answers would differ without it; what is only shown or played is not required
}

// Files returns the files that the form needs, data first, each once, by name. The answers of the interview before are no file of the form. Names that show
// answers are known only in an interview and are left out.
func (f *Form) Files() []File {
	var files []File
	seen := map[string]bool{}
	add := func(name string, use Use) {
		if name = path.Base(strings.ReplaceAll(name, `\`, "/")); name != "." && name != "/" && !seen[name] {
			seen[name] = true
			files = append(files, File{name, use, use == UseData})
		}
	}
	for id, name := range f.External {
		if id != LastSavedID {
			add(name, UseData)
		}
	}
	for _, i := range f.order {
		for _, e := range i.expressions() {
			addTables(e.expr, add)
		}
		addMedia(i.Media, add)
		if name := i.Columns["default"]; name != "" && i.KindOf() == record.File {
			add(name, fileUses[i.Type])
		}
	}
	for _, a := range f.Actions {
		addTables(a.Value, add)
	}
	for _, name := range sortedKeys(f.Lists) {
		for _, c := range f.Lists[name].Choices {
			addMedia(c.Media, add)
		}
	}
	slices.SortFunc(files, func(a, b File) int {
		if a.Required != b.Required {
			if a.Required {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return files
}

// pulled finds the tables that an expression reads with pulldata(); a name that is calculated is not found.
var pulled = regexp.MustCompile(`pulldata\s*\(\s*(?:'([^']+)'|"([^"]+)")`)

func addTables(e *xpath.Expr, add func(string, Use)) {
	if e == nil || !strings.Contains(e.String(), "pulldata") {
		return
	}
	for _, m := range pulled.FindAllStringSubmatch(e.String(), -1) {
		add(strings.TrimSuffix(m[1]+m[2], ".csv")+".csv", UseData)
	}
}

// mediaUses are the uses of what columns media::image and such name.
var mediaUses = map[string]Use{"image": UseImage, "big-image": UseImage, "audio": UseAudio, "video": UseVideo}

// fileUses are the uses of files that a question begins with in other tools.
var fileUses = map[Type]Use{TypeImage: UseImage, TypeAudio: UseAudio, TypeVideo: UseVideo, TypeFile: UseOther}

func addMedia(media map[string]Text, add func(string, Use)) {
	for _, kind := range sortedKeys(media) {
		text := media[kind]
		for _, language := range text.Languages() {
			if parts := text.In(language, language); len(parts) == 1 && parts[0].Expr == nil {
				add(parts[0].Words, mediaUses[kind])
			}
		}
	}
}
