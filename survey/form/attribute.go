package form

// Attribute is an attribute of the element that holds an item's answers in an XForm, and what an XForm says about it: entities are written so.
// Nothing is made of it here.
type Attribute struct {
	Name string // with its prefix
	Text string
	Bind map[string]string // the attributes of its bind, "nodeset" left out; nil: none
	Sets []AttributeSet
}

// AttributeSet is a setvalue on an attribute.
type AttributeSet struct {
	Event Event
	Value string // an expression; "": Text
	Text  string
}
