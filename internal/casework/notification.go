package casework

import (
	"context"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func noNotification(number int) error {
	return barometer.Errorf(barometer.NotFound, "The case has no notification %d.", number)
}

// Notifications gives the notifications of a case with what is entered for them, by number.
func Notifications(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case) ([]barometer.Notification, error) {
	s, err := tx.Sheet(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	form, err := Form(ctx, tx, cat, c)
	found := []barometer.Notification{}
	for _, u := range s.Units {
		if u.Number > 0 && !u.Removed {
			found = append(found, barometer.Notification{Case: c.ID, Number: u.Number, Outcomes: outcomesOf(form, u.Number)})
		}
	}
	return found, err
}

func outcomesOf(form barometer.Form, number int) []barometer.FormOutcome {
	of := []barometer.FormOutcome{}
	for _, o := range form.Outcomes {
		if o.Notification != nil && *o.Notification == number {
			of = append(of, o)
		}
	}
	return of
}

// Notification gives a notification of a case; NotFound where it has none of that number.
func Notification(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case, number int) (barometer.Notification, error) {
	found, err := Notifications(ctx, tx, cat, c)
	if err != nil {
		return barometer.Notification{}, err
	}
	for _, n := range found {
		if n.Number == number {
			return n, nil
		}
	}
	return barometer.Notification{}, noNotification(number)
}

// AddNotification adds a notification to a case, with the number after the greatest that was ever used. State where the
// case is withdrawn or has no number left.
func AddNotification(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case) (barometer.Notification, error) {
	s, err := tx.Sheet(ctx, c.ID)
	if err != nil {
		return barometer.Notification{}, err
	}
	last := 0
	for _, u := range s.Units {
		last = max(last, u.Number)
	}
	if last >= barometer.MostNotifications {
		return barometer.Notification{}, barometer.Errorf(barometer.State,
			"The numbers of this case's notifications are used up to %d, the greatest there is.", last)
	}
	return addNotification(ctx, tx, cat, c, last+1)
}

// PutNotification sees to it that a case has a notification of a number. NotFound for what is no number of one, State
// where it was removed, and where the case is withdrawn.
func PutNotification(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case, number int) (_ barometer.Notification, added bool, err error) {
	if number < 1 || number > barometer.MostNotifications {
		return barometer.Notification{}, false, barometer.Errorf(barometer.NotFound,
			"Notifications have numbers from 1 to %d.", barometer.MostNotifications)
	}
	s, err := tx.Sheet(ctx, c.ID)
	if err != nil {
		return barometer.Notification{}, false, err
	}
	for _, u := range s.Units {
		if u.Number != number {
			continue
		}
		if u.Removed {
			return barometer.Notification{}, false, barometer.Errorf(barometer.State,
				"Notification %d of this case was removed, and its number is not used again.", number)
		}
		n, err := Notification(ctx, tx, cat, c, number)
		return n, false, err
	}
	n, err := addNotification(ctx, tx, cat, c, number)
	return n, err == nil, err
}

func addNotification(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case, number int) (barometer.Notification, error) {
	if err := notWithdrawn(c); err != nil {
		return barometer.Notification{}, err
	}
	u := barometer.CaseUnit{CaseID: c.ID, Number: number, Unit: barometer.UnitNotification}
	if err := tx.AddUnit(ctx, u); err != nil {
		return barometer.Notification{}, err
	}
	return Notification(ctx, tx, cat, c, number)
}

// RemoveNotification takes a notification out of its case, with its outcomes and their notes. NotFound where there is
// none of that number, State where the case is withdrawn, Invalid where outcomes are entered and no reason is given.
func RemoveNotification(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case, number int, why *string) error {
	s, err := readSheet(ctx, tx, cat, c)
	if err != nil {
		return err
	}
	if !s.has(number) {
		return noNotification(number)
	}
	var cells []barometer.Cell
	for _, at := range s.cells() {
		if at.Number == number {
			cells = append(cells, at)
		}
	}
	if err := s.remove(ctx, tx, cells, why); err != nil {
		return err
	}
	return tx.RemoveUnit(ctx, c.ID, number)
}
