// Command barometer is the service and its tools: serve, migrate, import, publish, verify, keys and synth. It is the only
// place that wires the parts together.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "barometer:", err)
		os.Exit(1)
	}
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "barometer",
		Short: "The open service behind the Børnesagsbarometer",
		Long: `The open service behind the Børnesagsbarometer: from the first case of an audit
round to the published figure. Start with:

  barometer serve`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(serveCommand(), migrateCommand(), importCommand(), publishCommand(), reopenCommand(), synthCommand(), verifyCommand(), keysCommand())
	return root
}
