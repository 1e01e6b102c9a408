// Makes the TypeScript types of the API's client from openapi.json.
//
//   node app/api/client.mjs            writes frontend/src/api/schema.gen.ts
//
// Its first line names the description's SHA-256, which a Go test compares.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const frontend = path.resolve(here, "../../frontend");
// openapi-typescript is a development dependency of the frontend.
const modules = createRequire(path.join(process.env.HEJIE_NODE_MODULES ?? frontend, "package.json"));
const load = async (name) => {
  const m = await import(pathToFileURL(modules.resolve(name)).href);
  return m.default?.default ? m.default : m;
};
const generator = await load("openapi-typescript");

const source = path.join(here, "openapi.json");
const target = path.join(frontend, "src/api/schema.gen.ts");
const text = await readFile(source);
const hash = createHash("sha256").update(text).digest("hex");
const ast = await generator.default(pathToFileURL(source), { alphabetize: false, rootTypes: false });
const body = generator.astToString(ast);
await mkdir(path.dirname(target), { recursive: true });
await writeFile(
  target,
  `// Made from app/api/openapi.json (sha256 ${hash}) by app/api/client.mjs; do not edit.\n\n${body}`,
);
