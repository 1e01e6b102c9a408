import axe from "axe-core";

/** What axe finds wrong; colours are not drawn here and have a test of their own. */
export async function axeFindings(element: Element): Promise<string[]> {
  const found = await axe.run(element, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  return found.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html ?? ""}`);
}
