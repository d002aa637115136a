package screen

import (
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/field"
	"vereda/fyne-app/look"
	"vereda/survey/paradata"
	"vereda/survey/record"
)

// fillRepeat shows a repeat's instances, with a way to add one and to remove each.
func (p *interviewPage) fillRepeat() {
	say, title := p.app.say, p.textOf(p.page.Path)
	instances := p.c.session.Instances(p.page.Path)
	p.column.Add(look.NewBold(title, look.SizeQuestion, look.Ink))
	rows := look.NewColumn(8)
	for i, instance := range instances {
		rows.Add(p.instanceRow(i, instance))
	}
	if len(instances) == 0 {
		rows.Add(look.NewText(say.Say("repeat.none"), look.SizeBody, look.Muted))
	}
	p.column.Add(rows)
	p.column.Add(look.NewButton("add", say.Say("repeat.add"), theme.ContentAddIcon(), look.Quiet, p.addInstance))
	p.column.Add(look.NewText(say.Say("repeat.hint"), look.SizeSmall, look.Muted))
}

func (p *interviewPage) instanceRow(i int, instance record.Path) look.Object {
	name := p.instanceName(i, instance)
	open := look.NewTile("instance:"+string(instance.Name()), name, look.Plain, look.NewText(name, look.SizeBody, look.Ink), func() {
		p.c.did(paradata.Jump, "")
		p.openInstance(instance)
	})
	remove := look.NewIconButton("remove:"+string(instance.Name()), p.app.say.Say("repeat.remove"), theme.DeleteIcon(), look.Serious, func() {
		p.app.ask(p.app.say.Say("repeat.remove.ask", name), p.app.say.Say("repeat.remove.detail"), p.app.say.Say("repeat.remove"), look.Serious, func() {
			if err := p.c.remove(instance); err != nil {
				p.app.complain(err)
			}
		})
	})
	return look.NewRow(8, 0, open, remove)
}

// instanceName is an instance's place and its first answer in words.
func (p *interviewPage) instanceName(i int, instance record.Path) string {
	name := p.app.say.Say("repeat.instance", i+1)
	item, ok := p.form().Item(instance.Generic())
	if !ok {
		return name
	}
	for _, child := range item.Children {
		v := p.c.session.Value(instance.Join(child.Name))
		if v.Kind() == record.Text && field.Asks(child.Type) && !child.Type.Select() {
			return name + "  ·  " + v.String()
		}
	}
	return name
}

func (p *interviewPage) addInstance() {
	instance, err := p.c.add(p.page.Path)
	if err != nil {
		p.app.complain(err)
		return
	}
	p.openInstance(instance)
}

// openInstance goes to the first page of an instance.
func (p *interviewPage) openInstance(instance record.Path) {
	for _, page := range p.c.session.Pages() {
		if page.Path == instance || page.Path.Under(instance) {
			p.turn(page.Path)
			return
		}
	}
}
