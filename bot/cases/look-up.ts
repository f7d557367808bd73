import type { Found, Lookup } from '../../dialogs/lookup.ts';
import type { Cases } from './cases.ts';

export type LookUp = (lookup: Lookup, conversation: string, tryKey: string) => Promise<Found>;

/** Finds out for a turn what it asks for. `tryKey` names the turn's question, in every run of the turn. */
export function lookUpIn(cases: Cases): LookUp {
  return async (lookup, conversation, tryKey) => {
    switch (lookup.kind) {
      case 'reserveNumber':
        return { kind: 'number', number: await cases.reserve(conversation, lookup.draft, lookup.day) };
      case 'readCase': {
        const found = await cases.findHeld(lookup.number, conversation);
        return found ? { kind: 'case', case: found } : { kind: 'nothing' };
      }
      case 'proveCase':
        return cases.prove(lookup.number, lookup.proof, tryKey);
    }
  };
}
