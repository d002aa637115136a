package xlsform

import (
	"strings"

	"vereda/survey/form"
)

// preloadParams are what an XForm asks the device for by the types that stay empty here.
var preloadParams = map[string]string{
	"phonenumber": "phonenumber", "get phone number": "phonenumber", "uri:phonenumber": "uri:phonenumber", "email": "email", "uri:email": "uri:email",
	"simserial": "simserial", "get sim id": "simserial", "sim id": "simserial", "uri:simserial": "uri:simserial",
	"subscriberid": "subscriberid", "get subscriber id": "subscriberid", "subscriber id": "subscriberid", "uri:subscriberid": "uri:subscriberid",
}

// keepPreload keeps what another tool's device tells, for the XForm that is made of the form.
func (r *reader) keepPreload(i *form.Item, typ string) {
	if params := preloadParams[strings.ToLower(strings.Join(strings.Fields(typ), " "))]; params != "" {
		r.keep(i, "bind::jr:preload", "property")
		r.keep(i, "bind::jr:preloadParams", params)
	}
}
