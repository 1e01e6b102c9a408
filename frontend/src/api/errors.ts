// What went wrong, as the station says it: a stable code and, where the rule's
// owner wrote them, sentences in both languages.
import type { Reason } from "./types";

export interface ProblemBody extends Reason {
  status: number;
  retry_after?: number;
  fields?: Reason[];
}

/** The code of a station that does not answer at all. */
export const NO_ANSWER = "no_answer";

export class ApiError extends Error {
  readonly problem: ProblemBody;

  constructor(problem: ProblemBody) {
    super(problem.detail ?? problem.code);
    this.name = "ApiError";
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

export function unreachable(): ApiError {
  return new ApiError({ code: NO_ANSWER, status: 0 });
}

export async function problemOf(answer: Response): Promise<ProblemBody> {
  try {
    const body = (await answer.json()) as Partial<ProblemBody>;
    if (typeof body.code === "string" && body.code !== "") return { ...body, code: body.code, status: answer.status };
    return { code: `http_${answer.status}`, status: answer.status, detail: body.detail };
  } catch {
    return { code: `http_${answer.status}`, status: answer.status };
  }
}

/** Whatever was thrown, as a problem that can be shown. */
export function asProblem(thrown: unknown): ProblemBody {
  if (thrown instanceof ApiError) return thrown.problem;
  return { code: "page_fault", status: 0, detail: thrown instanceof Error ? thrown.message : String(thrown) };
}
