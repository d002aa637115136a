package xlsform

import (
	"fmt"
	"strings"

	"vereda/survey/form"
)

// replaced is an expression with its ${name} written as paths.
type replaced struct {
	text   string
	pieces []piece
	code   string // of the problem with a reference
	bad    string // what is wrong with it, a sentence
	hint   string
	offset int          // of the bad one in the cell, in bytes
	near   []*form.Item // those that were taken among several of their name
}

// piece maps bytes of the text back to bytes of the cell.
type piece struct {
	to, from int
	path     bool // a whole path stands for a reference
}

// cellOffset returns where in the cell a byte of the replaced text comes from.
func (e *replaced) cellOffset(offset int) int {
	at := 0
	for _, p := range e.pieces {
		if p.to > offset {
			break
		}
		if at = p.from; !p.path {
			at += offset - p.to
		}
	}
	return at
}

// replace writes every ${name} of an expression as the path from an item. In choice filters, and inside predicates, where the context is
// not the item, relative paths begin at current().
func (r *reader) replace(cell string, from *form.Item, filter bool) replaced {
	var out replaced
	var b strings.Builder
	var s scanner
	out.pieces = append(out.pieces, piece{})
	for n := 0; n < len(cell); {
		if !strings.HasPrefix(cell[n:], "${") {
			s.step(cell, n)
			b.WriteByte(cell[n])
			n++
			continue
		}
		end := strings.IndexByte(cell[n:], '}')
		if end < 0 {
			out.code = "bad-reference"
			out.bad, out.hint, out.offset = "A reference ${ is not closed.", "Write } behind the name.", n
			return out
		}
		name, saved := strings.CutPrefix(strings.TrimSpace(cell[n+2:n+end]), lastSaved)
		target, bad, hint := r.find(name, from)
		out.code = "bad-reference"
		if bad == "" && len(r.byName[name]) > 1 {
			out.near = append(out.near, target)
		}
		if s.quote != 0 && bad == "" && s.pathArgument() {
			b.WriteString(target.ElementPath())
			n += end + 1
			out.pieces = append(out.pieces, piece{b.Len(), n, false})
			continue
		}
		if s.quote != 0 && bad == "" {
			out.code = "quoted-reference"
			bad, hint = fmt.Sprintf("${%s} stands in quotes and would be taken as text.", name), "Close the quotes before it; join texts with concat()."
		}
		if bad != "" {
			out.bad, out.hint, out.offset = bad, hint, n
			return out
		}
		out.pieces = append(out.pieces, piece{b.Len(), n, true})
		if n > 0 && inName(cell[n-1]) { // not to become one name with its neighbours, as in ${a}-${b}
			b.WriteByte(' ')
		}
		if saved {
			b.WriteString(r.savedPath(target))
		} else {
			b.WriteString(r.pathIn(target, from, s.wholeRepeat(), filter || s.predicates > 0))
		}
		if n += end + 1; n < len(cell) && inName(cell[n]) {
			b.WriteByte(' ')
		}
		out.pieces = append(out.pieces, piece{b.Len(), n, false})
	}
	out.text = b.String()
	return out
}

// find returns the item of a name as seen from an item: the only one of that name, or the one in the nearest section around.
func (r *reader) find(name string, from *form.Item) (target *form.Item, bad, hint string) {
	found := r.byName[name]
	switch len(found) {
	case 1:
		return found[0], "", ""
	case 0:
		hint := ""
		if near := r.nearest(name, func() []string { return keys(r.byName) }); near != "" {
			hint = fmt.Sprintf("Write ${%s}.", near)
		}
		return nil, fmt.Sprintf("There is no question named %s.", name), hint
	}
	if near := nearestOf(found, from); near != nil {
		return near, "", ""
	}
	return nil, fmt.Sprintf("There are %d questions named %s; it is not clear which is meant.", len(found), name), "Give each a name of its own."
}

// maxSameName is how many items of one name are looked through for the nearest.
const maxSameName = 100

// nearestOf returns the one of several items that lies in the innermost section around another; nil when several lie there.
func nearestOf(found []*form.Item, from *form.Item) *form.Item {
	if from == nil || len(found) > maxSameName {
		return nil
	}
	for section := from.Parent; section != nil; section = section.Parent {
		var inside []*form.Item
		for _, i := range found {
			if within(i, section) {
				inside = append(inside, i)
			}
		}
		switch {
		case len(inside) == 1:
			return inside[0]
		case len(inside) > 1:
			return nil
		}
	}
	return nil
}

