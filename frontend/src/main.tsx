import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import "@fontsource-variable/noto-sans-sc/index.css";
import "@fontsource-variable/noto-serif-sc/index.css";
import "../.fonts/rare.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/cases.css";
import { ApiError } from "./api/errors";
import { App } from "./app/App";
import { ErrorBoundary } from "./app/ErrorBoundary";
import { TextProvider } from "./components/text";
import { Announcer } from "./components/ui/Announce";

// A refusal stays a refusal; only a station that did not answer is asked again.
const mostRetries = 2;
const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      networkMode: "always",
      retry: (count, error) => count < mostRetries && (!(error instanceof ApiError) || error.status === 0 || error.status === 503),
    },
    mutations: { networkMode: "always" },
  },
});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <TextProvider>
      <ErrorBoundary>
        <QueryClientProvider client={client}>
          <Announcer>
            <App />
          </Announcer>
        </QueryClientProvider>
      </ErrorBoundary>
    </TextProvider>
  </StrictMode>,
);
