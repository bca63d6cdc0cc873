package config_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/boernesagsbarometer/barometer/internal/config"
)

func load(t *testing.T, args ...string) (config.Config, error) {
	t.Helper()
	flags := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	config.AddFlags(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	return config.Load(flags)
}

func TestFlagsStandOverTheEnvironmentOverDefaults(t *testing.T) {
	t.Setenv("BAROMETER_REQUEST_TIMEOUT", "7s")
	t.Setenv("BAROMETER_LISTEN", "127.0.0.1:1")
	c, err := load(t, "--listen", "127.0.0.1:2")
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:2" || c.RequestTimeout != 7*time.Second || c.DataDir != "./data" {
		t.Errorf("%+v", c)
	}
}

func TestAMistypedSettingIsNamed(t *testing.T) {
	t.Setenv("BAROMETER_LISEN", "127.0.0.1:1")
	if _, err := load(t); err != nil || !slices.Contains(config.Unknown(), "BAROMETER_LISEN") {
		t.Errorf("%v %v", config.Unknown(), err)
	}
}

func TestEveryBadSettingIsNamedAtOnce(t *testing.T) {
	t.Setenv("BAROMETER_DATABASE_URL", "mysql://x")
	_, err := load(t, "--listen", "8080", "--release-poll", "0s")
	for _, name := range []string{"BAROMETER_DATABASE_URL", "BAROMETER_LISTEN", "BAROMETER_RELEASE_POLL"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in: %v", name, err)
		}
	}
	t.Setenv("BAROMETER_REQUEST_TIMEOUT", "soon")
	t.Setenv("BAROMETER_CACHE_MIB", "much")
	_, err = load(t)
	for _, name := range []string{"BAROMETER_REQUEST_TIMEOUT", "BAROMETER_CACHE_MIB"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in: %v", name, err)
		}
	}
}
