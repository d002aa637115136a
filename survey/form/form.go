// Package form holds what is asked: questions, groups, repeats, choices, texts and rules, and which rule depends on which
// question. A Form is built by a reader (packages xlsform and xform), compiled once, and then only read: it is safe for
// concurrent use and shared by all sessions.
package form

import (
	"strings"

	"vereda/survey/record"
	"vereda/survey/xpath"
)

// Form is one version of a questionnaire.
type Form struct {
	ID              string
	Version         string
	Title           string
	Languages       []Language // in the workbook's order; one with Code "" when the workbook names none
	DefaultLanguage string     // Language.Name
	Style           string     // settings' style, e.g. "pages"
	Root            *Item      // a Group that holds everything; its Name is the name of the root element
	Lists           map[string]*List
	InstanceName    *xpath.Expr       // nil: none
	Settings        map[string]string // as written, all columns of the settings sheet
	Entities        []Entity          // as written; nothing is made of them

	Actions   []Action                   // in form order
	Starts    map[record.Path][]Instance // what outermost repeats begin with; nil: each repeat without repeat_count with one instance
	Instances map[string]*xpath.Node     // secondary instances by id, as expressions see them, beside Lists
	Texts     map[string]Text            // that expressions name, as jr:itext() does
	External  map[string]string          // secondary instances that are files: the file's name by id
	Tags      map[string]*List           // lists of the sheet osm: what can be said of a thing on the map

	order []*Item                 // in form order, the root first
	items map[record.Path][]*Item // by generic path; more than one only in a form that does not compile
	graph Graph
}

// Entity is a row of the sheet entities: what would be made of the answers elsewhere. What is saved to it stands in
// Item.Columns["save_to"].
type Entity struct {
	List    string            // of entities
	Columns map[string]string // "label", "entity_id", "create_if", "update_if": expressions as written, those that are there

	// How an XForm writes it.
	At    *Item             // the section that it is made in, a group or repeat or the root; nil where that cannot be told
	Rules map[string]string // the same expressions as evaluated on an element of meta/entity in At; "in-list" is entity_id as written in a predicate
}

// Language is a language of the form's texts.
type Language struct {
	Name string // "Español (es)", as the columns are headed
	Code string // "es"; "" when the heading gives none
}

// Language returns the name of the form's language with a code ("pt", "pt-BR") or a name, and the default language's
// when the form has no such language.
func (f *Form) Language(codeOrName string) string {
	for _, l := range f.Languages {
		if l.Name == codeOrName || l.Code != "" && strings.EqualFold(l.Code, codeOrName) {
			return l.Name
		}
	}
	if short, _, cut := strings.Cut(codeOrName, "-"); cut {
		return f.Language(short)
	}
	return f.DefaultLanguage
}

// Item returns the item at a generic path.
func (f *Form) Item(p record.Path) (*Item, bool) {
	found := f.items[p]
	if len(found) == 0 {
		return nil, false
	}
	return found[0], true
}

// Items returns all items in form order, the root first. The slice belongs to the form.
func (f *Form) Items() []*Item { return f.order }
