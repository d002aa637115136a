package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"os"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"vereda/survey/record"
	"vereda/sync/device"
)

// simulateCommand is `vereda simulate`.
type simulateCommand struct {
	Server     string        `required:"" placeholder:"URL" help:"Address of the collector, or an invitation link."`
	Invite     string        `placeholder:"LINK" help:"Invitation for the tablets; without it one is made in the data folder of the collector."`
	Data       string        `default:"${data}" placeholder:"DIR" help:"The collector's data folder, to invite the tablets (${data})."`
	Devices    int           `default:"3" help:"How many tablets."`
	Interviews int           `default:"30" help:"How many interviews, all tablets together."`
	Conflicts  float64       `default:"0" help:"Share of the interviews that two tablets change at once, from 0 to 1."`
	Seed       int64         `default:"1" help:"Seed of the answers."`
	Form       string        `placeholder:"ID" help:"The form; the first by name if not given."`
	Keep       string        `placeholder:"DIR" help:"Keep the tablets' stores in this folder."`
	Hold       bool          `help:"Capture only: send nothing, leave all in the outboxes (with --keep)."`
	Patience   time.Duration `default:"10m" help:"How long to try when the collector does not answer."`
	JSON       bool          `help:"Print JSON."`
}

// simulated is the JSON of `simulate --json`.
type simulated struct {
	Devices    int              `json:"devices"`
	Interviews int              `json:"interviews"`
	Revisions  int              `json:"revisions"`
	Sent       int              `json:"sent"`
	Waiting    int              `json:"waiting"`
	Retries    int              `json:"retries"` // exchanges that failed and were tried again
	Conflicts  []plantedAnswers `json:"conflicts"`
	Seconds    float64          `json:"seconds"`
	Seed       int64            `json:"seed"`
}

// plantedAnswers is a conflict that the simulation made.
type plantedAnswers struct {
	Interview uuid.UUID   `json:"interview"`
	Path      record.Path `json:"path"`
}

func (c *simulateCommand) Run(w *world) error {
	if c.Devices < 1 || c.Interviews < 0 || c.Conflicts < 0 || c.Conflicts > 1 {
		return usage{errors.New("--devices takes a number from 1, --interviews from 0, --conflicts a share from 0 to 1")}
	}
	if c.Conflicts > 0 && c.Devices < 2 {
		return usage{errors.New("a conflict takes two tablets: --devices 2 or more")}
	}
	if c.Hold && c.Keep == "" {
		return usage{errors.New("--hold leaves all in the tablets' stores: name a folder for them with --keep")}
	}
	invitation, err := c.invitation(w)
	if err != nil {
		return err
	}
	dir, remove, err := c.folder()
	if err != nil {
		return err
	}
	defer remove()
	ctx, cancel := context.WithTimeout(w, c.Patience)
	defer cancel()
	start := w.now()
	team, err := c.assemble(ctx, w, dir, invitation)
	defer team.close()
	if err != nil {
		return err
	}
	result, err := c.work(ctx, team)
	result.Seconds = w.now().Sub(start).Seconds()
	if printed := c.print(w, result); printed != nil {
		return printed
	}
	if err != nil && result.Waiting > 0 && result.Sent > 0 {
		return outcome{exitPartly, fmt.Sprintf("%s still waiting: %s", entries(result.Waiting), sentence(err))}
	}
	return err
}

// invitation finds how the tablets get into the project.
func (c *simulateCommand) invitation(w *world) (device.Invitation, error) {
	for _, link := range []string{c.Invite, c.Server} {
		if i, err := device.ParseLink(link); err == nil {
			return i, nil
		} else if link != "" && link == c.Invite {
			return i, usage{fmt.Errorf("--invite takes a whole invitation link, as the collector printed it: %w", err)}
		}
	}
	col, err := openCollector(w, c.Data)
	if errors.Is(err, errNoCollector) {
		return device.Invitation{}, usage{errors.New("the tablets need an invitation: give the one that the collector printed with --invite, or its data folder with --data")}
	}
	if err != nil {
		return device.Invitation{}, err
	}
	defer col.archive.Close()
	i, err := col.invite(w, device.Enumerator, c.Devices, 1)
	i.Address = c.Server
	return i, err
}

// folder returns where the tablets' stores lie, and what removes it.
func (c *simulateCommand) folder() (string, func(), error) {
	if c.Keep != "" {
		return c.Keep, func() {}, os.MkdirAll(c.Keep, 0o700)
	}
	dir, err := os.MkdirTemp("", "vereda-simulate-")
	return dir, func() { os.RemoveAll(dir) }, err
}

// assemble enrols the tablets and brings them the forms.
func (c *simulateCommand) assemble(ctx context.Context, w *world, dir string, i device.Invitation) (team, error) {
	all := make(team, c.Devices)
	g, within := errgroup.WithContext(ctx)
	g.SetLimit(8)
	forms := newShelf()
	for n := range all {
		if within.Err() != nil {
			break // one failed, or somebody wants it to end
		}
		g.Go(func() error {
			t, err := newSimTablet(within, w, simPlan{dir: dir, number: n + 1, seed: c.Seed, form: c.Form, forms: forms}, i)
			all[n] = t
			return err
		})
	}
	return all, cmp.Or(g.Wait(), ctx.Err())
}

// work captures, plants the conflicts, and sends all there is.
func (c *simulateCommand) work(ctx context.Context, all team) (simulated, error) {
	result := simulated{Devices: c.Devices, Interviews: c.Interviews, Seed: c.Seed, Conflicts: []plantedAnswers{}}
	random := rand.New(rand.NewSource(c.Seed))
	disputed := map[int]bool{}
	for _, n := range random.Perm(c.Interviews)[:int(math.Round(c.Conflicts*float64(c.Interviews)))] {
		disputed[n] = true
	}
	err := all.each(func(n int, t *simTablet) error {
		for i := n; i < c.Interviews; i += len(all) {
			if err := t.capture(disputed[i]); err != nil {
				return err
			}
			if !c.Hold && t.captured%sendEvery == 0 {
				if err := t.send(ctx); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil {
		result.Conflicts, err = all.dispute()
	}
	if err == nil && !c.Hold {
		err = all.each(func(_ int, t *simTablet) error { return t.send(ctx) })
	}
	for _, t := range all {
		result.Revisions += t.revisions
		result.Sent += t.sent
		result.Retries += t.retries
		waiting, failed := t.store.Waiting("")
		result.Waiting += waiting
		err = errors.Join(err, failed)
	}
	return result, err
}

// sendEvery is after how many interviews a simulated tablet finds a link.
const sendEvery = 10

func (c *simulateCommand) print(w *world, r simulated) error {
	if c.JSON {
		return printJSON(w.out, r)
	}
	_, err := fmt.Fprintf(w.out, "%s, %d interviews, %d revisions: %d sent, %d waiting; %s planted; %d exchanges tried again; %.1f s, seed %d\n",
		count(r.Devices, "tablet"), r.Interviews, r.Revisions, r.Sent, r.Waiting, count(len(r.Conflicts), "conflict"), r.Retries, r.Seconds, r.Seed)
	return err
}
