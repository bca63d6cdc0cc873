package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress shows how far long work has come: on a terminal in one line that is rewritten, elsewhere in a line every
// two seconds. Short work shows nothing.
type progress struct {
	out      io.Writer
	verb     string
	things   string
	total    int // 0 where it is not known
	started  time.Time
	shown    time.Time
	terminal bool
}

func newProgress(out io.Writer, verb, things string, total int) *progress {
	now := time.Now()
	file, ok := out.(*os.File)
	terminal := false
	if ok {
		info, err := file.Stat()
		terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return &progress{out: out, verb: verb, things: things, total: total, started: now, shown: now, terminal: terminal}
}

// at reports how many are done.
func (p *progress) at(n int) {
	pause, end := 2*time.Second, "\n"
	if p.terminal {
		pause, end = time.Second/2, "\r"
	}
	if time.Since(p.shown) < pause {
		return
	}
	p.shown = time.Now()
	of := ""
	if p.total > 0 {
		of = fmt.Sprintf(" of %d (%d %%)", p.total, 100*n/p.total)
	}
	_, _ = fmt.Fprintf(p.out, "%s: %d%s %s, %.0f s%s", p.verb, n, of, p.things, time.Since(p.started).Seconds(), end)
}

// done ends the line on a terminal.
func (p *progress) done() {
	if p.terminal && p.shown != p.started {
		_, _ = fmt.Fprintln(p.out)
	}
}
