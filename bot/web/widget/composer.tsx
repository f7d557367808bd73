import { useRef, useState } from 'preact/hooks';

const longest = 1000;

/** Where the visitor types. Enter sends, except while an input method is still composing characters. */
export function Composer({ send }: { send: (text: string) => void }) {
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const trimmed = text.trim();

  const submit = () => {
    if (trimmed === '') return;
    send(trimmed);
    setText('');
    if (field.current) field.current.style.height = '';
    field.current?.focus();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        value={text}
        maxLength={longest}
        placeholder="请输入您的问题"
        aria-label="请输入您的问题"
        enterkeyhint="send"
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          currentTarget.style.height = 'auto';
          currentTarget.style.height = `${Math.min(currentTarget.scrollHeight, 120)}px`;
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          submit();
        }}
      />
      {text.length >= longest && (
        <p class="limit" role="status">
          最多{longest}字，可以分几条发送。
        </p>
      )}
      <button type="submit" disabled={trimmed === ''} aria-label="发送">
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path fill="currentColor" d="M3 20.5l18-8.5L3 3.5v6.6l11 1.9-11 1.9z" />
        </svg>
      </button>
    </form>
  );
}
