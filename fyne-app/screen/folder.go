package screen

import (
	"os"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/record"
)

// settingFolder is where a file was picked last.
const settingFolder = "picture-folder"

// mostFiles is how many files of a folder are listed.
const mostFiles = 200

// folderPage picks a file in a folder, on desktops; tablets bring a picker of their own.
type folderPage struct {
	of     *interviewPage
	path   record.Path
	folder fyne.URI
}

// newFolderPage begins in the folder of the last file, or at home.
func newFolderPage(of *interviewPage, path record.Path) *folderPage {
	f := &folderPage{of: of, path: path}
	if last, err := of.app.tablet.Memory.Setting(settingFolder); err == nil {
		f.folder = storage.NewFileURI(string(last))
		if ok, err := storage.CanList(f.folder); ok && err == nil {
			return f
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = string(os.PathSeparator)
	}
	f.folder = storage.NewFileURI(home)
	return f
}

func (f *folderPage) language() string { return f.of.language() }
func (f *folderPage) back()            { f.of.app.show(f.of) }
func (f *folderPage) leave()           {}

func (f *folderPage) build() look.Object {
	say := f.of.app.say
	content := []look.Object{look.NewText(f.folder.Path(), look.SizeSmall, look.Muted)}
	if parent, err := storage.Parent(f.folder); err == nil {
		content = append(content, f.row("up", say.Say("folder.up"), theme.MoveUpIcon(), func() { f.enter(parent) }))
	}
	rows := f.rows()
	if len(rows) == 0 {
		empty := "folder.empty.files"
		if f.pictures() {
			empty = "folder.empty"
		}
		rows = append(rows, look.NewText(say.Say(empty), look.SizeBody, look.Muted))
	}
	content = append(content, look.NewColumn(8, rows...))
	title := "file.title"
	if f.pictures() {
		title = "field.picture.pick"
	}
	return f.of.app.plainPage(say.Say(title), f.back, content...)
}

// pictures reports whether a picture is sought.
func (f *folderPage) pictures() bool {
	t := f.of.typeAt(f.path)
	return t == form.TypeImage || t == form.TypeBarcode
}

// wanted reports whether a file may be picked.
func (f *folderPage) wanted(file fyne.URI) bool {
	list := endings[f.of.typeAt(f.path)]
	return list == nil || slices.Contains(list, strings.ToLower(file.Extension()))
}

// rows are the folders, then the files that can be picked, each by name; what is hidden stays so.
func (f *folderPage) rows() []look.Object {
	all, err := storage.List(f.folder)
	if err != nil {
		return []look.Object{notice(look.Alarm, theme.ErrorIcon(), f.of.app.say.Say("error.other", err.Error()))}
	}
	slices.SortFunc(all, func(a, b fyne.URI) int { return strings.Compare(strings.ToLower(a.Name()), strings.ToLower(b.Name())) })
	icon := theme.FileIcon()
	if f.pictures() {
		icon = theme.FileImageIcon()
	}
	var folders, files []look.Object
	for _, file := range all {
		if strings.HasPrefix(file.Name(), ".") || len(folders)+len(files) >= mostFiles {
			continue
		}
		if ok, err := storage.CanList(file); ok && err == nil {
			folders = append(folders, f.row("folder:"+file.Name(), file.Name(), theme.FolderIcon(), func() { f.enter(file) }))
		} else if f.wanted(file) {
			files = append(files, f.row("file:"+file.Name(), file.Name(), icon, func() { f.take(file) }))
		}
	}
	return append(folders, files...)
}

func (f *folderPage) row(tag, text string, icon fyne.Resource, tapped func()) look.Object {
	content := look.NewRow(12, 1, look.NewIcon(icon, 26, look.Brand), look.NewText(text, look.SizeBody, look.Ink))
	return look.NewTile(tag, text, look.Plain, content, tapped)
}

func (f *folderPage) enter(folder fyne.URI) {
	f.folder = folder
	f.of.app.redraw()
}

// take copies a file and goes back to the question.
func (f *folderPage) take(file fyne.URI) {
	in, err := storage.Reader(file)
	if err != nil {
		f.of.app.complain(err)
		return
	}
	defer in.Close()
	f.of.app.remember(settingFolder, f.folder.Path())
	f.of.app.show(f.of)
	f.of.picked(f.path, in)
}
