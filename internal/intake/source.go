package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/google/uuid"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Kind of what a file holds.
type Kind string

// The kinds.
const (
	OutcomesKind       Kind = "outcomes"
	ParticipationsKind Kind = "participations"
	ReportedKind       Kind = "reported"
)

// Source says what a file is.
type Source struct {
	Kind   Kind
	Format Format // CSV where it is empty
	// Round that the file is for; nil where its rows say so themselves, as those of the command line do. A given round
	// must be there; rows that name their own may make a synthetic one.
	Round *barometer.Year
	// Why outcomes that were entered before are changed: kept with each that the file changes. A file for a given round
	// that changes some is refused without it.
	Why *string
	// DryRun does all that an import does, and keeps nothing of it.
	DryRun bool
	// Progress is told the number of rows read so far; it may be nil.
	Progress func(rows int)
}

// ErrDryRun ends the transaction of a dry run that found nothing wrong.
var ErrDryRun = errors.New("a dry run keeps nothing")

// Import takes in a file of outcomes or participations for a given round, in the caller's transaction and in the name of
// its caller, and gives its receipt. It waits for publications and other imports of whatever round. Invalid lists every problem of the file;
// State says that the round does not take it now, NotFound that there is no such round, TooLarge that the file unpacks
// to too much, Malformed that it cannot be read.
//
// A dry run ends with ErrDryRun beside the receipt, so that the transaction is taken back.
func Import(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, source Source, file io.ReaderAt) (barometer.Import, error) {
	if source.Round == nil || source.Kind == ReportedKind {
		return barometer.Import{}, errors.New("an import takes outcomes or participations of a given round")
	}
	done, err := take(ctx, tx, cat, source, file)
	if len(done.imports) == 0 {
		return barometer.Import{}, err
	}
	return done.imports[0], err
}

// Receipt says what an import did in all.
type Receipt struct {
	Rows      int
	Added     int
	Changed   int
	Unchanged int
	Cases     int              // cases added
	Rounds    []barometer.Year // rounds created
	Warnings  []barometer.FieldError
}

// Run takes in a file of outcomes or reported figures, whose rows name their rounds, in a transaction of its own, which
// a dry run takes back. Its errors are those of Import.
func Run(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, source Source, file io.ReaderAt) (Receipt, error) {
	var done taken
	if source.Kind == ParticipationsKind {
		return done.Receipt, errors.New("participations are those of a given round")
	}
	err := s.Tx(ctx, func(tx *store.Store) (err error) {
		done, err = take(ctx, tx, cat, source, file)
		return err
	})
	if err != nil && !errors.Is(err, ErrDryRun) {
		return Receipt{}, err
	}
	return done.Receipt, nil
}

// Outcomes takes in a CSV file of outcomes; see Run.
func Outcomes(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, file io.ReaderAt, progress func(rows int)) (Receipt, error) {
	return Run(ctx, s, cat, Source{Kind: OutcomesKind, Progress: progress}, file)
}

// Reported takes in a CSV file of reported figures; see Run.
func Reported(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, file io.ReaderAt, progress func(rows int)) (Receipt, error) {
	return Run(ctx, s, cat, Source{Kind: ReportedKind, Progress: progress}, file)
}

// upload is a file with its size and checksum.
type upload struct {
	io.ReaderAt
	size     int64
	checksum string
}

// reader reads the file from its beginning.
func (u upload) reader() io.Reader { return io.NewSectionReader(u.ReaderAt, 0, u.size) }

func measured(file io.ReaderAt) (upload, error) {
	sum := sha256.New()
	size, err := io.Copy(sum, io.NewSectionReader(file, 0, math.MaxInt64))
	if err != nil {
		return upload{}, unreadable(err)
	}
	return upload{file, size, "sha256:" + hex.EncodeToString(sum.Sum(nil))}, nil
}

// taken is what an import did: in all, and with a receipt for each round that it is about.
type taken struct {
	Receipt
	imports []barometer.Import
}

// importing is an import under way.
type importing struct {
	Source
	tx     *store.Store
	cat    *catalogue.Catalogue
	file   upload
	rounds rounds
	rows   int
	*problems
}

// take does the whole of an import.
func take(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, source Source, file io.ReaderAt) (done taken, err error) {
	in := importing{Source: source, tx: tx, cat: cat, problems: newProblems()}
	in.checkWhy()
	if in.file, err = measured(file); err != nil {
		return done, err
	}
	if _, err := tx.LockDataset(ctx); err != nil { // wait for publications and other imports
		return done, err
	}
	if in.rounds, err = readRounds(ctx, tx, cat, source.Round); err != nil {
		return done, err
	}
	switch source.Kind {
	case OutcomesKind:
		done, err = in.outcomes(ctx)
	case ParticipationsKind:
		done, err = in.participations(ctx)
	case ReportedKind:
		done, err = in.reported(ctx)
	default:
		err = fmt.Errorf("there is no import of %s", source.Kind)
	}
	if err == nil && source.DryRun {
		err = ErrDryRun
	}
	return done, err
}

// checkWhy checks the explanation of what the file changes.
func (in *importing) checkWhy() {
	if in.Why == nil {
		return
	}
	code, wrong := barometer.CheckText(*in.Why, barometer.MostNote)
	if strings.TrimSpace(*in.Why) == "" {
		code, wrong = "too_short", "want at least 1 character"
	}
	if code != "" {
		in.add(barometer.FieldError{Parameter: "why", Code: code}, "%s", wrong)
	}
}

// table gives the file as a table of columns.
func (in *importing) table(columns []column) table { return table{in.file, columns, in.problems} }

// counted counts a row that was read.
func (in *importing) counted() {
	in.rows++
	if in.Progress != nil {
		in.Progress(in.rows)
	}
}

// receipt begins the receipt of what an import does to a round.
func (in *importing) receipt(year barometer.Year) (*barometer.Import, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	text, caller := id.String(), in.tx.Caller()
	return &barometer.Import{
		ID: &text, Round: year, Kind: string(in.Kind), Format: string(in.format()), DryRun: in.DryRun, Bytes: int(in.file.size),
		Checksum: in.file.checksum, Warnings: []barometer.FieldError{}, At: in.tx.Now(), Caller: caller.ID, Role: caller.Role,
	}, nil
}

func (in *importing) format() Format {
	if in.Format == "" {
		return CSV
	}
	return in.Format
}

// keep stores a receipt, records the import in the trail, and adds it to what is done.
func (in *importing) keep(ctx context.Context, done *taken, r barometer.Import) error {
	done.Rows += r.Rows
	done.Added += r.Added
	done.Changed += r.Changed
	done.Unchanged += r.Unchanged
	done.Cases += r.Cases
	if in.DryRun {
		r.ID = nil
		done.imports = append(done.imports, r)
		return nil
	}
	done.imports = append(done.imports, r)
	in.tx.Record(barometer.EventChange, in.action(), fmt.Sprintf("/v1/rounds/%d/imports/%s", r.Round, *r.ID))
	return in.tx.AddImport(ctx, r)
}

// action names the import in the trail: by the operation where the round is given, else by the command.
func (in *importing) action() string {
	switch {
	case in.Kind == ParticipationsKind:
		return "importParticipations"
	case in.Round != nil:
		return "createImport"
	case in.Kind == ReportedKind:
		return "importReported"
	}
	return "importOutcomes"
}
