package xpath

import (
	"math/rand"
	"slices"
	"sync"
	"time"
)

// Expr is a parsed expression. It is immutable and safe for concurrent use.
type Expr struct {
	src   string
	root  expr
	calls []string
}

// Parse reads an expression. Errors are *SyntaxError (where, what is wrong) or *FunctionError (unknown function or
// wrong number of arguments, with the nearest known name). With a *FunctionError, and only then, the expression is returned
// too: it evaluates until it reaches that call. A form of another dialect can so be read with a warning.
func Parse(src string) (*Expr, error) {
	toks, err := lex(src)
	if err != nil {
		return nil, err
	}
	p := &parser{src: src, toks: toks}
	root := p.whole()
	if p.err != nil {
		return nil, p.err
	}
	e := &Expr{src: src, root: root, calls: slices.Compact(slices.Sorted(slices.Values(p.calls)))}
	if p.wrong != nil {
		return e, p.wrong
	}
	return e, nil
}

// String returns the source.
func (e *Expr) String() string { return e.src }

// Functions returns the names of the functions called, sorted, each once.
func (e *Expr) Functions() []string { return slices.Clone(e.calls) }

// Env is what evaluation may ask of the world outside the tree. Fields may be nil or zero: then the functions
// that need them return an error.
type Env struct {
	Root       *Node                                            // main instance: "/data" is Root named data; nil: the top of the context's tree
	Instances  map[string]*Node                                 // secondary instances, by id: the root element, or a node (of kind DocumentNode, or named "" or "instance") that holds it
	Now        func() time.Time                                 // in the zone of the device; its zone is that of dates without one. nil: UTC
	Random     *rand.Rand                                       // for random(), uuid(), randomize() without seed
	Property   func(name string) string                         // property('deviceid')
	Text       func(id string) string                           // jr:itext
	ChoiceName func(value string, path string, at *Node) string // jr:choice-name: path is the absolute element path of the question
	PullData   func(list, get, key, value string) string        // pulldata
	Version    string                                           // of the form: version()
	Language   func() string                                    // of the names of months and days: a code ("es", "pt-BR") or the language's own name; nil: English
}

// Context is where an expression is evaluated.
type Context struct {
	Node           *Node
	Position, Size int // XPath's context position and size; 0: position() is the number of the node among those of its name, last() 1
	Env            *Env
	Current        *Node // what current() is; nil: Node. In a choice filter Node is the choice and Current the question
}

// Eval evaluates. Errors are *EvalError with the position in the source.
func (e *Expr) Eval(c *Context) (Value, error) {
	r := start(e, c)
	v := e.root.value(&r.top)
	if (v.kind == kindString || v.kind == kindNodes) && looksLikeDate(v.String()) {
		v.zone = r.location()
	}
	err := r.err
	r.stop()
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// Bool evaluates and converts to a boolean: quicker than Eval where nothing else is wanted.
func (e *Expr) Bool(c *Context) (bool, error) {
	r := start(e, c)
	b := e.root.truth(&r.top)
	err := r.err
	r.stop()
	if err != nil {
		return false, err
	}
	return b, nil
}

// Text evaluates and converts to a string: quicker than Eval where nothing else is wanted.
func (e *Expr) Text(c *Context) (string, error) {
	r := start(e, c)
	s := e.root.text(&r.top)
	err := r.err
	r.stop()
	if err != nil {
		return "", err
	}
	return s, nil
}

// run is one evaluation.
type run struct {
	e       *Expr
	env     *Env
	current *Node
	root    *Node // element that a path from "/" starts with
	err     error // the first failure; evaluation goes on with empty values and stops soon
	work    int   // nodes looked at
	zone    *time.Location
	now     time.Time
	top     frame
	line    lineage
	extra   *made
	scratch []*Node // nodes in use for the moment, as a stack
}

// frame is the context of one part of an evaluation.
type frame struct {
	*run
	node      *Node
	pos, size int
	memo      *memo // nil: nothing is kept
}

var (
	noEnv = &Env{}
	runs  = sync.Pool{New: func() any { return new(run) }}
)

func start(e *Expr, c *Context) *run {
	r := runs.Get().(*run)
	r.e, r.env, r.current = e, c.Env, c.Current
	if r.env == nil {
		r.env = noEnv
	}
	if r.current == nil {
		r.current = c.Node
	}
	r.root = r.env.Root
	if r.root == nil {
		r.root = topElement(c.Node)
	}
	r.top = frame{run: r, node: c.Node, pos: c.Position, size: max(c.Size, 1)}
	if r.top.node == nil {
		r.top.node = r.root
	}
	return r
}

func (r *run) stop() {
	scratch := r.scratch[:cap(r.scratch)]
	if len(scratch) > 256 {
		scratch = nil
	}
	clear(scratch)
	*r = run{scratch: scratch[:0]}
	runs.Put(r)
}

// maxWork bounds the nodes one evaluation may look at: a second or so, far more than any rule of a real form needs.
const maxWork = 10_000_000

func (r *run) fail(at int, reason string) {
	if r.err == nil {
		r.err = &EvalError{Source: r.e.src, Offset: at, Reason: reason}
	}
}

// tired counts work, and reports whether evaluation should stop.
func (r *run) tired(n int) bool {
	if r.work += n; r.work > maxWork {
		r.fail(0, "the evaluation takes too long")
	}
	return r.err != nil
}

// clock returns the time of this evaluation, the same however often it is asked.
func (r *run) clock(at int) time.Time {
	if r.now.IsZero() {
		if r.env.Now == nil {
			r.fail(at, "there is no clock here")
			return time.Time{}
		}
		r.now = r.env.Now()
	}
	return r.now
}

func (r *run) location() *time.Location {
	if r.zone == nil {
		r.zone = time.UTC
		if r.env.Now != nil {
			r.zone = r.clock(0).Location()
		}
	}
	return r.zone
}

func topElement(n *Node) *Node {
	for n != nil && n.Parent != nil && n.Parent.Kind != DocumentNode {
		n = n.Parent
	}
	if n != nil && n.Kind == DocumentNode {
		for _, c := range n.Children {
			if c.Kind == Element {
				return c
			}
		}
	}
	return n
}
