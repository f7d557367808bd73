import type { HandoffReason } from './handoff-request.ts';
import { personLabel } from './handoff-wording.ts';
import { choice } from './intake/act.ts';
import type { Choice } from './reply.ts';
import type { Turn } from './turn.ts';

/** A person, where the bot cannot go on by itself and the agency has people at a desk. */
export function offerPerson(reason: HandoffReason, { agency, session }: Turn): Choice[] {
  return agency.desk && !session.handoff ? [choice(personLabel, { do: 'person', reason })] : [];
}
