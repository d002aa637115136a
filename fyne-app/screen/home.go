package screen

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"github.com/google/uuid"

	"vereda/fyne-app/icon"
	"vereda/fyne-app/look"
	"vereda/survey/store"
)

// rowsAtOnce is how many interviews the list shows before one asks for more.
const rowsAtOnce = 30

// parts are the parts of the list, in the order of an interview's life: each is called by the first of its states.
var parts = [][]store.State{
	{store.Draft, store.Handed}, {store.Finalized}, {store.Relayed}, {store.Sent, store.Approved}, {store.Returned, store.Refused},
}

// partOf returns the part of the list that interviews of a state are in.
func partOf(s store.State) store.State {
	for _, part := range parts {
		if slices.Contains(part, s) {
			return part[0]
		}
	}
	return s
}

// home is the list of interviews.
type home struct {
	app   *App
	state store.State // the part that is shown; "": all
	rows  int
	calls int  // households to visit that are shown
	shown Sync // as the list says it
	all   []store.Interview

	offered map[string]string // the newest version of each form; nil: not read yet
	photos  map[uuid.UUID]int // attachments that the centre lacks; nil: not counted yet
}

func newHome(a *App) *home { return &home{app: a, rows: rowsAtOnce, calls: callsAtOnce} }

func (h *home) back() {
	if d, ok := fyne.CurrentApp().Driver().(interface{ GoBack() }); ok {
		d.GoBack()
	}
}
func (h *home) leave() {}

// synced shows the list anew: interviews may have left for the collector.
func (h *home) synced() {
	now := h.app.sync
	now.Next, now.Remaining = time.Time{}, 0 // the list does not say it
	if now == h.shown {
		return
	}
	h.shown = now
	h.app.renew()
}

func (h *home) build() look.Object {
	h.photos = nil
	say := h.app.say
	var trouble look.Object
	all, err := h.app.tablet.Shelf.Interviews()
	if err != nil {
		trouble = notice(look.Alarm, theme.ErrorIcon(), say.Say("error.other", err.Error()))
	}
	h.all, h.offered = all, nil
	settings := look.NewIconButton("settings", say.Say("settings"), theme.SettingsIcon(), look.OnBrand, func() { h.app.show(&settingsPage{app: h.app}) })
	start := look.NewButton("new", say.Say("home.new"), theme.ContentAddIcon(), look.Main, h.begin)
	column := look.NewColumn(14, start, h.tiles(), h.syncCard())
	if trouble != nil {
		column.Add(trouble)
	}
	for _, o := range h.visits() {
		column.Add(o)
	}
	for _, o := range h.list() {
		column.Add(o)
	}
	return container.NewBorder(bar(h.title(), look.NewInset(6, 0, logo()), settings), nil, nil, nil, look.NewBody(look.NewPage(margin, 16, column)))
}

// logo is the app's icon in the bar.
func logo() look.Object {
	i := canvas.NewImageFromResource(icon.Resource())
	i.FillMode = canvas.ImageFillContain
	i.SetMinSize(fyne.NewSquareSize(34))
	return i
}

func (h *home) title() string {
	if m, ok := h.app.tablet.Door.Member(); ok && m.Name != "" {
		return "Vereda  ·  " + m.Name
	}
	return "Vereda"
}

// tiles are the numbers of interviews in each state; tapping one shows only those.
func (h *home) tiles() look.Object {
	var tiles []look.Object
	widest := float32(0)
	for _, part := range parts {
		widest = max(widest, h.label(part[0]).Natural())
		tiles = append(tiles, h.tile(part[0], h.count(part...)))
	}
	return look.NewEvenAtLeast(8, widest+2*look.Margin, tiles...)
}

func (h *home) count(states ...store.State) (n int) {
	for _, i := range h.all {
		if slices.Contains(states, i.State) {
			n++
		}
	}
	return n
}

func (h *home) label(state store.State) *look.Text {
	return look.NewText(h.app.say.Say("home.count."+string(state)), look.SizeSmall, look.Muted).Centered()
}

