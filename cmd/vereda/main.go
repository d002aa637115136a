// Command vereda is the coordinator's and operator's tool: the collector, forms, batches, exports, simulated fieldwork.
//
// It prints product on stdout and talk on stderr. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with findings,
// 4 partly sent and the rest is still queued. The reference is docs/commands.md.
package main

import (
	"context"
	"crypto/rand"
	"io"
	mathrand "math/rand"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// version is set by the linker: -X main.version=1.2.3.
var version = "0.1.0"

// heapFloor is how much is allocated and never touched, so that it takes no memory: without it the garbage collector works a third of the
// time over a heap of some megabytes.
const heapFloor = 32 << 20

// world is everything a command may touch outside its arguments.
type world struct {
	context.Context
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
	random   io.Reader      // for keys, codes and IDs
	jitter   func() float64 // in [0, 1), for pauses between tries
}

// commands is the grammar of the command line.
type commands struct {
	Serve      serveCommand      `cmd:"" help:"Run a collector: it receives batches and shows the dashboard."`
	Relay      relayCommand      `cmd:"" help:"Let a hub exchange with its upstream once, now."`
	Form       formCommands      `cmd:"" help:"Check, fill, evaluate, publish forms."`
	Simulate   simulateCommand   `cmd:"" help:"Let simulated tablets do fieldwork against a collector."`
	Batch      batchCommands     `cmd:"" help:"Look into, verify, import batch files."`
	Export     exportCommand     `cmd:"" help:"Write a form's interviews as tables or a map layer."`
	Assign     assignCommand     `cmd:"" help:"Say who is to visit which household; list what was assigned."`
	Verdict    verdictCommands   `cmd:"" help:"Approve interviews, or return them to their enumerators."`
	Conflicts  conflictCommands  `cmd:"" help:"Questions with two answers."`
	Duplicates duplicateCommands `cmd:"" help:"Interviews that look like the same household."`
	Setting    settingCommands   `cmd:"" help:"What the project's tablets and collectors are told."`
	Invite     inviteCommand     `cmd:"" help:"Invite devices into the project."`
	Device     deviceCommands    `cmd:"" help:"List and revoke devices."`
	Key        keyCommands       `cmd:"" help:"Change the project's key."`
	User       userCommands      `cmd:"" help:"Who may log in to the dashboard."`
	Tablet     tabletCommands    `cmd:"" help:"Look into a tablet's store file, send what it holds."`
	Backup     backupCommand     `cmd:"" help:"Write all that a collector has into one file, while it runs or not."`
	Restore    restoreCommand    `cmd:"" help:"Make a collector's data folder from a backup."`
	Verify     verifyCommand     `cmd:"" help:"Check every entry of an archive and all that is made from them."`
	Reindex    reindexCommand    `cmd:"" help:"Make everything in an archive again from its entries."`
	Version    versionCommand    `cmd:"" help:"Print the version."`
}

type versionCommand struct{}

func (versionCommand) Run(w *world) error {
	_, err := io.WriteString(w.out, "vereda "+version+"\n")
	return err
}

func main() {
	ballast := make([]byte, heapFloor)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(&world{ctx, os.Stdin, os.Stdout, os.Stderr, time.Now, rand.Reader, mathrand.Float64}, os.Args[1:])
	stop()
	runtime.KeepAlive(ballast)
	os.Exit(code)
}

// run parses and runs one command line and returns the exit code.
func run(w *world, args []string) int {
	var c commands
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("vereda"),
		kong.Description("Offline-first rural connectivity surveys: the collector and its tools."),
		kong.UsageOnError(),
		kong.Writers(w.out, w.err),
		kong.Exit(func(code int) { exited = code }),
		kong.Vars{"data": defaultData()},
	)
	if err != nil {
		return report(w.err, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(shielded(args))
	if exited >= 0 { // --help was shown
		return exited
	}
	if err != nil {
		return report(w.err, usage{err})
	}
	return report(w.err, parsed.Run(w))
}

// defaultData is the data folder when --data does not name one.
func defaultData() string {
	if dir := os.Getenv("VEREDA_DATA"); dir != "" {
		return dir
	}
	return "vereda-data"
}
