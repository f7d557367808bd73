import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';

export interface DialogProps {
  title: string;
  close: () => void;
  size?: 'usual' | 'wide' | 'photo';
  children: ComponentChildren;
}

/** Stands in front of the page until it is answered; Escape leaves it. The focus goes back to where it was. */
export function Dialog({ title, close, size = 'usual', children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const name = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // What is to be filled in or answered, rather than the way out, which would else be the first.
    shown?.querySelector<HTMLElement>('form :is(input, select, textarea), .primary')?.focus();
    return () => shown?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key for it is Escape
    <dialog
      ref={dialog}
      class={`dialog ${size}`}
      aria-labelledby={name}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={({ target }) => target === dialog.current && close()}
    >
      <div class="dialog-body">
        <header>
          <h2 id={name}>{title}</h2>
          <button type="button" class="plain" aria-label="关闭" onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** What went wrong, where it is looked for. */
export function Problem({ children }: { children: string }) {
  return (
    <p class="problem" role="alert">
      {children}
    </p>
  );
}

export interface ActionsProps {
  close: () => void;
  busy: boolean;
  word: string;
  disabled?: boolean;
  children?: ComponentChildren;
}

/** The end of a dialog: do it, or do not. */
export function Actions({ close, busy, word, disabled = false, children }: ActionsProps) {
  return (
    <div class="actions">
      {children}
      <button type="button" onClick={close}>
        取消
      </button>
      <button type="submit" class="primary" disabled={busy || disabled}>
        {word}
      </button>
    </div>
  );
}