func (h *home) tile(state store.State, n int) look.Object {
	face, ink := look.Card, look.Ink
	if h.state == state {
		face = look.Chosen
	}
	if state == store.Returned && n > 0 {
		ink = look.Danger
	}
	figure := look.NewBold(h.app.say.Number(int64(n)), look.SizeFigure, ink).Centered()
	label := h.label(state)
	content := look.NewColumn(0, figure, label)
	return look.NewTile("state:"+string(state), label.Words(), face, content, func() {
		if h.rows = rowsAtOnce; h.state == state {
			h.state = ""
		} else {
			h.state = state
		}
		h.app.redraw()
	})
}

// syncCard says in a sentence whether everything is sent, and leads to the sync page.
func (h *home) syncCard() look.Object {
	face, sign, text := h.app.syncWords(h.count(store.Refused))
	content := look.NewRow(12, 1, look.NewIcon(sign, 26, face.Ink), look.NewText(text, look.SizeBody, face.Ink), look.NewIcon(theme.NavigateNextIcon(), 24, face.Ink))
	return look.NewTile("sync", text, face, content, func() {
		if h.app.sync.Phase == Alone {
			h.app.Join()
			return
		}
		h.app.show(newSyncPage(h.app))
	})
}

func (h *home) list() []look.Object {
	say := h.app.say
	var rows []look.Object
	more := false
	for _, i := range h.all {
		if h.state != "" && partOf(i.State) != h.state {
			continue
		}
		if more = len(rows) == h.rows; more {
			break
		}
		rows = append(rows, h.row(i))
	}
	title := "home.list.all"
	if h.state != "" {
		title = "home.list." + string(h.state)
	}
	if len(rows) == 0 {
		return []look.Object{heading(say.Say(title)), look.NewText(say.Say("home.empty"), look.SizeBody, look.Muted)}
	}
	list := []look.Object{heading(say.Say(title)), look.NewColumn(8, rows...)}
	if more {
		list = append(list, look.NewButton("more", say.Say("home.more"), nil, look.Bare, func() { h.rows += rowsAtOnce; h.app.redraw() }))
	}
	return list
}

// stateLook is how a state looks in the list.
func stateLook(s store.State) (look.Face, fyne.Resource) {
	switch s {
	case store.Finalized:
		return look.Warning, theme.MailSendIcon()
	case store.Relayed:
		return look.Quiet, theme.UploadIcon()
	case store.Sent, store.Approved:
		return look.Reassure, theme.ConfirmIcon()
	case store.Returned:
		return look.Alarm, theme.MailReplyIcon()
	case store.Refused:
		return look.Alarm, theme.WarningIcon()
	}
	return look.Plain, theme.DocumentCreateIcon()
}

func (h *home) row(i store.Interview) look.Object {
	say := h.app.say
	name := i.Name
	if name == "" {
		name = say.Say("home.nameless")
	}
	state := say.Say("state." + string(i.State))
	if i.State == store.Draft {
		state = say.Say("home.answered", i.Answered)
	}
	detail := state + "  ·  " + h.app.when(i.Changed)
	face, sign := stateLook(i.State)
	words := look.NewColumn(2, look.NewBold(name, look.SizeBody, look.Ink), look.NewText(detail, look.SizeSmall, look.Muted))
	if h.outdated(i) {
		words.Add(look.NewText(say.Say("home.newer"), look.SizeSmall, look.Brand))
	}
	if photos := h.photosOf(i); photos != "" {
		words.Add(look.NewText(photos, look.SizeSmall, look.Muted))
	}
	if first := h.app.commentsOn(i).first(); first != "" {
		words.Add(look.NewText(first, look.SizeSmall, look.Danger))
	}
	content := look.NewRow(12, 1, look.NewIcon(sign, 26, face.Ink), words, look.NewIcon(theme.NavigateNextIcon(), 22, look.Muted))
	return look.NewTile("interview:"+i.ID.String(), name, look.Card, content, func() { h.open(i) })
}

func (h *home) open(i store.Interview) {
	switch i.State {
	case store.Draft:
		h.app.resume(i)
		return
	case store.Handed:
		h.app.reopen(i)
		return
	}
	h.app.show(&donePage{app: h.app, info: i})
}

// begin starts an interview; with several forms, one chooses first.
func (h *home) begin() {
	offers, err := h.app.tablet.Questionnaires.Offered()
	switch {
	case err != nil:
		h.app.complain(err)
	case len(offers) == 1:
		h.app.begin(offers[0])
	default:
		h.app.show(&formsPage{app: h.app, offers: offers})
	}
}
