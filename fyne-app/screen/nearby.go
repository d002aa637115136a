package screen

import (
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
)

// Nearby finds collectors on the network of this place. done is called on the main goroutine.
type Nearby interface {
	Look(done func([]Neighbour, error))
}

// NeighbourState says what a collector that was found has proved.
type NeighbourState string

// The states. They are also the ends of the keys of the texts that say them.
const (
	Checked  NeighbourState = "send"     // it proved to be of this project
	Foreign  NeighbourState = "foreign"  // it says itself that it is of another one
	Unproven NeighbourState = "unproven" // it says it is of this project, and cannot prove it
	Silent   NeighbourState = "silent"   // it does not answer
)

// Neighbour is a collector that was found. Send makes the courier go there, once; only what is Checked is sent to.
type Neighbour struct {
	Name, Address string
	State         NeighbourState
	Send          func()
}

// nearbyPage lists the collectors that are near, and sends to one.
type nearbyPage struct {
	app     *App
	looking bool
	found   []Neighbour
	failure string
}

func newNearby(a *App) *nearbyPage {
	n := &nearbyPage{app: a}
	n.look()
	return n
}

func (n *nearbyPage) back()  { n.app.show(newSyncPage(n.app)) }
func (n *nearbyPage) leave() {}

func (n *nearbyPage) build() look.Object {
	say := n.app.say
	content := []look.Object{look.NewText(say.Say("nearby.intro"), look.SizeBody, look.Ink)}
	rows := look.NewColumn(10)
	for _, one := range n.found {
		rows.Add(n.row(one))
	}
	switch {
	case n.failure != "":
		content = append(content, notice(look.Alarm, theme.ErrorIcon(), n.failure))
	case n.looking:
		content = append(content, notice(look.Quiet, theme.SearchIcon(), say.Say("nearby.searching")))
	case len(n.found) == 0:
		content = append(content, notice(look.Warning, theme.InfoIcon(), say.Say("nearby.none")))
	}
	again := look.NewButton("again", say.Say("nearby.again"), theme.ViewRefreshIcon(), look.Quiet, func() {
		n.look()
		n.app.redraw()
	})
	again.Disable(n.looking)
	return n.app.plainPage(say.Say("nearby.open"), n.back, append(content, rows, again)...)
}

// row is one collector: a button for one that is checked, a sentence for others.
func (n *nearbyPage) row(one Neighbour) look.Object {
	text := n.app.say.Say("nearby."+string(one.State), n.app.called(one.Name))
	address := look.NewText(one.Address, look.SizeSmall, look.Muted)
	switch one.State {
	case Checked:
		send := look.NewButton("send:"+one.Address, text, theme.UploadIcon(), look.Main, func() {
			one.Send()
			n.back()
		})
		return look.NewColumn(4, send, address)
	case Unproven:
		return look.NewColumn(4, notice(look.Alarm, theme.WarningIcon(), text), address)
	}
	return look.NewColumn(4, notice(look.Card, theme.InfoIcon(), text), address)
}

func (n *nearbyPage) look() {
	n.looking, n.failure = true, ""
	n.app.tablet.Nearby.Look(func(found []Neighbour, err error) {
		n.looking, n.found = false, found
		if err != nil && len(found) == 0 {
			n.failure = n.app.say.Say("error.other", err.Error())
		}
		if n.app.page == n {
			n.app.renew()
		}
	})
}
