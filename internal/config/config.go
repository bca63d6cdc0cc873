// Package config reads the settings: from the environment, with flags over them. One struct, one table: a field's tags
// give its variable, its default and its help, and a flag of the same name is made from them.
//
// It imports nothing of the project.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/spf13/pflag"
)

const prefix = "BAROMETER_"

// Config is every setting, checked.
type Config struct {
	Listen          string        `env:"LISTEN" envDefault:"127.0.0.1:8080" help:"address and port to serve on"`
	DatabaseURL     string        `env:"DATABASE_URL" envDefault:"" help:"postgres://… ; empty: the embedded database in the data folder"`
	DataDir         string        `env:"DATA_DIR" envDefault:"./data" help:"folder of the embedded database"`
	CORSOrigins     []string      `env:"CORS_ORIGINS" envDefault:"*" help:"origins whose pages may call the service, separated by commas; none: no other than its own"`
	RequestTimeout  time.Duration `env:"REQUEST_TIMEOUT" envDefault:"5s" help:"longest time spent on one answer"`
	ShutdownTimeout time.Duration `env:"SHUTDOWN_TIMEOUT" envDefault:"15s" help:"longest time given to answers under way when stopping"`
	ReleasePoll     time.Duration `env:"RELEASE_POLL" envDefault:"1s" help:"how often to look for a release made by another process"`
	CacheMiB        int           `env:"CACHE_MIB" envDefault:"128" help:"memory for encoded answers, in MiB"`
}

// fields visits every setting: its variable without the prefix, its default and its help.
func fields(visit func(name, standard, help string)) {
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		visit(tag.Get("env"), tag.Get("envDefault"), tag.Get("help"))
	}
}

func flagOf(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "-")) }

// Database names the settings that every command needs which touches the database.
var Database = []string{"DATABASE_URL", "DATA_DIR"}

// AddFlags makes a flag of the settings named, or of every setting where none is.
func AddFlags(flags *pflag.FlagSet, names ...string) {
	fields(func(name, standard, help string) {
		if names != nil && !slices.Contains(names, name) {
			return
		}
		flags.String(flagOf(name), standard, fmt.Sprintf("%s (%s%s)", help, prefix, name))
	})
}

// Load reads the environment and the flags that were given, and checks the whole. The error names every setting that
// is wrong.
func Load(flags *pflag.FlagSet) (Config, error) {
	values := env.ToMap(os.Environ())
	fields(func(name, _, _ string) {
		if f := flags.Lookup(flagOf(name)); f != nil && f.Changed {
			values[prefix+name] = f.Value.String()
		}
	})
	var c Config
	err := env.ParseWithOptions(&c, env.Options{Prefix: prefix, Environment: values})
	if err != nil {
		return Config{}, named(err)
	}
	if slices.Equal(c.CORSOrigins, []string{"none"}) { // a word of its own: an empty variable means the default
		c.CORSOrigins = nil
	}
	return c, c.check()
}

// testing begins the variables that the tests of this project use.
const testing = prefix + "TEST_"

// Unknown lists the variables that look like settings and are none, such as a mistyped one. They are told of and not
// refused: another version of the program, or another program of the same deployment, may know them.
func Unknown() []string {
	known := Defaults()
	var names []string
	for name := range env.ToMap(os.Environ()) {
		if _, ok := known[name]; !ok && strings.HasPrefix(name, prefix) && !strings.HasPrefix(name, testing) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// named says which setting could not be read, in the words of the environment.
func named(err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return err
	}
	var problems []error
	for _, e := range all.Errors {
		var p env.ParseError
		if !errors.As(e, &p) {
			problems = append(problems, e)
			continue
		}
		field, _ := reflect.TypeFor[Config]().FieldByName(p.Name)
		problems = append(problems, wrong(field.Tag.Get("env"), fmt.Sprintf("this is no %s: %v", kindOf(p.Type), p.Err)))
	}
	return errors.Join(problems...)
}

func kindOf(t reflect.Type) string {
	if t == reflect.TypeFor[time.Duration]() {
		return "duration such as 5s or 2m"
	}
	return "whole number"
}

func wrong(name, problem string) error {
	return fmt.Errorf("setting %s%s (--%s): %s", prefix, name, flagOf(name), problem)
}

func (c Config) check() error {
	var problems []error
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		problems = append(problems, wrong("LISTEN", "want HOST:PORT, such as 127.0.0.1:8080"))
	}
	if u, err := url.Parse(c.DatabaseURL); c.DatabaseURL != "" && (err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql") {
		problems = append(problems, wrong("DATABASE_URL", "want postgres://USER:PASSWORD@HOST:PORT/DATABASE, or nothing for the embedded database"))
	}
	if c.DatabaseURL == "" && c.DataDir == "" {
		problems = append(problems, wrong("DATA_DIR", "want a folder"))
	}
	for _, origin := range c.CORSOrigins {
		if u, err := url.Parse(origin); origin != "*" && (err != nil || u.Scheme == "" || u.Host == "" || u.Path != "") {
			problems = append(problems, wrong("CORS_ORIGINS", "want *, none, or origins such as https://example.dk"))
		}
	}
	positive := func(name string, d time.Duration) {
		if d <= 0 {
			problems = append(problems, wrong(name, "want more than 0"))
		}
	}
	positive("REQUEST_TIMEOUT", c.RequestTimeout)
	positive("SHUTDOWN_TIMEOUT", c.ShutdownTimeout)
	positive("RELEASE_POLL", c.ReleasePoll)
	if c.CacheMiB < 1 {
		problems = append(problems, wrong("CACHE_MIB", "want at least 1"))
	}
	return errors.Join(problems...)
}

// Defaults gives every setting's variable with its default.
func Defaults() map[string]string {
	defaults := map[string]string{}
	fields(func(name, standard, _ string) { defaults[prefix+name] = standard })
	return defaults
}
