import type { Entry } from '../../desk/desk-api.ts';

/** A message of the agent's own that the transcript may not have yet. */
export interface Outgoing {
  /** The same however often it is sent: the server keeps it once. */
  id: string;
  text: string;
  /** Where the transcript ended when it was written. */
  after: number;
  state: 'waiting' | 'sending' | 'failed';
  /** Why it failed, in Chinese. */
  reason?: string;
  /** Where the server has put it. */
  position?: number;
}

/** Both together in order, each position once. Gives `known` itself when nothing is new, so that nothing is drawn again. */
export function withEntries(known: readonly Entry[], added: readonly Entry[]): readonly Entry[] {
  const positions = new Set(known.map(({ position }) => position));
  const fresh = added.filter(({ position }) => !positions.has(position) && positions.add(position));
  return fresh.length === 0 ? known : [...known, ...fresh].sort((a, b) => a.position - b.position);
}

/**
 * What is shown below the transcript: the messages that it does not have. The stream is often faster than the answer to the sending,
 * which alone tells the position; until then the first entry with the same words, behind the place where it was written, is taken for it.
 */
export function notYetIn(entries: readonly Entry[], outgoing: readonly Outgoing[]): Outgoing[] {
  const taken = new Set<number>();
  return outgoing.filter(({ text, after, position }) => {
    const entry = entries.find((each) =>
      position === undefined
        ? each.from === 'agent' && each.position > after && each.text === text && !taken.has(each.position)
        : each.position === position,
    );
    if (entry) taken.add(entry.position);
    return entry === undefined;
  });
}

/** How many messages of the customer nobody has seen: those after what this page has shown, and after the last answer of an agent. */
export function unreadIn(entries: readonly Entry[], seen: number): number {
  const answered = entries.findLast(({ from }) => from === 'agent')?.position ?? 0;
  return entries.filter(({ from, position }) => from === 'customer' && position > Math.max(seen, answered)).length;
}
