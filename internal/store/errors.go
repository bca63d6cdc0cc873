package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// translate turns what a driver says into an error of a kind, with the operation for the log. A constraint that fails
// is a bug where validation should have refused first, so its text stays inside.
func translate(op string, err *error) {
	if *err == nil {
		return
	}
	var known *barometer.Error
	if errors.As(*err, &known) {
		return
	}
	e := &barometer.Error{Kind: barometer.Internal, Message: "Something went wrong here.", Err: errors.Join(errors.New(op), *err)}
	switch {
	case errors.Is(*err, gorm.ErrRecordNotFound):
		e.Kind, e.Message = barometer.NotFound, "There is no such thing."
	case errors.Is(*err, gorm.ErrDuplicatedKey):
		e.Kind, e.Message = barometer.Conflict, "It exists already."
	case errors.Is(*err, gorm.ErrForeignKeyViolated):
		e.Kind, e.Message = barometer.Invalid, "It refers to something that is not there."
	case unavailable(*err):
		e.Kind, e.Message = barometer.Unavailable, "The database does not answer just now; try again."
	}
	*err = e
}

// unavailable tells a fault of the moment from a bug.
func unavailable(err error) bool {
	var network *net.OpError // not net.Error, which every errno is, a file's too
	var connect *pgconn.ConnectError
	var pg *pgconn.PgError
	switch {
	case errors.Is(err, errBusy), errors.Is(err, errFull), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled),
		errors.Is(err, sql.ErrTxDone), // the context ended between two statements of a transaction
		errors.Is(err, driver.ErrBadConn), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &network), errors.As(err, &connect):
		return true
	case errors.As(err, &pg):
		// 40: serialisation, deadlock; 53: resources; 57: shutting down, cancelled; 08: connection.
		switch pg.Code[:2] {
		case "40", "53", "57", "08":
			return true
		}
	}
	return false
}
