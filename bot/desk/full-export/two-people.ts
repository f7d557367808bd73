import type { Audit, AuditRecord } from '../audit.ts';
import type { Deed } from '../desk-api.ts';

const dayMs = 24 * 3_600_000;
/** For so long whoever had an account in hands is taken to be able to act by it. */
const inHandsMs = 7 * dayMs;
const page = 500;

/** By these an administrator makes an account, or comes into one: the link that sets a password goes through their hands. */
const handling: ReadonlySet<Deed> = new Set(['account-created', 'account-invited', 'account-changed', 'second-factor-reset']);

/**
 * Whether two accounts may be one person: in the last seven days one has made, opened or promoted the other, or a third has done so with both,
 * by the record of the desk. An administrator could else agree with themselves by accounts that they make for it. Who has the machine can do
 * anything, and does not count.
 */
export async function mayBeOnePerson(audit: Pick<Audit, 'before'>, [one, other]: readonly [string, string], now: number): Promise<boolean> {
  const hands = new Map<string, string[]>();
  const join = (from: string, to: string) => hands.set(from, [...(hands.get(from) ?? []), to]);
  for await (const { by, what = '' } of handled(audit, now - inHandsMs)) {
    const account = what.replace(/^account:/, '');
    join(by, account);
    join(account, by);
  }
  const reached = new Set([one]);
  for (const each of reached) for (const next of hands.get(each) ?? []) reached.add(next);
  return reached.has(other);
}

/** What was done with accounts since a moment, newest first. */
async function* handled(audit: Pick<Audit, 'before'>, since: number): AsyncGenerator<AuditRecord> {
  for (let before: number | undefined; ; ) {
    const lines = await audit.before(before, page);
    for (const line of lines) {
      if (line.at <= since) return;
      if (isHandling(line)) yield line;
    }
    const oldest = lines.at(-1);
    if (!oldest || oldest.position === 1) return;
    before = oldest.position;
  }
}

function isHandling({ by, did, why = '' }: AuditRecord): boolean {
  if (by === 'command' || !handling.has(did)) return false;
  // A name that was put right opens nothing.
  return did !== 'account-changed' || /\b(role|active)\b/.test(why);
}
