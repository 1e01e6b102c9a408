import { defineConfig } from "vitest/config";

// A test drives a browser and a program, so it takes seconds and two at a time
// are what two cores bear.
export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["src/shared.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
