import { filingTypeLabels } from '../../../dialogs/intake/wording.ts';
import { filingTypes } from '../../../knowledge/filing/filing-case.ts';
import type { FilerKind } from '../../../knowledge/filing/kinds.ts';
import { apply } from '../../support/applicant.ts';
import { Customer } from '../../support/customer.ts';
import { filers, wishes } from '../../support/filers.ts';
import { Wanderer } from '../../support/wanderer.ts';
import { table } from './report.ts';

const kinds: FilerKind[] = ['individual', 'individual-business', 'enterprise', 'public-institution'];

/** How many questions each kind of case asks before it is opened, consents and the summary not counted. */
export function formLengths(): string {
  const rows = filingTypes.map((type) => [
    filingTypeLabels[type],
    ...kinds.map((kind) => String(apply(new Customer(), wishes[type], filers[kind]).asked.length)),
  ]);
  return table(['questions asked before a case is opened', ...kinds], rows);
}

/** Fills in forms at random, each walk checked after every turn; throws at the first that goes wrong, with what was said. */
export function walkForms(walks: number): string {
  for (let seed = 1; seed <= walks; seed += 1) new Wanderer(seed).walk();
  return `${walks} forms filled in at random: all end in a case, nothing lost, nothing asked twice, no certificate number shown.`;
}
