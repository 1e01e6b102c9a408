import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// While pages are drawn, another program answers /api: the mock server of
// test/mockserver, or a real station whose address HEJIE_API names.
const api = process.env["HEJIE_API"] ?? "http://127.0.0.1:4180";

export default defineConfig({
  plugins: [react()],
  // Relative, so that the same files serve under any address and in the window.
  base: "./",
  server: { host: "127.0.0.1", proxy: { "/api": { target: api } } },
  preview: { host: "127.0.0.1", proxy: { "/api": { target: api } } },
  build: {
    // WebKitGTK 2.40 and WebView2 are newer than this.
    target: ["es2022", "safari16.4"],
    // Fonts stay files: inlined, every start would parse them all.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
    restoreMocks: true,
    // Pages are drawn and walked through key by key, on machines shared with the Go tests.
    testTimeout: 30_000,
  },
});
