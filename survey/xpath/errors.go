package xpath

import (
	"fmt"
	"strings"
)

// SyntaxError says where an expression cannot be read, and why.
type SyntaxError struct {
	Source string
	Offset int // bytes from the start of Source
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s at character %d", e.Reason, e.Offset+1)
}

// FunctionError is a call of a function that there is not, or with a number of arguments that it does not take.
type FunctionError struct {
	Name    string
	Offset  int    // of the call, in bytes from the start of the expression
	Args    int    // how many were given
	Known   bool   // there is such a function; the number of arguments is wrong
	Takes   string // how many arguments it takes, in words: "no", "2", "1 or 2", "2 or more"
	Nearest string // the known name that is most like it, or ""
}

func (e *FunctionError) Error() string {
	switch {
	case e.Known:
		plural := "s"
		if e.Takes == "1" {
			plural = ""
		}
		return fmt.Sprintf("%s() takes %s argument%s, not %d", e.Name, e.Takes, plural, e.Args)
	case e.Nearest != "":
		return fmt.Sprintf("there is no function %s(); did you mean %s()?", e.Name, e.Nearest)
	default:
		return fmt.Sprintf("there is no function %s()", e.Name)
	}
}

// EvalError says what went wrong when an expression was evaluated.
type EvalError struct {
	Source string
	Offset int // of the part that failed, in bytes from the start of Source
	Reason string
}

func (e *EvalError) Error() string {
	return fmt.Sprintf("%s (in %s)", e.Reason, shorten(e.Source))
}

func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}
