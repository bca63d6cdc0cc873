package api_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/store"
)

// BenchmarkScorecard compares a scorecard with a bare Echo handler that sends the same bytes.
func BenchmarkScorecard(b *testing.B) {
	handler := historyHandler(b, openStore(b, store.Options{DataDir: b.TempDir()}))
	body := serve1(b, handler, scorecardAddress)
	for name, h := range map[string]http.Handler{"service": handler, "bare": bareEcho(body)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					serve1(b, h, scorecardAddress)
				}
			})
		})
	}
}

// serve1 has a handler answer one request.
func serve1(tb testing.TB, handler http.Handler, address string) []byte {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequestWithContext(tb.Context(), http.MethodGet, address, nil))
	if recorder.Code != http.StatusOK {
		tb.Errorf("%s: %d %s", address, recorder.Code, recorder.Body)
	}
	return recorder.Body.Bytes()
}

// bareEcho answers every GET with the same bytes and does nothing else.
func bareEcho(body []byte) http.Handler {
	e := echo.New()
	e.GET("/*", func(c echo.Context) error { return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, body) })
	return e
}

// TestBarePeer serves the bytes of a file by a bare Echo handler, for measurements of load beside the service: on the
// address in BAROMETER_BARE_PEER, until its standard input is closed or ten minutes have passed.
func TestBarePeer(t *testing.T) {
	address, file := os.Getenv("BAROMETER_BARE_PEER"), os.Getenv("BAROMETER_BARE_PEER_BODY")
	if address == "" || file == "" {
		t.Skip("only for internal/tools/bench-http")
	}
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("serving on", listener.Addr())
	server := &http.Server{Handler: bareEcho(body), ReadHeaderTimeout: 5 * time.Second}
	stop := func() { _ = server.Close() }
	time.AfterFunc(10*time.Minute, stop)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		t.Fatal(err)
	}
}
