package xpath

import (
	"math/rand"
	"time"
)

// Expr is a parsed expression. It is immutable and safe for concurrent use.
type Expr struct{}

// Parse reads an expression. Errors are *SyntaxError (where, what is wrong) or *FunctionError (unknown function or
// wrong number of arguments, with the nearest known name).
func Parse(src string) (*Expr, error) { panic("stub") }

// String returns the source.
func (e *Expr) String() string { panic("stub") }

// Refs returns every location path that the expression reads, made absolute from base, the element path of the node the expression is
// evaluated on ("/data/grp_c/roster/m_age"): without predicates, those inside predicates resolved
// against the path that carries them. A trailing "//*" or "/*" step stays as it is.
func (e *Expr) Refs(base string) []Ref { panic("stub") }

// Ref is one path an expression reads.
type Ref struct {
	Path     string // absolute element path; "instance(x)/..." for a secondary instance
	Self     bool   // it is the context node itself
	Position bool   // the number or position of the nodes is read (position(..), count(), indexed-repeat, a predicate), not only their values
}

// Functions returns the names of the functions called.
func (e *Expr) Functions() []string { panic("stub") }

// Env is what evaluation may ask of the world outside the tree. Fields may be nil or zero: then the functions
// that need them return an error.
type Env struct {
	Root       *Node                                            // main instance: "/data" is Root named data
	Instances  map[string]*Node                                 // secondary instances, by id
	Now        func() time.Time                                 // in the zone of the device
	Random     *rand.Rand                                       // for random(), uuid(), randomize() without seed
	Property   func(name string) string                         // property('deviceid')
	Text       func(id string) string                           // jr:itext
	ChoiceName func(value string, path string, at *Node) string // jr:choice-name: path is the absolute element path of the question
	PullData   func(list, get, key, value string) string        // pulldata
}

// Context is where an expression is evaluated.
type Context struct {
	Node           *Node
	Position, Size int // XPath's context position and size; 0 means 1
	Env            *Env
}

// Value is what an expression evaluates to: exactly one of node-set, string, number, boolean.
type Value struct{}

// Eval evaluates. Errors are *EvalError with the position in the source.
func (e *Expr) Eval(c *Context) (Value, error) { panic("stub") }

// Bool, Number, String and Nodes convert as XPath says, numbers formatted as XPath says. Nodes returns nil for what is no node-set.
func (v Value) Bool() bool      { panic("stub") }
func (v Value) Number() float64 { panic("stub") }
func (v Value) String() string  { panic("stub") }
func (v Value) Nodes() []*Node  { panic("stub") }

// Type returns "nodeset", "string", "number" or "boolean".
func (v Value) Type() string { panic("stub") }
