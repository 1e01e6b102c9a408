package exchange_test

import (
	"testing"

	"hejie/sync/exchange/exchangetest"
)

func TestMemoryRoad(t *testing.T) { exchangetest.Run(t, exchangetest.Memory) }
