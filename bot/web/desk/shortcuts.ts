import { useEffect } from 'preact/hooks';
import { isComposing } from '../shared/input.ts';
import { fieldOf, type Question } from './context.ts';
import type { Desk } from './desk.ts';

type Ask = (question: Question) => void;

export interface Shortcut {
  /** Alone outside of fields, with Alt everywhere. */
  code: string;
  shown: string;
  does: string;
  act: (desk: Desk, ask: Ask) => void;
}

export const shortcuts: readonly Shortcut[] = [
  { code: 'KeyN', shown: 'N', does: '接下一位', act: (desk) => void desk.takeNext() },
  {
    code: 'KeyR',
    shown: 'R',
    does: '写回复',
    act: ({ activeTalk }) => activeTalk && document.getElementById(fieldOf(activeTalk))?.focus(),
  },
  { code: 'KeyJ', shown: 'J', does: '下一个会话', act: (desk) => step(desk, 1) },
  { code: 'KeyK', shown: 'K', does: '上一个会话', act: (desk) => step(desk, -1) },
  { code: 'KeyT', shown: 'T', does: '转接', act: (desk, ask) => withOwn(desk, (talk) => ask({ kind: 'transfer', talk })) },
  { code: 'KeyE', shown: 'E', does: '结束会话', act: (desk, ask) => withOwn(desk, (talk) => ask({ kind: 'complete', talk })) },
  { code: 'KeyB', shown: 'B', does: '写内部备注', act: () => focusOn('.notes textarea') },
  { code: 'KeyQ', shown: 'Q', does: '到等待接入', act: () => focusOn('.waiting button, .next') },
  { code: 'Slash', shown: '?', does: '键盘快捷键', act: (_, ask) => ask({ kind: 'keys' }) },
];

/** Keys that belong to the place where they are pressed, for the list of all. */
export const keysInPlace: readonly (readonly [shown: string, does: string])[] = [
  ['1～9', '切换到第几个会话'],
  ['Enter', '发送'],
  ['Shift + Enter', '换行'],
  ['/ 或 Ctrl + K', '找快捷回复'],
  ['Esc', '离开输入框、关闭对话框'],
];

/** Nothing happens behind a question: `asked` says that there is one. */
export function useShortcuts(desk: Desk, ask: Ask, asked: boolean): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (asked || event.ctrlKey || event.metaKey || isComposing(event) || event.repeat) return;
      if (event.key === 'Escape' && isField(event.target) && !event.defaultPrevented) return event.target.blur();
      // Single keys are for those who do not type with their voice: they can be switched off, and Alt works everywhere.
      if (!event.altKey && (isField(event.target) || !desk.preferences.singleKeys)) return;
      if (event.code === 'Slash' && !event.altKey && event.key !== '?') return;
      const [, digit] = /^Digit([1-9])$/.exec(event.code) ?? [];
      const found = shortcuts.find(({ code }) => code === event.code);
      if (!digit && !found) return;
      event.preventDefault();
      if (digit) showNth(desk, Number(digit) - 1);
      found?.act(desk, ask);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [desk, ask, asked]);
}

function isField(target: EventTarget | null): target is HTMLElement {
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox], [type=radio]), textarea, select');
}

function focusOn(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}

function showNth(desk: Desk, at: number, looking = false): void {
  const conversation = desk.open[at];
  if (conversation !== undefined) desk.show(conversation, looking);
}

function step(desk: Desk, by: number): void {
  const { open, front } = desk;
  const at = open.indexOf(front ?? '') + by;
  showNth(desk, (at + open.length) % open.length, true);
}

function withOwn(desk: Desk, act: (talk: NonNullable<Desk['activeTalk']>) => void): void {
  const talk = desk.activeTalk;
  if (talk?.mine) act(talk);
}
