import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Desk } from './desk.ts';
import type { Talk } from './talk.ts';

/** What stands in front of everything else and has to be answered first. */
export type Question =
  | { kind: 'transfer'; talk: Talk }
  | { kind: 'complete'; talk: Talk }
  | { kind: 'take-over'; talk: Talk; from: { id: string; name: string } }
  | { kind: 'begin'; talk: Talk }
  | { kind: 'item'; talk: Talk; field: string; label: string; value: string }
  | { kind: 'picture'; address: string; name: string }
  | { kind: 'replies' }
  | { kind: 'devices' }
  | { kind: 'password' }
  | { kind: 'second-factor' }
  | { kind: 'keys' };

export interface DeskContext {
  desk: Desk;
  ask(question: Question): void;
}

const none: DeskContext | undefined = undefined;
export const deskContext = createContext<DeskContext | undefined>(none);

export function useDesk(): DeskContext {
  const context = useContext(deskContext);
  if (!context) throw new Error('Parts of the desk stand inside of the desk.');
  return context;
}

const ticks = new Set<() => void>();
setInterval(() => {
  for (const tick of ticks) tick();
}, 1000);

/** The server's time, second by second: all that count do so in the same moment. */
export function useNow(): number {
  const { desk } = useDesk();
  const [now, setNow] = useState(desk.now);
  useEffect(() => {
    const tick = () => setNow(desk.now);
    ticks.add(tick);
    return () => {
      ticks.delete(tick);
    };
  }, [desk]);
  return now;
}

/** The id of the field in which a conversation is answered. */
export function fieldOf({ id }: Talk): string {
  return `reply:${id}`;
}

/** On a touch screen, focus in a field would bring up a keyboard over half of the conversation. */
export function hasKeyboard(): boolean {
  return matchMedia('(hover: hover) and (pointer: fine)').matches;
}
