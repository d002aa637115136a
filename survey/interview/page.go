package interview

import (
	"vereda/survey/form"
	"vereda/survey/record"
)

// Page is what is shown at once: one question, the questions of a field-list group, or a repeat's list of instances.
type Page struct {
	Path  record.Path // of the question, the field-list group's, or the repeat
	Item  *form.Item
	Items []record.Path // questions on the page that are relevant now, in order; groups in between are headings
}

// Lists reports whether the page is a repeat's list of instances, where they are added and removed.
func (p Page) Lists() bool { return p.Item.Kind == form.Repeat && !p.Path.IsInstance() }

// Pages returns the pages that can be visited now, in order. A repeat without repeat_count has a page of its own after its instances' pages
// (Page.Lists), where instances are added and removed; one with repeat_count has just its instances' pages. A repeat with appearance field-list
// has one page for each instance, whose path is the instance's. Groups without a question to ask have no page.
func (s *Session) Pages() []Page {
	return s.pages(&s.root.cells[0], make([]Page, 0, 64))
}

// pages adds the pages of what lies in a group or an instance.
func (s *Session) pages(group *cell, list []Page) []Page {
	for _, item := range group.item.Children {
		c := &group.frame.cells[s.layout.places[item.Index].at]
		switch {
		case c.holder != nil:
			list = s.repeatPages(c, list)
		case !c.relevant:
		case item.Kind == form.Group:
			list = s.groupPages(c, list)
		case item.Type.Shown():
			list = append(list, Page{c.where(), item, []record.Path{c.where()}})
		}
	}
	return list
}

func (s *Session) groupPages(c *cell, list []Page) []Page {
	if !c.item.HasAppearance("field-list") && !c.item.HasAppearance("table-list") {
		return s.pages(c, list)
	}
	if items := s.shownBelow(c, nil); len(items) > 0 {
		list = append(list, Page{c.where(), c.item, items})
	}
	return list
}

func (s *Session) repeatPages(c *cell, list []Page) []Page {
	for _, f := range c.holder.live {
		if f.cells[0].relevant {
			list = s.groupPages(&f.cells[0], list)
		}
	}
	if c.relevant && c.item.RepeatCount == nil {
		list = append(list, Page{Path: c.where(), Item: c.item})
	}
	return list
}

// shownBelow adds the relevant questions below a group or an instance, whatever lies between.
func (s *Session) shownBelow(c *cell, items []record.Path) []record.Path {
	s.below(c, func(child *cell) {
		switch {
		case !child.relevant:
		case child.item.Kind != form.Question:
			items = s.shownBelow(child, items)
		case child.item.Type.Shown():
			items = append(items, child.where())
		}
	})
	return items
}
