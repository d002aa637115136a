package xpath

// What the form, the device and attached lists know.
var formFunctions = []function{
	{name: "property", min: 1, max: 1, result: kindString, eval: property},
	{name: "version", result: kindString, eval: func(f *frame, _ *call) Value { return stringValue(f.env.Version) }},
	{name: "jr:itext", min: 1, max: 1, result: kindString, eval: itext},
	{name: "pulldata", min: 4, max: 4, result: kindString, eval: pullData},
	{name: "instance", min: 1, max: 1, result: kindNodes, eval: instance},
	{name: "current", result: kindNodes, eval: current},
}

func property(f *frame, c *call) Value {
	if f.env.Property == nil {
		f.fail(c.at, "property() needs a device")
		return stringValue("")
	}
	return stringValue(f.env.Property(c.args[0].text(f)))
}

func itext(f *frame, c *call) Value {
	if f.env.Text == nil {
		f.fail(c.at, "jr:itext() needs the texts of a form")
		return stringValue("")
	}
	return stringValue(f.env.Text(c.args[0].text(f)))
}

func pullData(f *frame, c *call) Value {
	if f.env.PullData == nil {
		f.fail(c.at, "pulldata() needs the lists of a form")
		return stringValue("")
	}
	return stringValue(f.env.PullData(c.args[0].text(f), c.args[1].text(f), c.args[2].text(f), c.args[3].text(f)))
}

// instance returns the node above the root element of a secondary instance.
func instance(f *frame, c *call) Value {
	id := c.args[0].text(f)
	root := f.env.Instances[id]
	if root == nil {
		f.fail(c.at, "there is no instance \""+id+"\"")
		return Value{kind: kindNodes}
	}
	if root.Kind == Element && root.Name != "" && root.Name != "instance" {
		if root.Parent != nil {
			root = root.Parent
		} else {
			root = f.document(root)
		}
	}
	return Value{kind: kindNodes, nodes: []*Node{root}}
}

func current(f *frame, _ *call) Value {
	if f.current == nil || !f.current.seen() {
		return Value{kind: kindNodes}
	}
	return Value{kind: kindNodes, nodes: []*Node{f.current}}
}
