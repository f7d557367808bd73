import { decode, encode } from '../conversations/conversation.ts';
import { type Check, type Operation, partitionOf, type Store } from '../store/store.ts';
import { handoffNames } from './handoff.ts';

/**
 * That another desk has what was said in a conversation: noted before the first word goes there, so that no crash in between loses it. When
 * the conversation is erased, this outlives it, without anything of the person, until the other desk was told to erase its part.
 */
export type Shared =
  | { state: 'shared' }
  /** `at`: of the erasure; `attempts`: to tell of it, in vain. */
  | { state: 'erased'; at: number; attempts: number };

export interface KeptShared {
  shared: Shared | undefined;
  /** Of its record; 0: there is none. */
  version: number;
}

/** How long the other desk is asked to erase: as long as who asks for it may have to wait (GB/T 35273-2020, 8.7: 30 days). */
export const askedForMs = 30 * 24 * 3_600_000;

export async function findShared(store: Store, conversation: string): Promise<KeptShared> {
  const record = await store.get(partitionOf(conversation), handoffNames.shared(conversation));
  return record ? { shared: decode<Shared>(record.value), version: record.version } : { shared: undefined, version: 0 };
}

/** That it is still as it was found. */
export function stillShared(conversation: string, { version }: KeptShared): Check {
  return { record: handoffNames.shared(conversation), version };
}

/** Belongs to every step that erases what was said, with `stillShared`: what is shared at that very moment fails the check. */
export function leaveErasure(conversation: string, { shared }: KeptShared, at: number): Operation[] {
  return shared?.state === 'shared' ? putErased(conversation, { state: 'erased', at, attempts: 0 }, at) : [];
}

/** `dueAt`: when the other desk is to be told next. */
export function putErased(conversation: string, erased: Shared & { state: 'erased' }, dueAt: number): Operation[] {
  return [
    { do: 'put', record: handoffNames.shared(conversation), value: encode(erased) },
    { do: 'rank', index: handoffNames.erasures, member: conversation, score: dueAt },
  ];
}

export function forgetShared(conversation: string): Operation[] {
  return [
    { do: 'remove', record: handoffNames.shared(conversation) },
    { do: 'unrank', index: handoffNames.erasures, member: conversation },
  ];
}
