package batch

// Preamble lets tests wrap frames that Seal would not make.
var Preamble = preamble
