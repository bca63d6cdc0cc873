package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/config"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func keysCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "Make, list and revoke the API keys that callers prove themselves with",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return errors.New("which of these? barometer keys create --role ROLE, barometer keys list, or barometer keys revoke ID")
		},
	}
	cmd.AddCommand(createKeyCommand(), listKeysCommand(), revokeKeyCommand())
	return cmd
}

// keyFlags say what a new key is for, as they were typed.
type keyFlags struct{ role, municipality, expires string }

func createKeyCommand() *cobra.Command {
	var f keyFlags
	cmd := &cobra.Command{
		Use:   "create --role ROLE",
		Short: "Make an API key and show it, this once",
		Long: `Make an API key and write it to the standard output. It is kept as a hash alone, so it
cannot be shown again: keep it as a password is kept. Roles:

  municipality  reads its own cases and figures, from the hearing on
  ministry      reads the figures of the country, from the hearing on
  auditor       enters cases and outcomes
  lead          runs rounds, publishes, keeps the records
  admin         reads the trail`,
		Example: `  barometer keys create --role lead --expires 2027-01-01
  barometer keys create --role municipality --municipality 0707 --expires 90d`,
		Args: cobra.NoArgs,
	}
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		cat, err := catalogue.Load()
		if err != nil {
			return err
		}
		key, err := f.key(cat, time.Now())
		if err != nil {
			return err
		}
		return withMigrated(func(ctx context.Context, b base, _ []string) error {
			return b.createKey(ctx, key, cmd.OutOrStdout())
		})(cmd, args)
	}
	config.AddFlags(cmd.Flags(), config.Database...)
	cmd.Flags().StringVar(&f.role, "role", "", "what the key may do: "+barometer.List(barometer.KeyRoles()))
	cmd.Flags().StringVar(&f.municipality, "municipality", "", "of a key of role municipality: its code, such as 0707")
	cmd.Flags().StringVar(&f.expires, "expires", "", "when the key ends: a date (at 00:00 UTC), or after 90d or 12h; empty: never")
	return cmd
}

// key checks the flags. The error names all that is wrong with them, and what is allowed.
func (f keyFlags) key(cat *catalogue.Catalogue, now time.Time) (barometer.APIKey, error) {
	var problems []string
	refuse := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	key := barometer.APIKey{Role: barometer.Role(f.role)}
	if !slices.Contains(barometer.KeyRoles(), key.Role) {
		refuse("--role: want one of %s", barometer.List(barometer.KeyRoles()))
	}
	code, known := cat.FindMunicipality(f.municipality)
	switch isMunicipality := key.Role == barometer.RoleMunicipality; {
	case f.municipality != "" && !known:
		refuse("--municipality: there is none of this code or name; want one such as 0707 or Norddjurs")
	case isMunicipality && f.municipality == "":
		refuse("--municipality: a key of role municipality is for one of them; want its code, such as 0707")
	case !isMunicipality && f.municipality != "":
		refuse("--municipality: it goes with --role municipality alone; a key of another role is for all of them")
	case isMunicipality:
		key.Municipality = &code
	}
	end, err := expiry(f.expires, now)
	if err != nil {
		refuse("--expires: %v", err)
	}
	key.ExpiresAt = end
	if len(problems) > 0 {
		return key, fmt.Errorf("no key was made:\n  %s", strings.Join(problems, "\n  "))
	}
	return key, nil
}

// expiry reads when a key ends: nil for never.
func expiry(text string, now time.Time) (*time.Time, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // never is an answer
	}
	end, err := time.Parse(time.DateOnly, text)
	if days, isDays := strings.CutSuffix(text, "d"); err != nil && isDays {
		var n int
		if n, err = strconv.Atoi(days); err == nil {
			end = now.UTC().AddDate(0, 0, min(max(n, 0), 10_000_000))
		}
	} else if err != nil {
		var d time.Duration
		d, err = time.ParseDuration(text)
		end = now.UTC().Add(d)
	}
	switch {
	case err != nil:
		return nil, errors.New("want a date such as 2027-01-01, or a time from now such as 90d or 12h")
	case !end.After(now):
		return nil, errors.New("the key would have ended already; want a date in the future, or a time from now such as 90d")
	case end.Year() > 9999:
		return nil, errors.New("want an end before the year 10000, or no end at all")
	}
	end = end.Truncate(time.Second)
	return &end, nil
}

