package archive

import (
	"fmt"
	"slices"
	"strings"

	"vereda/survey/record"
)

// layout says where the answers of a form lie. There are tables for the form itself (repeat "") and for each repeat; more
// than one part when there are more columns than a table may have. All parts hold the same rows.
type layout struct {
	form    string
	parts   map[record.Path][]*table // by repeat
	repeats []record.Path            // the keys of parts, sorted
	columns map[Column]*column
	within  map[record.Path]map[Column]*column // the same by repeat, with the paths below it
}

// table is one table a_n: interview, instance, rest, and columns c1, c2, ... rest holds, in part 0, what has no column.
type table struct {
	n         int
	repeat    record.Path
	part      int // of those of its repeat
	columns   []*column
	inserting string // the statement, made when it is wanted by the one writer
}

// column is where the answers of one kind to one question lie. A question whose kind changes between versions has two.
type column struct {
	Column
	part *table
	n    int // which part of its repeat that is
	c    int // its name is c<c>
	i    int // its place in part.columns
}

func (t *table) name() string { return fmt.Sprintf("a_%d", t.n) }

func loadLayouts(t *tx) (map[string]*layout, error) {
	layouts, tables := map[string]*layout{}, map[int]*table{}
	err := t.each("SELECT n, form, repeat FROM layout_tables ORDER BY form, repeat, part", nil, func(scan func(...any) error) error {
		p, form := &table{}, ""
		if err := scan(&p.n, &form, &p.repeat); err != nil {
			return err
		}
		l := layouts[form]
		if l == nil {
			l = &layout{form: form, parts: map[record.Path][]*table{}, columns: map[Column]*column{},
				within: map[record.Path]map[Column]*column{}}
			layouts[form] = l
		}
		if len(l.parts[p.repeat]) == 0 {
			l.repeats = append(l.repeats, p.repeat)
			l.within[p.repeat] = map[Column]*column{}
		}
		p.part = len(l.parts[p.repeat])
		l.parts[p.repeat] = append(l.parts[p.repeat], p)
		tables[p.n] = p
		return nil
	})
	if err != nil {
		return nil, err
	}
	owner := map[*table]*layout{}
	for _, l := range layouts {
		for _, parts := range l.parts {
			for _, p := range parts {
				owner[p] = l
			}
		}
	}
	err = t.each("SELECT n, c, path, kind FROM layout_columns ORDER BY n, c", nil, func(scan func(...any) error) error {
		c, n := &column{}, 0
		if err := scan(&n, &c.c, &c.Path, &c.Kind); err != nil {
			return err
		}
		c.part = tables[n]
		c.i, c.n = len(c.part.columns), c.part.part
		c.part.columns = append(c.part.columns, c)
		owner[c.part].add(c)
		return nil
	})
	return layouts, err
}

func (l *layout) add(c *column) {
	l.columns[c.Column] = c
	l.within[c.part.repeat][Column{below(c.Path, c.part.repeat), c.Kind}] = c
}

// below returns what of a path follows that of the repeat, or of the instance, it lies in; all of it for "".
func below(p, repeat record.Path) record.Path {
	if p.Under(repeat) && repeat != "" {
		return p[len(repeat)+1:]
	}
	return p
}

// extend makes room for the answers of a form version: tables and columns that its earlier versions have not made.
func (in *intake) extend(form string, s Shape) error {
	if err := in.extendRepeat(form, "", s.Columns); err != nil {
		return err
	}
	for _, r := range s.Repeats {
		if err := in.extendRepeat(form, r.Path, r.Columns); err != nil {
			return err
		}
	}
	return nil
}

// extendRepeat works on the database's own state, which may be newer than in.forms.
func (in *intake) extendRepeat(form string, repeat record.Path, wanted []Column) error {
	layouts, err := loadLayouts(in.tx)
	if err != nil {
		return err
	}
	l := layouts[form]
	if l == nil {
		l = &layout{}
	}
	parts := l.parts[repeat]
	missing := slices.Clone(wanted)
	missing = slices.DeleteFunc(missing, func(c Column) bool { return l.columns[c] != nil })
	if len(parts) > 0 {
		last := parts[len(parts)-1]
		free := min(partColumns-len(last.columns), len(missing))
		if err := in.addColumns(last, missing[:free]); err != nil {
			return err
		}
		missing = missing[free:]
	}
	for part := len(parts); part == 0 || len(missing) > 0; part++ {
		n := min(partColumns, len(missing))
		if err := in.addTable(form, repeat, part, missing[:n]); err != nil {
			return err
		}
		missing = missing[n:]
	}
	return nil
}

func (in *intake) addTable(form string, repeat record.Path, part int, columns []Column) error {
	var n int
	if err := in.one("SELECT coalesce(max(n), 0) + 1 FROM layout_tables", nil, &n); err != nil {
		return err
	}
	if _, err := in.exec("INSERT INTO layout_tables (n, form, repeat, part) VALUES ($1, $2, $3, $4)", n, form, string(repeat), part); err != nil {
		return err
	}
	t := &table{n: n}
	var ddl strings.Builder
	fmt.Fprintf(&ddl, "CREATE TABLE %s (interview %s NOT NULL, instance TEXT NOT NULL, rest TEXT", t.name(), blobType)
	for i, c := range columns {
		fmt.Fprintf(&ddl, ", c%d %s", i+1, columnType(c.Kind))
		if err := in.mapColumn(n, i+1, c); err != nil {
			return err
		}
	}
	ddl.WriteString(", PRIMARY KEY (interview, instance))")
	if repeat != "" { // many short rows
		ddl.WriteString(keyed)
	}
	return in.define(ddl.String())
}

func (in *intake) addColumns(t *table, columns []Column) error {
	for i, c := range columns {
		at := len(t.columns) + i + 1
		if err := in.define(fmt.Sprintf("ALTER TABLE %s ADD COLUMN c%d %s", t.name(), at, columnType(c.Kind))); err != nil {
			return err
		}
		if err := in.mapColumn(t.n, at, c); err != nil {
			return err
		}
	}
	return nil
}

func (in *intake) mapColumn(n, c int, column Column) error {
	_, err := in.exec("INSERT INTO layout_columns (n, c, path, kind) VALUES ($1, $2, $3, $4)", n, c, string(column.Path), int(column.Kind))
	return err
}

// columnType is how answers of a kind lie in a column: whole numbers as such, all else as ODK's text, so that nothing is rounded.
func columnType(k record.Kind) string {
	if k == record.Integer {
		return intType
	}
	return "TEXT"
}
