package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"vereda/survey/desk"
)

// settingCommands are the commands about the settings of the whole project.
type settingCommands struct {
	List settingList `cmd:"" help:"List what the project's tablets and collectors are told."`
	Set  settingSet  `cmd:"" help:"Say what a setting is from now on."`
}

// settingList is `vereda setting list`.
type settingList struct {
	Data string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
	JSON bool   `help:"Print JSON."`
}

func (c *settingList) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	list, err := col.archive.Settings(w)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(w.out, list)
	}
	t := table(w)
	for _, s := range list {
		fmt.Fprintf(t, "%s\t%s\tby %s, %s%s\n", s.Name, s.Value, s.By, s.At.Format("2006-01-02 15:04"), mark(s.Disputed, "  DISPUTED: set it again"))
	}
	return t.Flush()
}

func mark(is bool, text string) string {
	if is {
		return text
	}
	return ""
}

// settingSet is `vereda setting set`.
type settingSet struct {
	Name  string `arg:"" help:"photos, keep, recovery, or a name of your own."`
	Value string `arg:"" help:"JSON; a plain word is taken for a text. photos: any, wifi or never. keep: days."`
	saying
}

func (c *settingSet) Run(w *world) error {
	value := json.RawMessage(c.Value)
	if !json.Valid(value) {
		text, err := json.Marshal(c.Value)
		if err != nil {
			return err
		}
		value = text
	}
	if c.Name == desk.Photos && value[0] == '"' {
		value = json.RawMessage(`{"link":` + string(value) + `}`)
	}
	err := c.at(w, "set "+c.Name+" "+string(value), func(_ *collector, d *desk.Desk) error { return d.Set(w, c.By, c.Name, value) })
	var bad *desk.SettingError
	if errors.As(err, &bad) {
		return usage{fmt.Errorf("%s takes %s", bad.Name, bad.Reason)}
	}
	return err
}