// noteNear warns that one of several items of a name was taken.
func (r *reader) noteNear(at form.Cell, text string, target *form.Item) {
	r.note(form.Warning, "ambiguous-reference", at, text, fmt.Sprintf("There are several questions named %s; the one in the same group is taken, %s.", target.Name, target.Path), "Give each a name of its own.")
}

// lastSaved begins a reference to an answer of the interview before.
const lastSaved = "last-saved#"

// savedPath returns the path of an item's answer in the interview before.
func (r *reader) savedPath(target *form.Item) string {
	if r.form.External == nil {
		r.form.External = map[string]string{}
	}
	r.form.External[form.LastSavedID] = form.LastSaved
	return "instance('" + form.LastSavedID + "')" + target.ElementPath()
}

// pathTo returns the path of an item as written in an expression of another: relative when both lie in one repeat, so that it means the
// instance at hand, absolute elsewhere. (The reference converter goes up to the repeat; the section that holds both is the same and nearer.)
func pathTo(target, from *form.Item, absolute, atCurrent bool) string {
	repeat := target.Repeat()
	for repeat != nil && !within(from, repeat) {
		repeat = repeat.Repeat()
	}
	if absolute || repeat == nil {
		return target.ElementPath()
	}
	common := target.Parent
	for !within(from, common) {
		common = common.Parent
	}
	ups := strings.Count(string(from.Path), "/") - strings.Count(string(common.Path), "/")
	path := strings.Repeat("../", ups)
	if ups == 0 {
		path = "./"
	}
	if atCurrent {
		path = "current()/" + path
	}
	return path + strings.TrimPrefix(string(target.Path), string(common.Path)+"/")
}

// pathIn returns the path of an item in an expression of another, or, while a choice_filter is read that is evaluated on instances of a repeat, the path
// from the section it is evaluated on to what lies in the same instance.
func (r *reader) pathIn(target, from *form.Item, absolute, atCurrent bool) string {
	if r.choosing != nil && within(target, r.choosing) && target.Repeat() == repeatOf(r.choosing) {
		return "./" + strings.TrimPrefix(string(target.Path), string(r.choosing.Path)+"/")
	}
	return pathTo(target, from, absolute, atCurrent)
}

// within reports whether an item is a section, or lies in it; nil lies nowhere.
func within(i, section *form.Item) bool {
	for ; i != nil; i = i.Parent {
		if i == section {
			return true
		}
	}
	return false
}

// scanner follows an expression as far as references need it: quotes, predicates, and the calls it is in.
type scanner struct {
	quote      byte
	predicates int
	calls      []call
}

// call is an open parenthesis: the function's name before it, and the number of commas since.
type call struct {
	name   string
	commas int
}

func (s *scanner) step(text string, n int) {
	c := text[n]
	switch {
	case s.quote != 0:
		if c == s.quote {
			s.quote = 0
		}
	case c == '\'' || c == '"':
		s.quote = c
	case c == '[':
		s.predicates++
	case c == ']' && s.predicates > 0:
		s.predicates--
	case c == '(':
		s.calls = append(s.calls, call{name: wordBefore(text[:n])})
	case c == ')' && len(s.calls) > 0:
		s.calls = s.calls[:len(s.calls)-1]
	case c == ',' && len(s.calls) > 0:
		s.calls[len(s.calls)-1].commas++
	}
}

// wholeRepeat reports whether the reference at hand is an argument of indexed-repeat() that names a question or a repeat (the
// first, second, fourth, sixth): these are paths through all instances.
func (s *scanner) wholeRepeat() bool {
	if len(s.calls) == 0 || s.calls[len(s.calls)-1].name != "indexed-repeat" {
		return false
	}
	n := s.calls[len(s.calls)-1].commas
	return n == 0 || n%2 == 1
}

// pathArgument reports whether the text at hand is the second argument of jr:choice-name(), the path of a question.
func (s *scanner) pathArgument() bool {
	if len(s.calls) == 0 {
		return false
	}
	last := s.calls[len(s.calls)-1]
	return last.name == "jr:choice-name" && last.commas == 1
}

// wordBefore returns the name at the end of a text.
func wordBefore(text string) string {
	text = strings.TrimRight(text, " \t\r\n")
	start := len(text)
	for start > 0 && inName(text[start-1]) {
		start--
	}
	return text[start:]
}

// inName reports whether a byte may stand in a name; those of letters beyond ASCII may.
func inName(c byte) bool {
	return c == '-' || c == '_' || c == '.' || c == ':' || c >= 0x80 || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
