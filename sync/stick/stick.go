// Package stick is the way by file: a tablet writes into a folder what its project's centre has not covered, somebody carries the folder to
// a collector, the collector takes what it finds there and writes its answer beside it, and the tablet reads the answer when the folder comes back.
// Collectors carry all that they have to each other the same way. docs/stick.md is its specification.
//
// Nothing is settled by writing: what was written waits until a receipt for it comes back, by the folder or by any other way. A folder may be
// lost, copied, doubled, half written, read twice and mixed with those of other tablets; that costs time only. Each file gets its name when
// it is whole and the disk has it.
package stick

import (
	"path"

	"vereda/survey/record"
	"vereda/sync/device"
)

// How the folder is laid out: vereda/PROJECT/from/DEVICE is written by that device alone, vereda/PROJECT/for/DEVICE/ARCHIVE by the
// collector of that archive.
const (
	root        = "vereda"
	fromFolder  = "from"
	forFolder   = "for"
	mediaFolder = "media"

	batchEnding     = ".batch"
	encryptedEnding = ".age"
	writingPrefix   = ".writing-" // of what is not whole yet
)

// ManifestName is the name of the file that lists what lies beside it.
const ManifestName = "manifest.json"

// What one batch file takes: less than a collector takes in one request, so that a hub can pass it on.
const (
	fileEntries = 2000
	fileBytes   = 8 << 20
)

// Limits of what is read from a folder that anybody may have written to.
const (
	maxManifest = 8 << 20
	maxFile     = 64 << 20 // bytes of a batch file, encrypted or not; the batch has limits of its own
	maxFolders  = 10_000
)

// fromOf is the folder that a device writes.
func fromOf(project string, id device.ID) string {
	return path.Join(root, project, fromFolder, string(id))
}

// forOf is the folder with the answers of an archive's collector to a device.
func forOf(project string, id device.ID, archive string) string {
	return path.Join(root, project, forFolder, string(id), archive)
}

// batchFile names the file of a batch.
func batchFile(id record.ID, encrypted bool) string {
	return ending(id.String()[:32]+batchEnding, encrypted)
}

func ending(name string, encrypted bool) string {
	if encrypted {
		return name + encryptedEnding
	}
	return name
}

// Step says how far a long task is, for people: files done, of so many; 0: not known.
type Step struct {
	File        string
	Done, Total int
}
