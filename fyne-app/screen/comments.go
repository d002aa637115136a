package screen

import (
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/store"
)

// comments are what coordinators said of an interview that they returned, and that nobody has answered yet.
type comments struct {
	general []string
	paths   []record.Path // of questions with comments, in the order they were written
	at      map[record.Path][]string
}

// commentsOn returns the comments on an interview; none where it did not come back.
func (a *App) commentsOn(i store.Interview) comments {
	c := comments{at: map[record.Path][]string{}}
	if i.State != store.Returned && i.State != store.Draft {
		return c
	}
	verdicts, err := a.tablet.Shelf.Returned(i.ID)
	if err != nil {
		return c // the list says what is wrong with the store
	}
	for _, v := range verdicts {
		if v.Note != "" {
			c.general = append(c.general, v.Note)
		}
		for _, comment := range v.Comments {
			if comment.Path == "" {
				c.general = append(c.general, comment.Text)
				continue
			}
			if c.at[comment.Path] == nil {
				c.paths = append(c.paths, comment.Path)
			}
			c.at[comment.Path] = append(c.at[comment.Path], comment.Text)
		}
	}
	return c
}

// first returns one of the comments, "" where there are none.
func (c comments) first() string {
	switch {
	case len(c.general) > 0:
		return c.general[0]
	case len(c.paths) > 0:
		return c.at[c.paths[0]][0]
	}
	return ""
}

// addGeneral puts what was said of the whole on the interview's first page.
func (p *interviewPage) addGeneral() {
	if len(p.comments.general) == 0 || !p.first() {
		return
	}
	for _, text := range p.comments.general {
		p.column.Add(notice(look.Warning, theme.MailReplyIcon(), text))
	}
}

// addComments puts what was said of a question above it.
func (p *interviewPage) addComments(path record.Path) {
	for _, text := range p.comments.at[path] {
		p.column.Add(notice(look.Warning, theme.MailReplyIcon(), text))
	}
}

// first reports whether this is the interview's first page.
func (p *interviewPage) first() bool {
	pages := p.c.session.Pages()
	return len(pages) > 0 && pages[0].Path == p.page.Path
}

// labelOf returns the label of a question of an interview that is not open.
func (a *App) labelOf(i store.Interview, path record.Path) string {
	f, err := a.tablet.Questionnaires.Form(i.Form, i.Version)
	if err != nil {
		return string(path)
	}
	item, ok := f.Item(path.Generic())
	history, err := a.tablet.Shelf.History(i.ID)
	if !ok || err != nil {
		return string(path)
	}
	merged := history.Merge()
	session, err := interview.Reopen(f, a.tablet.Env(), merged.Answers, merged.Derived)
	if err != nil {
		return string(path)
	}
	language := i.Language
	if language == "" {
		language = a.formLanguage(f)
	}
	if text := session.Text(item.Label, path, language); text != "" {
		return text
	}
	return string(path)
}
