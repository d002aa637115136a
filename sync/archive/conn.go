package archive

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/ncruces/go-sqlite3"
	sqlitedriver "github.com/ncruces/go-sqlite3/driver"
)

// conn is a connection of SQLite with its statements, each prepared once. Between this and the driver there is no database/sql, which
// would take as long as SQLite itself for statements as short as those of an archive. Not safe for concurrent use.
type conn struct {
	*sqlite3.Conn
	prepared map[string]*sqlite3.Stmt
	row      []any
}

// maxPrepared bounds the statements that a connection keeps.
const maxPrepared = 200

// pool hands out connections. Safe for concurrent use.
type pool struct {
	*sql.DB
	conns sync.Map // *conn, by the driver's own
}

// on runs f on a connection, which stops what it does when ctx ends.
func (p *pool) on(ctx context.Context, f func(*conn) error) error {
	pooled, err := p.Conn(ctx)
	if err != nil {
		return err
	}
	defer pooled.Close()
	return pooled.Raw(func(of any) error {
		raw := of.(sqlitedriver.Conn).Raw()
		kept, _ := p.conns.LoadOrStore(raw, &conn{Conn: raw, prepared: map[string]*sqlite3.Stmt{}})
		c := kept.(*conn)
		if len(c.prepared) > maxPrepared {
			c.unprepare()
		}
		defer raw.SetInterrupt(raw.SetInterrupt(ctx))
		return f(c)
	})
}

// drop is called before a connection is closed.
func (p *pool) drop(raw *sqlite3.Conn) error {
	if c, there := p.conns.LoadAndDelete(raw); there {
		c.(*conn).unprepare()
	}
	return nil
}

func (c *conn) unprepare() {
	for _, s := range c.prepared {
		_ = s.Close()
	}
	clear(c.prepared)
}

// transaction runs f between begin and COMMIT, or undoes what it did.
func (c *conn) transaction(begin string, f func(*tx) error) error {
	if err := c.Conn.Exec(begin); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			c.undo()
		}
	}()
	err := f(&tx{c})
	if err == nil {
		err = c.Conn.Exec("COMMIT")
	}
	done = err == nil
	return err
}

// undo ends a transaction also where what it served has ended.
func (c *conn) undo() {
	if !c.GetAutocommit() {
		defer c.SetInterrupt(c.SetInterrupt(context.Background()))
		_ = c.Conn.Exec("ROLLBACK")
	}
}

// statement returns a statement with its arguments.
func (c *conn) statement(query string, args []any) (*sqlite3.Stmt, error) {
	s := c.prepared[query]
	if s == nil {
		var err error
		if s, _, err = c.PrepareFlags(query, sqlite3.PREPARE_PERSISTENT); err != nil {
			return nil, err
		}
		c.prepared[query] = s
	}
	for i, a := range args {
		if a == nil {
			continue // as ClearBindings left it
		}
		if err := bind(s, i+1, a); err != nil {
			_ = s.ClearBindings()
			return nil, err
		}
	}
	return s, nil
}

func bind(s *sqlite3.Stmt, i int, arg any) error {
	switch a := arg.(type) {
	case nil:
		return s.BindNull(i)
	case int64:
		return s.BindInt64(i, a)
	case string:
		return s.BindText(i, a)
	case []byte:
		return s.BindBlob(i, a)
	case bool:
		return s.BindBool(i, a)
	case float64:
		return s.BindFloat(i, a)
	}
	v, err := driver.DefaultParameterConverter.ConvertValue(arg)
	if err != nil {
		return err
	}
	return bind(s, i, v)
}

// exec returns how many rows a statement changed.
func (c *conn) exec(query string, args []any) (int64, error) {
	s, err := c.statement(query, args)
	if err != nil {
		return 0, err
	}
	err = s.Exec()
	_ = s.ClearBindings() // what was bound may be large
	return c.Changes(), err
}

// each calls f for every row, with a function that scans it.
func (c *conn) each(query string, args []any, f func(scan func(into ...any) error) error) error {
	s, err := c.statement(query, args)
	if err != nil {
		return err
	}
	defer func() { _, _ = s.Reset(), s.ClearBindings() }()
	scan := func(into ...any) error {
		c.row = slices.Grow(c.row[:0], len(into))[:len(into)]
		if err := s.ColumnsRaw(c.row...); err != nil {
			return err
		}
		for i, to := range into {
			text, isAny := to.(*any)
			if b, isBytes := c.row[i].([]byte); isAny && isBytes && s.ColumnType(i) == sqlite3.TEXT {
				*text = string(b)
			} else if err := scanInto(to, c.row[i]); err != nil {
				return fmt.Errorf("column %d: %w", i, err)
			}
		}
		return nil
	}
	for s.Step() {
		if err := f(scan); err != nil {
			return err
		}
	}
	return s.Err()
}

// scanInto keeps a copy of a column's value.
func scanInto(to, value any) error {
	switch v := value.(type) {
	case int64:
		return scanInt(to, v)
	case []byte:
		return scanBytes(to, v)
	case float64:
		if to, ok := to.(*float64); ok {
			*to = v
			return nil
		}
	case nil:
		return scanNull(to)
	}
	return fmt.Errorf("a %T does not go into a %T", value, to)
}

func scanInt(to any, n int64) error {
	switch to := to.(type) {
	case *int64:
		*to = n
		return nil
	case *bool:
		*to = n != 0
		return nil
	case **int64:
		*to = &n
		return nil
	case *any:
		*to = n
		return nil
	}
	switch v := reflect.ValueOf(to).Elem(); {
	case v.CanInt():
		v.SetInt(n)
	case v.CanUint():
		v.SetUint(uint64(n))
	case v.CanFloat():
		v.SetFloat(float64(n))
	default:
		return fmt.Errorf("a number does not go into a %T", to)
	}
	return nil
}

func scanBytes(to any, b []byte) error {
	switch to := to.(type) {
	case *[]byte:
		*to = append([]byte{}, b...)
		return nil
	case *string:
		*to = string(b)
		return nil
	case **string:
		text := string(b)
		*to = &text
		return nil
	case *any:
		*to = append([]byte{}, b...)
		return nil
	}
	if v := reflect.ValueOf(to).Elem(); v.Kind() == reflect.String {
		v.SetString(string(b))
		return nil
	}
	return fmt.Errorf("a text does not go into a %T", to)
}

// scanNull leaves nothing where there can be nothing.
func scanNull(to any) error {
	v := reflect.ValueOf(to).Elem()
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Interface:
		v.SetZero()
		return nil
	}
	return fmt.Errorf("nothing does not go into a %T", to)
}
