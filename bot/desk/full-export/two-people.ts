import type { Audit, AuditRecord } from '../audit.ts';
import type { Deed } from '../desk-api.ts';

const dayMs = 24 * 3_600_000;
/** For so long whoever had an account in hands is taken to be able to act by it. */
const inHandsMs = 7 * dayMs;
const page = 500;

/** By these an administrator makes an account, or comes into one: the link that sets a password goes through their hands. */
const handling: ReadonlySet<Deed> = new Set(['account-created', 'account-invited', 'account-changed', 'second-factor-reset']);

/**
 * Whether two accounts may be one person: in the last seven days one has made, opened or promoted the other, by the record of the desk. An
 * administrator could else agree with themselves by an account that they make for it.
 */
export async function mayBeOnePerson(audit: Pick<Audit, 'before'>, accounts: readonly [string, string], now: number): Promise<boolean> {
  for (let before: number | undefined; ; ) {
    const lines = await audit.before(before, page);
    const recent = lines.filter(({ at }) => at > now - inHandsMs);
    if (recent.some((line) => isHandling(line, accounts))) return true;
    const oldest = lines.at(-1);
    if (!oldest || oldest.position === 1 || recent.length < lines.length) return false;
    before = oldest.position;
  }
}

function isHandling({ by, did, what, why = '' }: AuditRecord, [one, other]: readonly [string, string]): boolean {
  const isBetween = (by === one && what === `account:${other}`) || (by === other && what === `account:${one}`);
  if (!isBetween || !handling.has(did)) return false;
  // A name that was put right opens nothing.
  return did !== 'account-changed' || /\b(role|active)\b/.test(why);
}
