import type { HandoffReason } from './handoff-request.ts';
import { personLabel } from './handoff-wording.ts';
import { choice } from './intake/act.ts';
import type { Choice } from './reply.ts';
import type { Turn } from './turn.ts';

/** A person, where the bot cannot go on by itself and the agency has people at a desk. */
export function offerPerson(reason: HandoffReason, { agency, session }: Turn): Choice[] {
  return agency.desk && !session.handoff ? [choice(personLabel, { do: 'person', reason })] : [];
}

/** Topics with which customers are helped best by a person: prices and promises, and cases that somebody has to look into. */
export const topicsForPeople: ReadonlySet<string> = new Set([
  'agency-fee',
  'agency-cannot-guarantee',
  'agency-human',
  'duplicate-subject-numbers',
  'shell-subject',
  'shell-site',
  'domain-bought-with-filing',
  'fake-info-penalty',
]);

/** A person after an answer to one of them. */
export function offerPersonAfter(topic: string, turn: Turn): Choice[] {
  return topicsForPeople.has(topic) ? offerPerson('needs-person', turn) : [];
}
