import type { Cases } from '../cases/cases.ts';
import type { Audit } from '../desk/audit.ts';
import type { Deed } from '../desk/desk-api.ts';

/**
 * Within which time, and by whom if that is known: an account that somebody else had in hands, say. Milliseconds since 1970; `to` is not
 * within. `isBy` knows the names that the records have for them.
 */
export interface Breach {
  from: number;
  to: number;
  isBy?: (name: string) => boolean;
}

/** Something of a customer's, and what was done with it meanwhile. */
export interface Affected {
  /** `case:NUMBER`, `conversation:ID`; or `cases: …`, a sheet of all that fitted these words. */
  what: string;
  by: string[];
  did: string[];
  times: number;
  first: number;
  last: number;
}

const page = 500;
/** Of many cases at once. Those of a full export each have it on their own record, too, as long as there is one. */
const sheets: ReadonlySet<Deed> = new Set(['cases-exported', 'full-export-fetched']);
const ofCustomers = /^(case|cases|conversation):/;

/**
 * Whose data somebody had before them within a time, by the record of the desk and those of the cases: for the notice to those affected
 * (个人信息保护法, article 57). What was only seen in a list is not on record.
 */
export async function affectedBy({ audit, cases }: { audit: Audit; cases: Cases }, breach: Breach): Promise<Affected[]> {
  const found = new Map<string, Affected>();
  const isWithin = ({ at, by }: { at: number; by: string }) => at >= breach.from && at < breach.to && (breach.isBy?.(by) ?? true);
  const note = (what: string, { at, by, did }: { at: number; by: string; did: string }) => {
    const { first = at, last = at, times = 0, ...before } = found.get(what) ?? { by: [], did: [] };
    found.set(what, {
      what,
      by: [...new Set([...before.by, by])].sort(),
      did: [...new Set([...before.did, did])].sort(),
      times: times + 1,
      first: Math.min(first, at),
      last: Math.max(last, at),
    });
  };
  for (let before: number | undefined; ; ) {
    const lines = await audit.before(before, page);
    for (const line of lines) {
      const what = sheets.has(line.did) ? `cases: ${line.why ?? ''}` : (line.what ?? '');
      if (isWithin(line) && ofCustomers.test(what)) note(what, line);
    }
    const oldest = lines.at(-1);
    if (!oldest || oldest.position === 1 || oldest.at < breach.from) break;
    before = oldest.position;
  }
  for (const number of await cases.numbers()) {
    for (const entry of await cases.audit(number)) if (isWithin(entry)) note(`case:${number}`, entry);
  }
  return [...found.values()].sort((a, b) => a.first - b.first);
}
