import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

const longest = 2000;
const tallestPx = 132;

export interface ComposerProps {
  send: (text: string) => void;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** Where the visitor types. Enter sends, except while an input method is still composing characters. */
export function Composer({ send, field }: ComposerProps) {
  const [text, setText] = useState('');
  const trimmed = text.trim();
  const tooMany = trimmed.length - longest;

  useLayoutEffect(() => {
    if (!field.current) return;
    field.current.style.height = 'auto';
    field.current.style.height = `${Math.min(field.current.scrollHeight + 2, tallestPx)}px`;
  }, [text, field]);

  const submit = () => {
    field.current?.focus();
    if (trimmed === '' || tooMany > 0) return;
    send(trimmed);
    setText('');
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {tooMany > 0 && (
        <p class="limit" role="status">
          多了{tooMany}个字：一条最多{longest}字，可以分几条发送。
        </p>
      )}
      <textarea
        ref={field}
        rows={1}
        value={text}
        placeholder="请输入问题"
        aria-label="请输入问题"
        enterkeyhint="send"
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
          event.preventDefault();
          submit();
        }}
      />
      <button type="submit" disabled={trimmed === '' || tooMany > 0} aria-label="发送">
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path fill="currentColor" d="M3 20.5l18-8.5L3 3.5v6.6l11 1.9-11 1.9z" />
        </svg>
      </button>
    </form>
  );
}

/** Safari ends the composition before it reports the key that ended it, and marks that key only by its old code. */
export function isComposing({ isComposing: composing, keyCode }: KeyboardEvent): boolean {
  return composing || keyCode === 229;
}
