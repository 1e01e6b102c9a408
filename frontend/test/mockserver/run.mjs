// Starts the mock server: `npm run mock`, then `npm run dev` in another window.
import { runnerImport } from "vite";

const { module } = await runnerImport(new URL("./main.ts", import.meta.url).pathname);
module.start(Number(process.env.PORT ?? 4180));
