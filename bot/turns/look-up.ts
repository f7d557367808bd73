import type { Found, Lookup } from '../../dialogs/lookup.ts';
import type { Cases } from '../cases/cases.ts';

export type LookUp = (lookup: Lookup, conversation: string, tryKey: string) => Promise<Found>;

/** How the desk stands for a conversation that is to go there. */
export type DeskStatus = (conversation: string) => Promise<Omit<Extract<Found, { kind: 'desk' }>, 'kind'>>;

/** Finds out for a turn what it asks for. `tryKey` names the turn's question, in every run of the turn. */
export function lookUpIn(cases: Cases, desk?: DeskStatus): LookUp {
  return async (lookup, conversation, tryKey) => {
    switch (lookup.kind) {
      case 'reserveNumber':
        return { kind: 'number', number: await cases.reserve(conversation, lookup.draft, lookup.day) };
      case 'readDesk':
        if (!desk) throw new Error('A turn asks for the desk of an agency that has none.');
        return { kind: 'desk', ...(await desk(conversation)) };
      case 'readCase': {
        const found = await cases.findHeld(lookup.number, conversation);
        return found ? { kind: 'case', case: found } : { kind: 'nothing' };
      }
      case 'proveCase':
        return cases.prove(lookup.number, lookup.proof, tryKey);
    }
  };
}
