package tablet

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"vereda/fyne-app/screen"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// patience is how long the way into a project may take.
const patience = time.Minute

// Member tells who this tablet is in its project.
func (t *Tablet) Member() (screen.Member, bool) {
	m, ok := t.membership()
	if !ok {
		return screen.Member{}, false
	}
	return screen.Member{Project: m.Project.Name, Address: m.Address, Name: t.name(), Device: string(t.key.ID())}, true
}

// Join goes through the door in the background.
func (t *Tablet) Join(i screen.Invitation, done func(error)) {
	go func() {
		err := t.Enrol(context.Background(), i)
		fyne.Do(func() { done(err) })
	}()
}

// Enrol makes this tablet a member of the project that invites. Errors that a person can do something about are *screen.JoinError.
func (t *Tablet) Enrol(ctx context.Context, i screen.Invitation) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	invitation, err := t.read(ctx, i)
	if err != nil {
		return err
	}
	m, err := transfer.Enrol(ctx, invitation, t.key, i.Name)
	if err != nil {
		return joinError(err)
	}
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := t.store.SetSetting(settingName, []byte(i.Name)); err != nil {
		return err
	}
	if err := t.store.SetSetting(settingMembership, b); err != nil {
		return err
	}
	t.courier.Send()
	return nil
}

// read makes an invitation of what was pasted or typed. An address alone is asked whose it is.
func (t *Tablet) read(ctx context.Context, i screen.Invitation) (device.Invitation, error) {
	if link := strings.TrimSpace(i.Link); link != "" {
		invitation, err := device.ParseLink(link)
		var text *device.TextError
		if errors.As(err, &text) && text.Reason == device.NewerLink {
			return invitation, &screen.JoinError{Code: "newer", Detail: err.Error()}
		}
		if err != nil {
			return invitation, &screen.JoinError{Code: "link", Detail: err.Error()}
		}
		return invitation, nil
	}
	code, err := device.ParseCode(i.Code)
	if err != nil {
		return device.Invitation{}, &screen.JoinError{Code: "code", Detail: err.Error()}
	}
	address := strings.TrimSuffix(strings.TrimSpace(i.Address), "/")
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	check := strings.TrimSpace(i.Check)
	if check != "" {
		if check, err = device.ParseCheck(check); err != nil {
			return device.Invitation{}, &screen.JoinError{Code: "letters", Detail: err.Error()}
		}
	}
	invitation, err := transfer.Invited(ctx, address, code, check)
	if err != nil {
		return device.Invitation{}, joinError(err)
	}
	return invitation, nil
}

// ofAnother are the codes of a collector whose project another invitation is for: it cannot check what is signed for that one. notNow are those of
// one that has a problem of its own.
var (
	ofAnother = []string{transfer.CodeSignature, transfer.CodeOtherProject}
	notNow    = []string{transfer.CodeBusy, transfer.CodeInternal, transfer.CodeFull}
)

// joinError says what a person can do about an error.
func joinError(err error) error {
	var problem *transfer.Problem
	var retry *transfer.RetryError
	var other *transfer.PinError
	switch {
	case errors.Is(err, transfer.ErrUnvouched):
		return &screen.JoinError{Code: "check", Detail: err.Error()}
	case errors.As(err, &other):
		return &screen.JoinError{Code: "stranger", Detail: err.Error()}
	case errors.As(err, &problem) && slices.Contains(ofAnother, problem.Code):
		return &screen.JoinError{Code: "foreign", Detail: err.Error()}
	case errors.As(err, &problem) && slices.Contains(notNow, problem.Code):
		return &screen.JoinError{Code: "busy", Detail: err.Error()}
	case errors.As(err, &problem):
		return &screen.JoinError{Code: "refused", Detail: problem.Code}
	case errors.As(err, &retry), errors.Is(err, context.DeadlineExceeded):
		return &screen.JoinError{Code: "offline", Detail: err.Error()}
	}
	return err
}
