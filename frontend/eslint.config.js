// Strict rules: types, hooks, accessibility, the direction of imports, and no
// text in components (every text comes from the message files).
import { readdirSync } from "node:fs";
import importX, { createNodeResolver } from "eslint-plugin-import-x";
import jsxA11y from "eslint-plugin-jsx-a11y";
import react from "eslint-plugin-react";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

const features = readdirSync(new URL("./src/features", import.meta.url));
const PARTS = ["lib", "api", "components", "features", "app"];

// Imports flow lib → api → components → features → app; a feature knows no other.
const upward = PARTS.slice(0, -1).map((part, at) => ({
  target: `./src/${part}`,
  from: PARTS.slice(at + 1).map((above) => `./src/${above}`),
  message: `${part} may not import what lies above it (lib, api, components, features, app)`,
}));
const sideways = features.map((feature) => ({
  target: `./src/features/${feature}`,
  from: "./src/features",
  except: [`./${feature}`],
  message: "features do not import each other: share through components or lib",
}));

// Props that people read or hear; a literal there is a text too.
const SPOKEN = "aria-label|aria-description|aria-roledescription|title|alt|placeholder|label|hint|wrong";

export default ts.config(
  { ignores: ["dist", ".fonts", "node_modules", "test-results", "src/api/schema.gen.ts"] },
  {
    files: ["src/**/*.{ts,tsx}", "test/mockserver/*.ts", "vite.config.ts"],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: ["./tsconfig.json", "./tsconfig.node.json"], tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // Empty texts are as good as none here, so || is often what is meant.
      "@typescript-eslint/prefer-nullish-coalescing": "off",
      // RadioField and CheckboxField replace these; ours wrap them in one file.
      "@typescript-eslint/no-deprecated": ["error", { allow: [{ from: "package", package: "react-aria-components", name: ["Radio", "Checkbox"] }] }],
      "no-console": "error",
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ...jsxA11y.flatConfigs.strict,
    plugins: { ...jsxA11y.flatConfigs.strict.plugins, react, "react-hooks": hooks, "import-x": importX },
    settings: { react: { version: "19" }, "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".tsx", ".json"] })] },
    rules: {
      ...jsxA11y.flatConfigs.strict.rules,
      ...hooks.configs.recommended.rules,
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones: [...upward, ...sideways] }],
      "import-x/no-cycle": "error",
      // Only one folder knows that there may be a desktop around the page.
      "no-restricted-properties": ["error", { object: "window", property: "go", message: "only api/desktop knows the window" }],
      "no-restricted-syntax": [
        "error",
        { selector: `JSXAttribute[name.name=/^(${SPOKEN})$/] > Literal[value=/\\p{L}/u]`, message: "texts come from the message files" },
        { selector: "NewExpression[callee.name='FormData']", message: "a FormData body ends the window's process; send JSON" },
        { selector: "CallExpression[callee.name='fetch']", message: "requests go through api/client" },
        { selector: "ExportAllDeclaration", message: "no barrel files" },
      ],
      "jsx-a11y/label-has-associated-control": ["error", { assert: "either" }],
      // react-virtual hands out functions that a compiler could not memoize; none is used here.
      "react-hooks/incompatible-library": "off",
      // A field that a person has just asked for takes the focus.
      "jsx-a11y/no-autofocus": "off",
    },
  },
  {
    files: ["src/**/*.tsx"],
    ignores: ["src/**/*.test.tsx", "src/test/**"],
    rules: { "react/jsx-no-literals": ["error", { noStrings: true, ignoreProps: true, allowedStrings: [" ", " · ", "·"] }] },
  },
  {
    // The one client, and the stream beside it.
    files: ["src/api/client.ts", "src/api/events.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["src/**/*.test.{ts,tsx}", "src/test/**"],
    rules: {
      "no-restricted-syntax": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/require-await": "off",
      "import-x/no-restricted-paths": "off",
    },
  },
);
