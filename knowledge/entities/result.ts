/** What reading a customer's words came to: the value, or the problem as a code with its facts. */
export type Result<Value, Problem> = { ok: true; value: Value } | { ok: false; problem: Problem };

export function accepted<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}

export function refused<Problem>(problem: Problem): { ok: false; problem: Problem } {
  return { ok: false, problem };
}
