package store

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	moderncsqlite "modernc.org/sqlite"
)

// sqliteDialector is gorm's own over the pure Go driver, whose errors gorm cannot tell apart by itself.
type sqliteDialector struct{ gorm.Dialector }

// SQLite's extended result codes.
const (
	sqliteBusy, sqliteLocked          = 5, 6
	sqliteFull                        = 13
	sqliteForeignKey, sqliteCheck     = 787, 275
	sqlitePrimaryKey, sqliteUniqueKey = 1555, 2067
)

var (
	errBusy = errors.New("the database is busy") // another process holds the write lock
	errFull = errors.New("the disk is full")
)

// Translate gives the errors of the driver the names that gorm has for them.
func (d sqliteDialector) Translate(err error) error {
	var e *moderncsqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case sqlitePrimaryKey, sqliteUniqueKey:
		return gorm.ErrDuplicatedKey
	case sqliteForeignKey:
		return gorm.ErrForeignKeyViolated
	case sqliteCheck:
		return gorm.ErrCheckConstraintViolated
	}
	switch e.Code() & 0xff { // without what extends the code
	case sqliteBusy, sqliteLocked:
		return errBusy
	case sqliteFull:
		return errFull
	}
	return err
}

// inAddress writes what has a meaning in an address as part of a path.
var inAddress = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

// openSQLite begins each transaction with the write lock, since a transaction that reads first and writes later fails
// at once when another wrote between; times are kept as UTC text. What is deleted or replaced is overwritten, since what
// was withdrawn or purged must not stay in the file.
func openSQLite(path string, busyWait time.Duration) gorm.Dialector {
	dsn := "file:" + inAddress.Replace(path) + "?_time_format=sqlite&_timezone=UTC&_txlock=immediate" +
		fmt.Sprintf("&_pragma=busy_timeout(%d)", busyWait.Milliseconds()) +
		"&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=synchronous(full)&_pragma=secure_delete(1)"
	return sqliteDialector{sqlite.New(sqlite.Config{DriverName: "sqlite", DSN: dsn})}
}
