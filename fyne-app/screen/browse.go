package screen

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
)

// browsePage lets one choose a folder, or a file with one of some endings.
type browsePage struct {
	app     *App
	title   string
	folder  string   // that is shown; "" for the places to begin at
	first   string   // the folder that was shown first
	places  []string // sticks and cards, and where else one may begin
	endings []string // of files; none: a folder is chosen
	chosen  func(path string)
	cancel  func()
}

func (b *browsePage) back() {
	if b.folder == b.first {
		b.cancel()
		return
	}
	b.up()
}
func (b *browsePage) leave() {}

func (b *browsePage) build() look.Object {
	say := b.app.say
	if b.folder == "" {
		return b.app.plainPage(b.title, b.cancel, b.beginnings()...)
	}
	content := []look.Object{look.NewText(b.folder, look.SizeSmall, look.Muted)}
	if len(b.endings) == 0 {
		content = append(content, look.NewButton("choose", say.Say("browse.choose"), theme.ConfirmIcon(), look.Main, func() { b.chosen(b.folder) }))
	}
	content = append(content, b.row("up", say.Say("folder.up"), theme.MoveUpIcon(), b.up))
	rows := b.rows()
	if len(rows) == 0 && len(b.endings) > 0 {
		rows = append(rows, look.NewText(say.Say("browse.empty"), look.SizeBody, look.Muted))
	}
	return b.app.plainPage(b.title, b.back, append(content, look.NewColumn(8, rows...))...)
}

// beginnings are the sticks and cards, and the person's own folder.
func (b *browsePage) beginnings() []look.Object {
	say := b.app.say
	rows := look.NewColumn(8)
	for _, place := range b.places {
		rows.Add(b.row("place:"+place, place, theme.StorageIcon(), func() { b.enter(place) }))
	}
	content := []look.Object{look.NewText(say.Say("browse.places"), look.SizeBody, look.Muted), rows}
	if len(b.places) == 0 {
		content = []look.Object{look.NewText(say.Say("browse.no_places"), look.SizeBody, look.Muted)}
	}
	again := look.NewButton("again", say.Say("browse.again"), theme.ViewRefreshIcon(), look.Quiet, func() {
		b.places = b.app.tablet.Stick.Places()
		b.app.redraw()
	})
	content = append(content, again)
	if home, err := os.UserHomeDir(); err == nil {
		content = append(content, b.row("home", say.Say("browse.other"), theme.FolderOpenIcon(), func() { b.enter(home) }))
	}
	return content
}

// rows are the folders, then the files, each by name; what is hidden stays so.
func (b *browsePage) rows() []look.Object {
	all, err := os.ReadDir(b.folder)
	if err != nil {
		return []look.Object{notice(look.Alarm, theme.ErrorIcon(), b.app.say.Say("error.other", err.Error()))}
	}
	slices.SortFunc(all, func(x, y os.DirEntry) int {
		return strings.Compare(strings.ToLower(x.Name()), strings.ToLower(y.Name()))
	})
	var folders, files []look.Object
	for _, e := range all {
		name, path := e.Name(), filepath.Join(b.folder, e.Name())
		switch {
		case strings.HasPrefix(name, ".") || len(folders)+len(files) >= mostFiles:
		case isFolder(path):
			folders = append(folders, b.row("folder:"+name, name, theme.FolderIcon(), func() { b.enter(path) }))
		case slices.Contains(b.endings, strings.ToLower(filepath.Ext(name))):
			files = append(files, b.row("file:"+name, name, theme.FileIcon(), func() { b.chosen(path) }))
		}
	}
	return append(folders, files...)
}

// isFolder follows links.
func isFolder(path string) bool {
	i, err := os.Stat(path)
	return err == nil && i.IsDir()
}

func (b *browsePage) row(tag, text string, icon fyne.Resource, tapped func()) look.Object {
	content := look.NewRow(12, 1, look.NewIcon(icon, 26, look.Brand), look.NewText(text, look.SizeBody, look.Ink))
	return look.NewTile(tag, text, look.Plain, content, tapped)
}

func (b *browsePage) enter(folder string) {
	b.folder = folder
	b.app.redraw()
}

// up goes to the folder above, and from a place to begin at to all of them.
func (b *browsePage) up() {
	above := filepath.Dir(b.folder)
	if above == b.folder || slices.Contains(b.places, b.folder) {
		above = ""
	}
	b.enter(above)
}
