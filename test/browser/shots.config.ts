import { defineConfig } from "vitest/config";

// Pictures of every screen, for a person to look at: `make shots`.
export default defineConfig({
  test: {
    include: ["shots/**/*.shot.ts"],
    globalSetup: ["src/shared.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