func (b base) createKey(ctx context.Context, key barometer.APIKey, out io.Writer) error {
	text, id, err := barometer.NewKey(rand.Reader)
	if err != nil {
		return err
	}
	key.ID, key.Hash = id, barometer.HashKey(text)
	err = b.store.Tx(ctx, func(tx *store.Store) error {
		key.CreatedAt = tx.Now()
		tx.Record(barometer.EventChange, "createKey", "/keys/"+id)
		return tx.AddKey(ctx, key)
	})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, text); err != nil {
		return fmt.Errorf("key %s was made and could not be written; revoke it: %w", id, err)
	}
	whose, ends := string(key.Role), "It has no end."
	if key.Municipality != nil {
		whose += " " + *key.Municipality
	}
	if key.ExpiresAt != nil {
		ends = "It ends " + key.ExpiresAt.Format(time.RFC3339) + "."
	}
	b.say("Made key %s (%s). %s It is shown this once: keep it as a password is kept. With it in KEY, try:", id, whose, ends)
	b.say(`  curl -H "Authorization: Bearer $KEY" http://%s/v1/me`, reachable(b.config.Listen))
	return nil
}

func listKeysCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the API keys, ended and revoked ones too",
		Args:  cobra.NoArgs,
	}
	cmd.RunE = withStored(func(ctx context.Context, b base, _ []string) error {
		keys, err := b.store.Keys(ctx)
		if err != nil {
			return err
		}
		if asJSON {
			encoder := json.NewEncoder(cmd.OutOrStdout())
			encoder.SetIndent("", "  ")
			return encoder.Encode(append([]barometer.APIKey{}, keys...))
		}
		return writeKeys(cmd.OutOrStdout(), keys)
	})
	config.AddFlags(cmd.Flags(), config.Database...)
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func writeKeys(out io.Writer, keys []barometer.APIKey) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "KEY\tROLE\tMUNICIPALITY\tCREATED\tEXPIRES\tREVOKED\tLAST USED") //nolint:errcheck // Flush says it
	at := func(t *time.Time) string {
		if t == nil {
			return "-"
		}
		return t.UTC().Format(time.RFC3339)
	}
	for _, k := range keys {
		municipality := "-"
		if k.Municipality != nil {
			municipality = *k.Municipality
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Role, municipality, //nolint:errcheck // Flush says it
			at(&k.CreatedAt), at(k.ExpiresAt), at(k.RevokedAt), at(k.LastUsedAt))
	}
	return table.Flush()
}

func revokeKeyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "revoke ID",
		Short:   "End an API key at once",
		Long:    "End an API key. ID is its name in barometer keys list, or the key itself.",
		Example: "  barometer keys revoke k7q2mzd4",
		Args:    cobra.ExactArgs(1),
		RunE: withStored(func(ctx context.Context, b base, args []string) error {
			id := args[0]
			if ofKey, isKey := barometer.ParseKey(id); isKey {
				id = ofKey
			}
			err := b.store.Tx(ctx, func(tx *store.Store) error {
				tx.Record(barometer.EventChange, "revokeKey", "/keys/"+id)
				return tx.RevokeKey(ctx, id)
			})
			if barometer.KindOf(err) == barometer.NotFound {
				return errors.New("there is no key of this id; barometer keys list shows those there are") // which may be a mistyped key
			}
			if err != nil {
				return err
			}
			b.say("Revoked key %s. A service that is running refuses it within 5 seconds.", id)
			return nil
		}),
	}
	config.AddFlags(cmd.Flags(), config.Database...)
	return cmd
}
