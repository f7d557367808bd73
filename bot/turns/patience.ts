const firstRetryMs = 500;
const longestMs = 5 * 60_000;

/** How long to wait after a failed attempt, in milliseconds: longer each time, up to five minutes. */
export function patience(attempt: number): number {
  return Math.min(firstRetryMs * 4 ** (attempt - 1), longestMs);
}
