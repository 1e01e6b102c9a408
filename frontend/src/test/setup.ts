import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// Not a pause: the longest that an expected sentence may take on a busy machine.
configure({ asyncUtilTimeout: 10_000 });
afterEach(cleanup);

// jsdom knows no media queries.
Object.defineProperty(window, "matchMedia", {
  value: () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }),
});
